"""Feature sets and scales that are searched: from options to the saved model, in every command."""

import csv
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hpsoft_newton import Newton
from pyarrow import parquet
from typer.testing import CliRunner

from hpsoft.assess.confirm import _simplicity
from hpsoft.cli.app import app
from hpsoft.data import load
from hpsoft.errors import HpsoftError
from hpsoft.model.files import load as load_model
from hpsoft.study.reader import load as load_study
from hpsoft.study.reader import open_storage

SPACE = ("--optimizer", "newton", "--set", "alpha=0.01,0.1", "--cv", "none")
SETS = ("--feature-set", "last", "--feature-set", "both=last,prev", "--feature-set", "odd=0:2,5:8")
SCALES = ("--set", "scale=standard,l2-rows")
RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, 120)
CENTRES = RNG.normal(size=(3, 4))
LAST = (CENTRES[LABELS] + RNG.normal(size=(120, 4))).astype("f4")
PREV = (CENTRES[LABELS] @ RNG.normal(size=(4, 6)) + 2 * RNG.normal(size=(120, 6))).astype("f4")


@pytest.fixture
def arrays(folder):
    np.savez("emb.npz", last=LAST, prev=PREV, labels=LABELS)
    return "--data", "emb.npz"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a search of three sets and two scales, 12 trials."""
    path = tmp_path_factory.mktemp("made")
    np.savez(path / "emb.npz", last=LAST, prev=PREV, labels=LABELS)
    args = ("--data", path / "emb.npz", "--storage", path / "hpsoft.journal", "--study", "s", "-q")
    asked = ["search", *SETS, *SCALES, *SPACE, *map(str, args)]
    assert CliRunner().invoke(app, asked).exit_code == 0
    return path


@pytest.fixture
def study(made, arrays, folder):
    """The same search, to be changed."""
    shutil.copy(made / "hpsoft.journal", folder)


def test_arrays_are_sets_by_their_names(run_json, arrays):
    info = run_json("data", "info", arrays[1], *SETS)
    assert info["feature_sets"] == {"last": "0:4", "both": "0:10", "odd": "0:2,5:8"}
    assert info["n_features"] == 10


def test_info_says_which_columns_a_set_is(run, arrays):
    both = ("--features", "last", "--features", "prev")
    sets = ("--feature-set", "a=0:4", "--feature-set", "b=2:5")
    overlap = run("data", "info", arrays[1], *both, *sets)
    assert "feature set b: 3 features, 2:5, 2 of them in a too" in overlap.stdout
    assert "feature set odd: 5 features, 0:2,5:8" in run("data", "info", arrays[1], *SETS).stdout


def test_trials_have_words(run, run_json, study):
    trials = run_json("trials", "--study", "s")["trials"]
    seen = {(t["params"]["feature_set"], t["params"]["scale"]) for t in trials}
    assert seen == {(a, b) for a in ("last", "both", "odd") for b in ("standard", "l2-rows")}
    out = run("trials", "--study", "s", "--sort", "feature_set").stdout.splitlines()
    names = [row.split()[out[0].split().index("feature_set")] for row in out[1:]]
    assert names == sorted(names)
    rows = list(
        csv.DictReader(io.StringIO(run("export", "--study", "s", "--format", "csv").stdout))
    )
    assert {row["scale"] for row in rows} == {"standard", "l2-rows"}


def test_the_certificate_knows_sets_and_scales(run_json, arrays, study):
    again = run_json("search", *arrays, *SETS, *SCALES, *SPACE, "--study", "s")
    assert (again["n_run"], again["n_finished"]) == (0, 12)
    proof = again["certificate"]
    assert proof["feature_sets"] == {"last": "0:4", "both": "0:10", "odd": "0:2,5:8"}
    assert proof["scale"] == "l2-rows,standard"


def test_stock_optuna_sees_categories(study):
    trial = load_study(open_storage(None), "s").get_trials()[0]
    assert trial.distributions["feature_set"].choices == ("both", "last", "odd")


def test_a_set_is_a_search_of_its_columns(run_json, arrays, study):
    """The costs are the same numbers, by way of the command line, folds and files."""
    np.savez("alone.npz", X=LAST, y=LABELS)
    alone = run_json(
        "search", "--data", "alone.npz", *SPACE, "--scale", "l2-rows", "--study", "alone"
    )
    trials = run_json("trials", "--study", "s")["trials"]
    costs = {
        t["params"]["alpha"]: t["value"]
        for t in trials
        if (t["params"]["feature_set"], t["params"]["scale"]) == ("last", "l2-rows")
    }
    assert costs == {t["params"]["alpha"]: t["value"] for t in alone["leaderboard"]}


def test_the_model_knows_its_columns_and_scale(run_json, study):
    trials = run_json("trials", "--study", "s")["trials"]
    cases = ((("odd", "l2-rows"), "npz"), (("last", "standard"), "safetensors"))
    for wanted, suffix in cases:
        number = next(t["trial"] for t in trials
                      if (t["params"]["feature_set"], t["params"]["scale"]) == wanted)  # fmt: skip
        final = run_json("final", "--study", "s", "--trial", number, "--model-out", f"m.{suffix}")
        model = load_model(Path(f"m.{suffix}"))
        X = np.hstack([LAST, PREV])
        data = load("emb.npz", features=("last", "prev"))
        hits = model.logits(np.asarray(data.test.X)).argmax(axis=1) == data.test.labels
        assert hits.mean() == final["test"]["accuracy"]
        assert model.metadata["scale"] == wanted[1]
        longer = np.allclose(model.logits(3 * X), model.logits(X))
        assert longer == (wanted[1] == "l2-rows")  # which has no lengths
        other = X.copy()
        outside = np.setdiff1d(np.arange(10), model.columns.index)
        other[:, outside] = 7  # what it has not seen does not matter
        np.testing.assert_array_equal(model.logits(other), model.logits(X))
        with pytest.raises(HpsoftError, match=r"takes columns .* of 10 features, and X has 4"):
            model.logits(LAST)


def test_confirm_optimum_and_regret_see_what_the_search_saw(run_json, study):
    confirmed = run_json("confirm", "--study", "s", "--top", "4", "--seeds", "2")
    assert {t["params"]["feature_set"] for t in confirmed["trials"]} <= {"last", "both", "odd"}
    exact = {(o["feature_set"], o["scale"], o["alpha"]): o["mean"] for o in confirmed["optima"]}
    for trial in confirmed["trials"]:  # Newton's trials are the optima
        params = trial["params"]
        key = params["feature_set"], params["scale"], params["alpha"]
        assert trial["mean"] == pytest.approx(exact[key], rel=1e-6)
    found = run_json("optimum", "--study", "s")
    assert len(found["optima"]) == 12
    assert all(d["reproduced"] and abs(d["training_gap"]) < 1e-6 for d in found["trials"])
    replays = run_json("regret", "--study", "s", "--seeds", "2", "--trials", "6", "--jobs", "1")
    assert len(replays["methods"]) == 1


def test_of_trials_as_good_one_with_fewer_features_is_simpler():
    """Before passes and all else: it has fewer weights, and needs fewer numbers of a sample."""
    data = load("digits", feature_sets={"few": ("0:8",), "many": ("0:32",)}).training
    few = _simplicity(Newton(), data, {"feature_set": "few", "iterations": 30, "alpha": 0.1})
    many = _simplicity(Newton(), data, {"feature_set": "many", "iterations": 3, "alpha": 0.2})
    assert few < many
    assert _simplicity(Newton(), data, {"iterations": 30, "alpha": 0.1}) == few[1:]


@pytest.mark.parametrize("storage", ["s.journal", "s.db"])
def test_a_grid_grows_by_sets_and_values(run, run_json, arrays, storage):
    where = ("--study", "g", "--storage", storage)
    both = ("--features", "last", "--features", "prev")
    run("search", *arrays, *both, "--feature-set", "a=0:4", *SPACE, *where, "-q")
    more = ("--feature-set", "a=0:4", "--feature-set", "b=0:6")
    grown = run_json("search", *arrays, *both, *more, *SPACE, *where)
    assert (grown["n_run"], grown["n_finished"]) == (2, 4)
    assert grown["certificate"]["complete"]
    assert grown["certificate"]["feature_sets"] == {"a": "0:4", "b": "0:6"}
    run("final", *where, "--trial", str(grown["winner"]["trial"]))
    changed = ("--feature-set", "a=0:5", "--feature-set", "b=0:6")
    error = run("search", *arrays, *both, *changed, *SPACE, *where, code=2).stderr
    assert "feature set a: 0:4 there, 0:5 here" in error


def test_an_extension_begins_with_the_words_of_the_study(run_json, arrays, study):
    found = run_json("search", *arrays, *SETS, "--optimizer", "newton", "--cv", "none",
                     "--study", "s", "--extend")  # fmt: skip
    assert found["certificate"]["complete"]
    assert found["certificate"]["scale"] == "l2-rows,standard"
    assert found["n_finished"] % 6 == 0


@pytest.mark.parametrize("sampler", ["tpe", "cmaes", "qmc"])
def test_a_sampler_takes_words_as_categories(run, arrays, sampler):
    """Without a word of Optuna's for each of them."""
    result = run(
        "search", *arrays, *SETS, *SCALES, "--optimizer", "newton", "--cv", "none",
        "--sampler", sampler, "--trials", "14", "--study", "t", "--json",
    )  # fmt: skip
    assert json.loads(result.stdout)["n_finished"] == 14
    assert "independently" not in result.stderr


