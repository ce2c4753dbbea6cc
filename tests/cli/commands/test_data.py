"""`hpsoft data info` and `hpsoft search` say what they take a table for."""

import json

import numpy as np
import pytest
from small_table import NAMES, N, table

SMALL = ("--set", "epochs=1,2", "--set", "batch_size=16", "--set", "learning_rate=0.1",
         "--set", "alpha=0.01", "--study", "s")  # fmt: skip


@pytest.fixture
def numbered(folder):
    """A table with row numbers in front."""
    (folder / "t.csv").write_text(table(first=range(N), first_name=""))
    return "t.csv"


def test_labels_come_first(run, numbered):
    """Before anything else is printed, on standard error."""
    for args in (("data", "info", numbered), ("search", "--data", numbered, *SMALL)):
        first, second, *_ = run(*args).stderr.splitlines()
        assert first == "Labels: column 'kind', the only one of text."
        assert second.startswith("Note: Column 'Unnamed: 0' is left out: it counts the rows, 0 to")
        assert second.endswith("--keep 'Unnamed: 0' takes it as a feature.")


def test_what_was_decided_as_json(run_json, numbered):
    """The document holds it, and nothing else is on standard output."""
    document = run_json("data", "info", numbered)
    assert document["labels"] == {"column": "kind", "why": "the only one of text"}
    (left_out,) = document["left_out"]
    assert left_out["name"] == "Unnamed: 0"
    assert len(document["notes"]) == 2
    named = run_json("data", "info", numbered, "--target", "kind")
    assert named["labels"] == {"column": "kind", "why": "--target"}


def test_quiet_searches_say_nothing(run, numbered):
    """As before."""
    assert run("search", "--data", numbered, *SMALL, "--quiet").output == ""


@pytest.mark.parametrize(
    ("options", "n_features"),
    [
        ((), 4),
        (("--keep", "Unnamed: 0"), 5),
        (("--keep", "0", "--drop", "mass", "--drop", "1"), 3),
    ],
)
def test_keep_and_drop_reach_the_final_model(run, run_json, numbered, options, n_features):
    """Repeatable, by name and position, and remembered by the study."""
    assert run_json("data", "info", numbered, *options)["n_features"] == n_features
    run("search", "--data", numbered, *SMALL, *options)
    run("final", "--study", "s", "--model-out", "m.npz")
    assert np.load("m.npz")["weights"].shape[0] == n_features


def test_a_column_that_is_not_there(run, numbered):
    """Usage, with a guess."""
    err = run("search", "--data", numbered, "--drop", "widht", code=2).stderr
    assert "Did you mean 'width'?" in err
    assert "See --drop." in err


def test_a_measurement_is_refused(run, folder):
    """Before a search begins."""
    prices = [f"{i / 7:.2f}" for i in range(N)]
    (folder / "p.csv").write_text(table(header=[*NAMES, "price"], labels=prices))
    assert "--target" in run("search", "--data", "p.csv", code=2).stderr
    assert "continuous" in run("data", "info", "p.csv", "--target", "price", code=2).stderr


def test_a_validation_part(run, run_json, folder):
    """It is counted, told, and not to be divided by a fraction."""
    X, y = np.random.default_rng(0).normal(size=(60, 2)), np.arange(60) % 2
    parts = {"x_train": X[:30], "y_train": y[:30], "x_val": X[30:50], "y_val": y[30:50]}
    np.savez(folder / "v.npz", **parts, x_test=X[50:], y_test=y[50:])
    info = run("data", "info", "v.npz")
    assert "50 training (20 to choose by) and 10 test samples" in info.stdout
    assert "'x_val' and 'y_val' are the validation part" in info.stderr
    document = run_json("data", "info", "v.npz")
    assert (document["n_training"], document["n_validation"]) == (50, 20)
    args = ("search", "--data", "v.npz", *SMALL)
    assert (
        "--val-fraction has nothing to divide"
        in run(*args, "--val-fraction", "0.2", code=2).stderr
    )
    assert json.loads(run(*args, "--json").stdout)["certificate"]["val_fraction"] is None
