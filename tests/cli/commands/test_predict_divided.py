"""`hpsoft predict --part` of data that have no parts: those that the search made."""

import numpy as np
import pytest

from hpsoft.model.files import TrainedModel, load, save

POINT = ("--optimizer", "newton", "--set", "alpha=0.01", "--set", "iterations=4", "--jobs", "1",
         "--cv", "none", "-q")  # fmt: skip


@pytest.fixture
def divided(run, folder):
    """A table with text, gaps and a constant column, searched, and its model m.npz."""
    rng = np.random.default_rng(0)
    rows = ["size,colour,odd,k,kind"]
    for i in range(90):
        size = "" if i % 11 == 0 else f"{rng.normal(i % 3):.4f}"
        rows.append(
            f"{size},{['red', 'blue'][rng.integers(2)]},{rng.normal():.4f},7,{'abc'[i % 3]}"
        )
    (folder / "t.csv").write_text("\n".join(rows))
    run("search", "--data", "t.csv", "--target", "kind", "--drop", "odd", "--missing", "median",
        "--seed", "5", "--test-fraction", "0.3", *POINT, "--study", "s")  # fmt: skip
    return "t.csv"


def figures(document):
    test = document["test"]
    return {name: test[name] for name in ("n", "cross_entropy", "accuracy", "confusion")}


def test_the_test_part_has_the_figures_of_final(run, run_json, divided, folder):
    final = run_json("final", "--study", "s", "--model-out", "m.npz")
    document = run_json("predict", "m.npz", divided, "--part", "test")
    assert figures(document) == figures(final)
    assert document["n"] == 27
    out = run("predict", "m.npz", divided, "--part", "test", "--out", "p.csv")
    told = " ".join(out.stderr.split())
    assert "these are the 27 samples of the test part that `hpsoft search` made" in told
    assert "was trained on" not in told
    assert len((folder / "p.csv").read_text().splitlines()) == 28
    # The rest is what it was trained on, and both are all.
    rest = run_json("predict", "m.npz", divided, "--part", "train")
    whole = run_json("predict", "m.npz", divided, "--drop", "odd")
    assert rest["n"] == final["n_train"] == 63
    both = np.add(rest["test"]["confusion"], document["test"]["confusion"])
    assert both.tolist() == whole["test"]["confusion"]
    told = " ".join(run("predict", "m.npz", divided).stderr.split())
    assert "--part test takes those that were held out." in told


def test_named_data_and_columns_of_a_feature_set(run, run_json):
    """The digits, of which a model looks at some columns."""
    run("search", "--data", "digits", "--feature-set", "half=0:32", *POINT)
    final = run_json("final", "--model-out", "m.safetensors")
    document = run_json("predict", "m.safetensors", "digits", "--part", "test")
    assert figures(document) == figures(final)
    assert document["n"] == 360


def test_other_parts_and_other_data_are_refused(run, divided, folder):
    run("final", "--study", "s", "--model-out", "m.npz", "-q")
    lines = (folder / divided).read_text().splitlines()
    (folder / "other.csv").write_text("\n".join(lines[:60]))
    faults = {
        (divided, "--part", "val"): "a model knows train (all that it was trained on) and test",
        ("other.csv", "--part", "test"): "it is not the data that `hpsoft search` divided",
        (divided, "--part", "test", "--labels", "kind"): "leave --labels out",
        (divided, "--part", "tst"): "Did you mean 'test'",
    }
    for words, fault in faults.items():
        result = run("predict", "m.npz", *words, "--out", "p.csv", code=2)
        assert fault in " ".join(result.stderr.split())
    assert not (folder / "p.csv").exists()
    # A model that does not say how its data were divided: no such part, and that is all.
    model = load(folder / "m.npz")
    about = {key: value for key, value in model.metadata.items() if key != "source"}
    arrays = {name: getattr(model, name) for name in ("weights", "bias", "shift", "divisor")}
    save(TrainedModel(**arrays, metadata=about), folder / "old.npz")
    error = run("predict", "old.npz", divided, "--part", "test", code=2).stderr
    assert "has no test part" in " ".join(error.split())