def test_a_space_file_names_sets_and_options_win_over_it(run_json, arrays, folder):
    (folder / "space.toml").write_text(
        'alpha = [0.1]\nscale = ["unit"]\n[feature_sets]\nlast = "last"\nodd = ["0:2", "5:8"]\n'
    )
    found = run_json("search", *arrays, "--features", "last", "--features", "prev",
                     "--space", "space.toml", "--feature-set", "odd=0:3",
                     "--optimizer", "newton", "--study", "f")  # fmt: skip
    assert found["certificate"]["feature_sets"] == {"last": "0:4", "odd": "0:3"}
    assert found["n_finished"] == 2


def test_columns_of_lists_are_sets(run_json, folder):
    table = pa.table({"last": list(LAST), "prev": list(PREV), "label": LABELS})
    parquet.write_table(table, folder / "t.parquet")
    info = run_json("data", "info", "t.parquet", "--feature-set", "last", "--feature-set", "prev")
    assert info["feature_sets"] == {"last": "0:4", "prev": "4:10"}


def test_columns_of_a_table_are_sets_by_name_and_beginning(run_json, folder):
    rows = ["city,emb_0,emb_1,age,label"]
    rows += [f"{'abc'[i % 3]},{i % 7},{i % 5},{i % 11},{'xy'[i % 2]}" for i in range(60)]
    (folder / "t.csv").write_text("\n".join(rows))
    sets = ("--feature-set", "emb=emb_*", "--feature-set", "people=city,age")
    info = run_json("data", "info", "t.csv", "--target", "label", *sets)
    assert info["feature_sets"] == {"emb": "3:5", "people": "0:3,5:6"}
    found = run_json("search", "--data", "t.csv", "--target", "label", *sets, *SPACE)
    assert found["certificate"]["complete"]
    shown = run_json("optimizers", "show", "newton", "--data", "t.csv", "--target", "label", *sets)
    assert shown["space"]["feature_set"] == ["emb", "people"]


