"""What is said of `--jobs`."""

import pytest

from hpsoft.cli.cores import note_on_jobs
from hpsoft.report.text.console import notes


@pytest.mark.parametrize(
    ("jobs", "allowed", "told"),
    [
        (2, 1, "Note: --jobs 2: this process may run on 1 core, so it uses 1.\n"),
        (64, 4, "Note: --jobs 64: this process may run on 4 cores, so it uses 4.\n"),
        (2, 2, ""),
        (None, 1, ""),
    ],
)
def test_fewer_cores_than_asked_for_are_told(monkeypatch, capsys, jobs, allowed, told):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(allowed)), raising=False)
    note_on_jobs(notes(), jobs)
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("command", ["search --data digits --study other --dry-run", "confirm --seeds 2", "optimum",
                                     "regret --sampler random --trials 2 --seeds 1"])  # fmt: skip
def test_every_command_with_that_option_says_it(run, study, command):
    told = run(*command.split(), "--jobs", 4096).stderr
    assert "Note: --jobs 4096: this process may run on" in told
