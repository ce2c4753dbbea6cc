"""Samplers and pruners: waves, rungs, what is stored, and that results are those of the grid."""

import csv
import io
import json
import warnings

import pytest
from rich.console import Console
from sampled_search import SETTINGS, assert_among, by_point, found, run
from small_search import stream

from hpsoft.engine.schedule import Started
from hpsoft.report.search_result import certificate_line
from hpsoft.report.trials import draw_trials
from hpsoft.study.export import export
from hpsoft.study.study import find_study
from hpsoft.system.steps import ignore, to_the_end
from hpsoft.tuning.ask_tell import AskTell
from hpsoft.tuning.events import Wave
from hpsoft.tuning.run import open_search


@pytest.mark.parametrize("sampler", ["random", "tpe", "qmc", "nsgaii", "bruteforce", "auto"])
def test_every_sampler_finds_points_of_the_grid_once(small, grid, sampler):
    finished = run(small, sampler=sampler, trials=40, wave=8)
    records = found(small)
    assert len(records) == len(by_point(records)) == 40
    assert finished.n_run == 40
    assert not finished.certificate.complete
    assert finished.certificate.missing == 240 - 40
    assert_among(records, grid)


@pytest.mark.parametrize(
    ("pruner", "options"),
    [
        ("median", ()),
        ("percentile", ("percentile=50.0",)),
        ("halving", ("reduction_factor=2",)),
        ("hyperband", ("reduction_factor=2",)),
        ("patient", ("patience=1",)),
        ("threshold", ("upper=0.9",)),
        ("wilcoxon", ()),
    ],
)
def test_pruned_trials_keep_what_they_had_cost_and_cost_no_more(small, grid, pruner, options):
    finished = run(
        small, sampler="random", pruner=pruner, pruner_options=options, trials=100, wave=25
    )
    records = found(small)
    assert len(by_point(records)) == 100
    assert_among(records, grid)
    pruned = [record for record in records if record.pruned]
    assert finished.certificate.n_pruned == len(pruned)
    assert all(max(r.intermediate) < r.params["epochs"] for r in pruned)
    if pruner not in {"patient", "wilcoxon"}:  # which see no reason here, see test_brain
        assert pruned
    whole = sum(record.params["epochs"] for record in records)
    assert finished.flops <= whole * small.prepare(settings=SETTINGS).setting.flops_per_model_epoch


def test_the_threshold_decides_at_every_rung(small, grid):
    """A pruner whose decisions need no other trial: each can be checked by hand."""
    run(small, sampler="random", pruner="threshold", pruner_options=("upper=0.8",), trials=120)
    for record in found(small):
        whole = grid[record.grid_id]
        before = {h: c for h, c in whole.intermediate.items() if h < whole.params["epochs"]}
        too_high = [h for h, cost in sorted(before.items()) if cost > 0.8]
        assert record.pruned == bool(too_high)
        if too_high:
            assert max(record.intermediate) == too_high[0]


@pytest.mark.parametrize("pruner", ["median", "none"])
def test_same_seed_and_wave_give_the_same_trials_with_any_number_of_workers(small, pruner):
    runs = []
    for study, jobs in (("one", 1), ("two", 2)):
        run(
            small,
            study,
            sampler="tpe",
            pruner=pruner,
            trials=48,
            wave=12,
            cores=jobs,
            least_seconds=0,
        )
        runs.append(by_point(found(small, study)))
    one, two = runs
    assert one.keys() == two.keys()
    for grid_id, record in one.items():
        assert two[grid_id].pruned == record.pruned
        assert two[grid_id].intermediate == record.intermediate  # to the last bit


def test_another_seed_gives_other_trials(small):
    run(small, "a", sampler="random", trials=20)
    run(small, "b", sampler="random", trials=20, sampler_options=("seed=1",))
    assert by_point(found(small, "a")).keys() != by_point(found(small, "b")).keys()


def test_a_wave_is_as_large_as_asked_for(small):
    prepared = small.prepare(settings=SETTINGS, sampler="random", trials=25, wave=10)
    waves = [event.plan.n_trials for event in stream(prepared) if isinstance(event, Wave)]
    assert waves == [10, 10, 5]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sampler": "random"}, 100),
        ({"sampler": "tpe"}, 25),
        ({"sampler": "random", "pruner": "median"}, 25),
    ],
)
def test_a_wave_is_wide_where_nothing_is_learnt(small, changes, expected):
    prepared = small.prepare(settings=SETTINGS, trials=100, **changes)
    first = next(event for event in stream(prepared) if isinstance(event, Wave))
    assert first.plan.n_trials == expected


def test_a_sampler_can_empty_the_grid(small, grid):
    finished = run(small, sampler="bruteforce", trials=10_000, wave=64)
    assert finished.certificate.missing == 0
    assert (
        finished.leaderboard[0].params
        == min((r for r in grid.values() if r.value is not None), key=lambda r: r.value).params
    )


def test_no_time_no_trials(small):
    assert run(small, sampler="random", timeout=1e-9).n_run == 0