def test_a_preset_is_searched_for_every_set(run_json, arrays):
    found = run_json("search", *arrays, *SETS, "--preset", "senteval", "--scale", "raw",
                     "--optimizer", "newton", "--cv", "2", "--study", "p")  # fmt: skip
    assert found["n_finished"] == 6 * 3
    assert found["winner"]["params"]["feature_set"] in {"last", "both", "odd"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--feature-set", "a=0:99"), "0:99 is no slice of 4 features"),
        (("--feature-set", "a=lost"), "No feature 'lost'"),
        (("--set", "scale=raw", "--scale", "unit"), "--scale unit and --set scale contradict"),
        (("--set", "scale=foo"), "No value of scale 'foo'"),
        (("--set", "feature_set=a"), "no feature sets to choose from"),
        (("--feature-set", "a=0:2", "--set", "feature_set=b"), "No value of feature_set 'b'"),
        (("--preset", "clip", "--optimizer", "sgd"), "made for newton or lbfgs"),
        (("--feature-set", "a=0:2", "--feature-set", "b=:2"), "are the same 2 columns"),
    ],
)
def test_what_makes_no_sense_is_refused(run, folder, args, message):
    np.savez("one.npz", X=LAST, y=LABELS)
    newton = () if "--optimizer" in args else ("--optimizer", "newton")
    result = run("search", "--data", "one.npz", *newton, *args, code=2)
    assert message in " ".join(result.stderr.split())
    assert not (folder / "hpsoft.journal").exists()
