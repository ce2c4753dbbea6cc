"""Tables with text, gaps and lonely classes, from the command line to the model's file."""

import json
from pathlib import Path

import numpy as np
import pytest
from small_table import KINDS, NAMES, ROWS, N, table

from hpsoft.data.encoding.table import Coded, Field, Table
from hpsoft.data.tables.columns import Kind
from hpsoft.model.files import load

SMALL = ("--set", "epochs=1,2", "--set", "batch_size=16", "--set", "learning_rate=0.1",
         "--set", "alpha=0.01", "--jobs", "1")  # fmt: skip
COLORS = [("red", "green", "NA")[i % 3] for i in range(N)]


@pytest.fixture
def birds(folder):
    """A table with text, a gap, a constant column, and a class of one sample."""
    rows = [[c, *row[:3], 7] for c, row in zip(COLORS, ROWS, strict=True)]
    rows[5][2] = ""
    text = table(header=["color", *NAMES, "kind"], rows=rows, labels=["dodo", *KINDS[1:]])
    (folder / "t.csv").write_text(text)
    return ("--data", "t.csv", "--target", "kind")


def test_gaps_are_refused_first(run, birds, folder):
    """With exit code 2, all columns, and nothing written."""
    err = run("search", *birds, *SMALL, code=2).stderr
    assert "21 values are missing in 2 columns of t.csv, in 20 of 60 rows" in err
    assert "--missing median" in err
    assert "'color' 20" in err
    assert [path.name for path in folder.iterdir()] == ["t.csv"]


@pytest.mark.parametrize("cv", [("--cv", "3"), ("--cv", "none")])
def test_from_search_to_the_model(run, run_json, birds, cv):
    """The study keeps the options, and the model how columns become features."""
    run("search", *birds, *SMALL, *cv, "--missing", "mean", "--study", "s")
    run("confirm", "--study", "s", "--top", "1", "--quiet")
    document = run_json("final", "--study", "s", "--model-out", "m.npz")
    assert "gentoo" in document["test"]["classes"]
    model = load(Path("m.npz"))
    assert model.features == (
        "color=green", "color=red", "color=(missing)", "length", "width", "depth",
    )  # fmt: skip
    fields = [Field("color", Kind.TEXT), *map(Field, NAMES)]
    raw = Table(np.array([[1, np.nan, 3, 9.0]]), (Coded.from_texts(["pink"]),), tuple(fields))
    assert model.encoding is not None
    X = np.asarray(model.encoding.apply(raw))
    assert X[0, :3].tolist() == [0, 0, 0]
    assert np.isfinite(model.logits(X)).all()


def test_the_same_search_and_another(run, run_json, birds):
    """Other options that change the samples are another search, and told."""
    run("search", *birds, *SMALL, "--missing", "mean", "--study", "s", "--quiet")
    again = run_json("search", *birds, *SMALL, "--missing", "mean", "--study", "s")
    assert again["certificate"]["complete"]
    assert again["certificate"]["missing_values"] == "mean"
    err = run("search", *birds, *SMALL, "--missing", "drop-rows", "--study", "s", code=2).stderr
    assert "--missing mean there, drop-rows here" in err


def test_what_is_offered_next_repeats_the_options(run, birds):
    """Copied, it reads the data alike: what grows takes them from its study."""
    options = (*birds, *SMALL, "--missing", "mean", "--categories", "drop")
    (offered,) = (
        line for line in run("search", *options).output.splitlines() if line.endswith("--extend")
    )
    run(*offered.split()[1:])
    sampled = run("search", *options, "--sampler", "random", "--trials", "4").output
    assert "--missing mean --categories drop" in sampled.partition("To look there:")[2]


def test_info_shows_what_becomes_of_each_column(run, run_json, birds):
    """As text and as JSON, in the order of the table."""
    shown = run("data", "info", "t.csv", *birds[2:], "--missing", "median").stdout
    assert "color" in shown
    assert "3 features of 0 and 1: green, red, (missing)" in shown
    document = run_json("data", "info", "t.csv", *birds[2:], "--missing", "median")
    columns = {column["name"]: column for column in document["columns"]}
    assert list(columns) == ["color", *NAMES, "kind"]
    assert columns["color"]["features"] == ["color=green", "color=red", "color=(missing)"]
    assert columns["kind"]["taken_for"] == "labels"
    assert columns["mass"]["taken_for"] == "left out"
    assert columns["length"]["becomes"].startswith("as it is, ")


def test_a_wide_table_is_not_listed(run, folder):
    """Its numbers are counted."""
    rows = [[i * (j + 1) % 53 / 7 for j in range(50)] for i in range(N)]
    header = [*(f"f{j}" for j in range(50)), "kind"]
    (folder / "w.csv").write_text(table(header=header, rows=rows))
    out = run("data", "info", "w.csv").stdout
    assert "f7 " not in out
    assert "and 50 columns of numbers, as they are. --json has all." in out


def test_warnings_are_drawn_as_such(run, folder):
    """A column that copies the labels."""
    rows = [[*row[:3], len(kind) + ord(kind[0])] for row, kind in zip(ROWS, KINDS, strict=True)]
    (folder / "t.csv").write_text(table(rows=rows))
    err = run("data", "info", "t.csv").stderr
    assert "Warning: column 'mass' tells the label by itself" in err


def test_show_takes_the_same_options(run, birds):
    """As `search` does."""
    run("optimizers", "show", "sgd", *birds, "--missing", "median", "--drop", "color")
    err = run("optimizers", "show", "sgd", *birds, "--categories", "no", code=2).stderr
    assert "--categories" in err


def test_a_last_column_by_its_negative_position(run_json, folder):
    """`--target -1`."""
    (folder / "t.csv").write_text(table())
    assert run_json("data", "info", "t.csv", "--target", "-1")["labels"]["column"] == "kind"


def test_a_model_that_knows_no_features(run, folder):
    """Models of older releases, and of arrays."""
    np.savez(folder / "a.npz", X=np.array(ROWS), y=np.array(KINDS))
    run("search", "--data", "a.npz", *SMALL, "--study", "s", "--quiet")
    run("final", "--study", "s", "--model-out", "m.npz", "--quiet")
    with np.load("m.npz") as file:
        arrays = dict(file)
    metadata = json.loads(str(arrays["metadata"]))
    assert metadata["features"] is None
    assert metadata["encoding"] is None
    old = {name: v for name, v in metadata.items() if name not in {"features", "encoding"}}
    np.savez("old.npz", **{**arrays, "metadata": np.array(json.dumps(old))})
    for name in ("m.npz", "old.npz"):
        model = load(folder / name)
        assert (model.features, model.encoding) == (None, None)
    wrong = {**metadata, "features": ["a"]}
    np.savez("wrong.npz", **{**arrays, "metadata": np.array(json.dumps(wrong))})
    with pytest.raises(Exception, match="names 1 features and has weights of 4"):
        load(folder / "wrong.npz")
