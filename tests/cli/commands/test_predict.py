"""`hpsoft predict`: what is printed, and written."""

import io
import json

import numpy as np
import pytest
from rich.console import Console
from trained_models import COLUMNS, PLAIN, make_model

from hpsoft.model.files import save


@pytest.fixture
def table(folder):
    """A model of a table, and a table with labels."""
    save(make_model(encoding=COLUMNS, classes=["ant", "[b]", "cat"]), folder / "m.npz")
    rows = [
        f"{i % 3},{['red', 'blue', 'no'][i % 3]},{i},{['ant', 'cat'][i % 2]}" for i in range(12)
    ]
    text = "\n".join(["size,colour,weight,label", *rows])
    (folder / "t.csv").write_text(text)
    return "t.csv"


def test_a_short_table_and_the_figures(run, table):
    result = run("predict", "m.npz", table)
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["row", "prediction", "probability", "label"]
    assert lines[1].split()[0] == "0"
    assert lines[11] == "... and 2 more rows; --out FILE writes all of them."
    assert "12 rows with labels, 'label'" in lines
    for text in ("cross-entropy, unregularised", "95 % interval", "Confusion matrix", "[b]"):
        assert text in result.stdout
    assert "Note: Column 'colour': 4 of 12 rows have a value" in result.stderr


def test_probabilities_and_a_file(run, table, folder):
    out = run("predict", "m.npz", table, "--proba").stdout
    assert out.splitlines()[0].split() == ["row", "prediction", "ant", "[b]", "cat", "label"]
    out = run("predict", "m.npz", table, "--proba", "--out", "p.csv").stdout
    assert out.startswith("Wrote 12 predictions to p.csv\n")
    assert (folder / "p.csv").read_text().startswith("prediction,ant,[b],cat\n")
    assert run("predict", "m.npz", table, "--quiet", "--out", "p.npy").output == ""
    assert np.load(folder / "p.npy").shape == (12,)


def test_json(run_json, table):
    document = run_json("predict", "m.npz", table, "--proba")
    assert len(document["predictions"]) == len(document["probabilities"]) == document["n"] == 12
    assert document["test"]["n"] == document["n_labelled"] == 12
    assert len(document["test"]["confusion"]) == 3
    assert sum(document["predicted"].values()) == 12
    document = run_json("predict", "m.npz", table, "--out", "p.csv")
    assert document["predictions"] is document["probabilities"] is None
    assert document["out"] == "p.csv"


def test_without_labels_there_are_no_figures(run, run_json, folder):
    save(make_model(30, encoding=PLAIN), folder / "m.npz")
    (folder / "t.csv").write_text("a,b,c\n1,2,3\n")
    out = run("predict", "m.npz", "t.csv").stdout
    assert "interval" not in out
    assert "more rows" not in out
    assert "The 20 classes of 30 that are predicted most often" in out
    assert run_json("predict", "m.npz", "t.csv")["test"] is None


def test_bad_input_is_one_paragraph_and_leaves_nothing(run, table, folder):
    (folder / "bad.csv").write_text("size,color,weight\n1,red,2\n")
    result = run("predict", "m.npz", "bad.csv", "--out", "p.csv", code=2)
    assert "Did you mean 'color' for 'colour'?" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (folder / "p.csv").exists()
    assert "does not end in" in run("predict", "m.txt", table, code=2).stderr


def test_columns_that_the_model_does_not_know(run, folder):
    """An error with or without --quiet: a note of them was not seen."""
    save(make_model(encoding=PLAIN, beside=[]), folder / "m.npz")
    (folder / "t.csv").write_text("a,b,c,d,e\n1,2,3,4,5\n")
    for quiet in ((), ("-q",)):
        result = run("predict", "m.npz", "t.csv", "--out", "p.csv", *quiet, code=2)
        assert "has 2 columns that the model does not know: 'd', 'e'." in result.stderr
        assert "--drop '*'" in result.stderr
        assert not (folder / "p.csv").exists()
    assert run("predict", "m.npz", "t.csv", "--drop", "d", "--drop", "e", "-q").output == ""
    assert (
        "no sense for 't.csv'" in run("predict", "m.npz", "t.csv", "--features=a", code=2).stderr
    )


def test_model_and_predictions_go_together(run, run_json, folder, study):
    """A search, its final model, and predictions on the same digits, labels and all."""
    final = run_json("final", "--model-out", "m.safetensors")
    document = run_json("predict", "m.safetensors", "digits")
    assert document["n"] == 1797
    assert document["test"]["accuracy"] == pytest.approx(
        np.mean(np.array(document["predictions"]) == _labels()), abs=1e-12
    )
    assert final["calibration"] is None
    json.dumps(document)


def _labels():
    from sklearn.datasets import load_digits

    return load_digits().target.astype(str)


def test_rows_are_shown_as_they_are_predicted():
    from hpsoft.model.predict.run import Progress
    from hpsoft.report.model.prediction import show_predicting

    console = Console(file=io.StringIO())
    with show_predicting(console, delay=0.0) as show:
        show(Progress(1000, None))
        show(Progress(2000, 4000))
    shown = console.file.getvalue().splitlines()
    assert shown == ["1,000 rows predicted", "2,000 of 4,000 rows predicted"]