def test_a_grid_that_is_pruned_ends_every_point(small, grid):
    finished = run(small, pruner="median")
    proof = finished.certificate
    assert (proof.missing, proof.duplicates) == (0, 0)
    assert proof.n_pruned > 0
    assert not proof.complete
    assert_among(found(small), grid)


def test_the_list_of_studies_does_not_take_a_pruned_trial_for_the_best(small):
    run(small, sampler="random", pruner="threshold", pruner_options=("upper=0.7",), trials=60)
    summary = find_study(str(small.folder / "s.journal"), "s").summary
    assert summary.best_value == min(r.value for r in found(small) if r.value is not None)


def test_the_waves_of_a_pruned_grid_do_not_depend_on_the_cores(small):
    settings = ("epochs=1,2,4,8", "batch_size=16", "learning_rate=0.2,0.5,2,5,20",
                "alpha=0,0.001,0.01,0.1,1")  # fmt: skip
    for jobs in (1, 2):
        events = list(
            stream(
                small.prepare(
                    study=f"j{jobs}",
                    settings=settings,
                    pruner="median",
                    cores=jobs,
                    least_seconds=0,
                )
            )
        )
        assert events[0].n_workers == jobs
    one, two = (by_point(found(small, f"j{jobs}")) for jobs in (1, 2))
    assert sum(record.pruned for record in one.values()) > 0
    assert {i: (r.pruned, r.intermediate) for i, r in one.items()} == {
        i: (r.pruned, r.intermediate) for i, r in two.items()
    }


def timed(small, seconds, clock, show, **changes):
    """Search for so many seconds of a clock."""
    prepared = small.prepare(settings=SETTINGS, timeout=seconds, **changes)
    with open_search(prepared, clock) as search:
        return to_the_end(search.run(), show)


@pytest.mark.parametrize(
    "changes", [{}, {"sampler": "random", "trials": 200}, {"pruner": "median"}]
)
def test_no_task_begins_once_time_is_up(small, changes):
    """A clock that goes on by a second a task; the same command then ends the search."""
    tasks = []

    def note(event):
        if isinstance(event, Started):
            tasks.append(event)

    finished = timed(small, 3.0, lambda: float(len(tasks)), note, **changes)
    assert len(tasks) == 3
    assert finished.out_of_time
    assert not finished.certificate.exhausted
    n_wanted = changes.get("trials", 240)
    assert finished.n_run + run(small, **changes).n_run == n_wanted


def test_the_time_does_not_count_while_stored_waves_are_asked_again(small, monkeypatch):
    """A clock that goes on by a second a wave: five stored ones take longer than the limit."""
    run(small, sampler="random", trials=20, wave=4)
    waves = []
    ask = AskTell.ask
    monkeypatch.setattr(
        AskTell, "ask", lambda self, n, *how: waves.append(n) or ask(self, n, *how)
    )
    finished = timed(
        small, 2.0, lambda: float(len(waves)), ignore, sampler="random", trials=40, wave=4
    )
    assert waves.count(4) == 5 + 2 + 1  # the others are the rehearsal
    assert finished.n_run == 2 * 4
    assert finished.out_of_time


def test_a_model_whose_askers_have_ended_is_not_trained_on(small, monkeypatch):
    """The longer trial of a model is pruned at 1; the shorter one ends at 2, and so the model."""
    monkeypatch.setattr(
        AskTell, "report",
        lambda self, i, _cost, rung: rung == 1 and self._grid.params(i)["epochs"] == 8,
    )  # fmt: skip
    prepared = small.prepare(
        settings=("epochs=1,2,8", "batch_size=16", "learning_rate=0.1", "alpha=0"),
        sampler="random", pruner="median", trials=3, wave=3,
    )  # fmt: skip
    assert max(event.stop for event in stream(prepared) if isinstance(event, Started)) == 2


def test_a_complete_grid_is_no_less_so_by_a_sampler(small):
    proof = run(small, sampler="random", trials=240).certificate
    assert proof.complete
    assert certificate_line(proof) == "240/240 grid points, each with exactly one finished trial"


def test_nothing_is_warned_about(small):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(small, sampler="tpe", pruner="hyperband", trials=30)


def test_pruned_trials_are_shown_and_exported(small):
    run(small, sampler="random", pruner="threshold", pruner_options=("upper=0.7",), trials=60)
    pruned = {record.number for record in found(small) if record.pruned}
    assert pruned
    storage = str(small.folder / "s.journal")
    rows = list(csv.DictReader(io.StringIO(export(find_study(storage, "s"), "csv").decode())))
    assert {int(row["trial"]) for row in rows if row["pruned"]} == pruned
    document = json.loads(export(find_study(storage, "s"), "json"))
    assert {trial["trial"] for trial in document["trials"] if trial["pruned"]} == pruned
    console = Console(file=io.StringIO(), width=200)
    draw_trials(console, [record for record in found(small) if record.number in pruned])
    assert console.file.getvalue().count("pruned") == len(pruned)
