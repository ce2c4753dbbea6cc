"""What `samplers.py` says of measured rows: the verdict, and rows of other options."""

import importlib
from argparse import Namespace
from pathlib import Path

import pytest

GRID = {"grid": [(200.0, 1.0)]}
OURS = {"TPE + hyperband 256": [(10.0, 1.001), (11.0, 1.002), (12.0, 1.003)]}
PLAIN = {"plain Optuna TPE + hyperband 256, 1 thread": [(120.0, 1.0)]}
SLOW = {"plain Optuna TPE + hyperband 256, all threads": [(100.0, 1.0)]}
POOR = {"TPE + hyperband 256": [(10.0, 1.006)]}


@pytest.fixture
def samplers(monkeypatch):
    """The script, which imports what lies beside it."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    return importlib.import_module("samplers")


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (GRID | OURS | PLAIN, "met"),
        (GRID | OURS | PLAIN | SLOW, "missed"),
        (GRID | POOR | PLAIN, "missed"),
        (GRID | POOR, "missed"),
        (OURS | SLOW, "missed"),
        (OURS | PLAIN, "not judged"),
        (GRID | OURS, "not judged"),
        (GRID | PLAIN, "not judged"),
    ],
)
def test_only_rows_that_can_be_compared_are_judged(samplers, results, expected):
    assert samplers.verdict(samplers.rows(results, 256), 256) == expected


def test_rows_of_other_options_are_refused(samplers, tmp_path):
    args = Namespace(
        results=tmp_path / "r.json", program="hpsoft", data="digits", seeds=1, plain_seeds=1, trials=9
    )  # fmt: skip
    assert samplers.kept(args) == {}
    samplers.keep(args, {"grid": [[1.0, 2.0]]})
    assert samplers.kept(args) == {"grid": [[1.0, 2.0]]}
    for other in ({"data": "iris"}, {"seeds": 2}, {"plain_seeds": 2}, {"program": "x"}):
        with pytest.raises(SystemExit, match="other options"):
            samplers.kept(Namespace(**vars(args) | other))
