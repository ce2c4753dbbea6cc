"""Every command's tables in terminals of 60 to 200 columns."""

import pytest
from tables import WIDTHS, assert_fits, drawn

__all__ = ["drawn"]

COMMANDS = {
    "search": ("search", "--data", "digits", "--preset", "fashion-mnist-unit", "--study", "plan", "--dry-run"),
    "result": ("search", "--data", "digits", "--study", "x" * 60, "--set", "epochs=1", "--set", "batch_size=512"),
    "trials": ("trials",),
    "studies": ("studies",),
    "final": ("final",),
    "confirm": ("confirm", "--top", "3", "--seeds", "2", "--jobs", "1"),
    "optimum": ("optimum", "--top", "2", "--jobs", "1"),
    "regret": ("regret", "--sampler", "random", "--pruner", "none,hyperband", "--trials", "3", "--seeds", "2", "--jobs", "1"),
    "info": ("data", "info", "digits"),
    "data": ("data", "list"),
    "optimizers": ("optimizers",),
    "show": ("optimizers", "show", "sgd"),
    "check": ("optimizers", "check", "sgd"),
    "gradcheck": ("gradcheck", "--trials", "1"),
    "newton-demo": ("newton-demo",),
}  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_tables_fit_and_break_no_number(run, study, drawn, command):
    run(*command)
    assert drawn
    for columns, rows in list(drawn):
        for width in WIDTHS:
            assert_fits(columns, rows, width)


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("command", ["presets", "trials", "final", "data list"])
def test_what_a_terminal_would_show_fits(run, study, monkeypatch, command, width):
    """Not the tables alone."""
    monkeypatch.setenv("COLUMNS", str(width))
    shown = run(*command.split()).stdout.splitlines()
    tables = [line for line in shown if "  " in line.strip()]
    assert max(map(len, tables), default=0) <= width


def test_lines_of_text_are_as_wide_as_is_asked_for(run, study, monkeypatch):
    """Where COLUMNS says so, as tables are; else a line of a file is a line."""
    run("final", "--model-out", "m.npz", "-q")
    whole = run("model", "show", "m.npz").stdout
    assert max(map(len, whole.splitlines())) > 60
    monkeypatch.setenv("COLUMNS", "44")
    shown = run("model", "show", "m.npz").stdout
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 44
    assert "".join(shown.split()).startswith("".join(whole.partition("\n\n")[0].split()))
