"""Arguments that make no sense: what, why, what to do, as the errors that Python has for it."""

import re

import numpy as np
import optuna
import pandas as pd
import pytest
from scipy import sparse, stats

import hpsoft
from hpsoft.api.errors import in_python
from hpsoft.api.request import SearchOptions
from hpsoft.api.spaces import plain_space

X = np.random.default_rng(0).normal(size=(40, 3))
Y = np.arange(40) % 2
FRAME = pd.DataFrame(X, columns=["a", "b", "c"])

WRONG = {
    "no X": ((None, Y), {}, TypeError, "X is missing"),
    "no y": ((X,), {}, TypeError, "y is missing"),
    "lengths": ((X, Y[:30]), {}, ValueError, "X has 40 rows, but there are 30 labels"),
    "lengths of a frame": ((FRAME, Y[:30]), {}, ValueError, "40 rows, but there are 30 labels"),
    "sparse": ((sparse.csr_array(X), Y), {}, TypeError, r"X is sparse.*X\.toarray\(\)"),
    "ragged": (([[1, 2], [3]], [0, 1]), {}, ValueError, "X .list. cannot be used as an array"),
    "a dict": (({"a": 1}, Y), {}, TypeError, "X is dict, which is no array"),
    "a number": ((3.0, Y), {}, TypeError, "X is float, which is no array"),
    "one axis": ((X[:, 0], Y), {}, ValueError, "X needs a row per sample"),
    "NaN": ((np.where(X > 2, np.nan, X), Y), {}, ValueError, "missing"),
    "one class": ((X, Y * 0), {}, ValueError, "one class only"),
    "an option": ((X, Y), {"sampeler": "tpe"}, TypeError, "Did you mean 'sampler'"),
    "optimizer": ((X, Y), {"optimizer": "sdg"}, ValueError, "Did you mean 'sgd'"),
    "no text": ((X, Y), {"optimizer": 3}, TypeError, "optimizer takes a name, not 3"),
    "seed": ((X, Y), {"seed": 0.5}, TypeError, "seed takes a whole number"),
    "trials": ((X, Y), {"trials": 0, "sampler": "tpe"}, ValueError, "trials takes 1 or more"),
    "jobs": ((X, Y), {"jobs": -1}, ValueError, "jobs takes 1 or more, not -1"),
    "space": ((X, Y), {"space": [1]}, TypeError, "space takes a mapping"),
    "a name in space": ((X, Y), {"space": {"alhpa": 1}}, ValueError, "In space: .*'alpha'"),
    "a distribution": ((X, Y), {"space": {"alpha": stats.norm()}}, TypeError, "no sampler draws"),
    "storage": ((X, Y), {"storage": 3}, TypeError, "a storage of Optuna's, not int"),
    "keep": ((FRAME, Y), {"keep": "a"}, TypeError, "keep takes a list"),
    "names of an array": ((X, Y), {"drop": ["a"]}, ValueError, "X is an array without names"),
    "groups of an array": ((X, Y), {"groups": "a"}, ValueError, "groups is the name of a column"),
    "encoding": ((X, Y), {"encoding": "utf-8"}, ValueError, "X is in memory"),
    "mixed column": ((FRAME.assign(a=[1, "x"] * 20), Y), {}, ValueError, "Arrow cannot hold"),
    "y of a file": (("digits", Y), {}, TypeError, "y goes with arrays"),
    "groups of a file": (("digits",), {"groups": Y}, TypeError, "groups takes the name"),
    "folds of a file": (("digits",), {"cv": (Y, Y)}, TypeError, "with arrays alone"),
    "timeout": ((X, Y), {"timeout": "5s"}, TypeError, "timeout takes a number, not '5s'"),
    "share": ((X, Y), {"test_fraction": "a"}, TypeError, "test_fraction takes a number"),
    "truth": ((X, Y), {"val_fraction": True}, TypeError, "val_fraction takes a number, not True"),
    "scale": ((X, Y), {"scale": 3}, TypeError, "scale takes a name, not 3"),
    "missing": ((X, Y), {"missing": 3}, TypeError, "missing takes a name, not 3"),
    "categories": ((X, Y), {"categories": None}, TypeError, "categories takes a name, not None"),
    "study": ((X, Y), {"study": 3}, TypeError, "study takes a name, not 3"),
    "preset": ((X, Y), {"preset": 3}, TypeError, "preset takes a name, not 3"),
    "target": ((FRAME, None), {"target": 3}, TypeError, "target takes a name, not 3"),
    "delimiter": (("a.csv",), {"delimiter": 3}, TypeError, "delimiter takes a name, not 3"),
    "share of a file": (("digits",), {"test_fraction": "a"}, TypeError, "takes a number, not 'a'"),
    "mapping": ((X, Y), {"sampler_option": [1]}, TypeError, "sampler_option takes a mapping"),
    "names of a set": (
        (X, Y),
        {"feature_set": {1: "a"}},
        TypeError,
        "feature_set takes a mapping",
    ),
    "list": ((X, Y), {"keep": 3}, TypeError, "keep takes a list of names of columns, not 3"),
    "dedupe": ((X, Y), {"dedupe": "no"}, TypeError, "dedupe takes True or False, not 'no'"),
    "extend": ((X, Y), {"extend": 1}, TypeError, "extend takes True or False, not 1"),
    "one name": (
        (FRAME.set_axis(["a", "b", "a"], axis=1), Y),
        {},
        ValueError,
        "X has 2 columns called 'a'",
    ),
    "y and target": (
        (FRAME.assign(t=Y), Y),
        {"target": "t"},
        TypeError,
        "y and target='t' both say what the labels are",
    ),
    "storage's folder": ((X, Y), {"storage": "/nix/a.journal"}, ValueError, "does not exist"),
    "a storage of no kind": ((X, Y), {"storage": "mongo://x"}, ValueError, "No storage of kind"),
    "no file": (("nowhere.csv",), {}, ValueError, r"nowhere\.csv"),
}


@pytest.mark.parametrize("name", WRONG)
def test_bad_arguments(name):
    given, options, kind, told = WRONG[name]
    with pytest.raises(kind, match=told) as caught:
        hpsoft.search(*given, progress=False, **options)
    assert isinstance(caught.value, hpsoft.HpsoftError)
    assert not re.search(r"--[a-z]", str(caught.value))


def test_no_field_takes_what_it_cannot_be():
    """Whichever it is, of an object of no kind: an error of hpsoft's, and never a bare one."""
    for name in SearchOptions.__annotations__:
        for source in (X, Y), ("digits",):
            with pytest.raises(hpsoft.HpsoftError, match=name.replace("_", ".")):
                hpsoft.search(*source, progress=False, **{name: object()})


def test_what_comes_after_a_search_is_told_as_well(tmp_path):
    asked = {"optimizer": "newton", "space": {"alpha": 0.1}, "cv": "none", "progress": False}
    result = hpsoft.search(X, Y, **asked)
    model = hpsoft.SoftmaxRegression(epochs=1).fit(X, Y)
    wrong = {
        "seed takes a whole": lambda: result.final(X, Y, seed="a"),
        "trial takes a whole": lambda: result.final(X, Y, trial=0.5),
        "model_out takes a path": lambda: result.final(X, Y, model_out=3),
        "calibrate takes True": lambda: result.final(X, Y, calibrate="yes"),
        "top takes a whole": lambda: result.confirm("a"),
        "seeds takes a whole": lambda: result.confirm(seeds="a"),
        "cv takes a whole": lambda: result.confirm(cv="5x2"),
        "jobs takes a whole": lambda: result.optimum(jobs=0.5),
        "top takes a whole number, not 'a'": lambda: result.optimum("a"),
        "fmt takes a name": lambda: result.card(3),
        "out takes a path": lambda: result.card(out=3),
        "n_samples takes a number": lambda: model.l2_as("sklearn-C", n_samples="3"),
        "unit takes a name": lambda: model.l2_as(3),
        "path takes a path": lambda: hpsoft.load_model(3),
        "path takes a path, not 4": lambda: model.save(4),
        "optimizer takes a name": lambda: hpsoft.SoftmaxRegression(optimizer=3).fit(X, Y),
        "scale takes a name": lambda: hpsoft.SoftmaxRegression(scale=[1]).fit(X, Y),
        "jobs takes a whole number, not array": lambda: hpsoft.search(X, Y, jobs=np.ones(2, int)),
        "n_jobs takes a whole": lambda: hpsoft.GridSearch(n_jobs="a").fit(X, Y),
    }
    for told, call in wrong.items():
        with pytest.raises(TypeError, match=told) as caught:
            call()
        assert isinstance(caught.value, hpsoft.HpsoftError)
    assert result.finished.certificate.n_finished == 1
    assert not result.study.user_attrs.get("hpsoft_test_uses")


def test_what_is_asked_of_another_trial_or_study():
    asked = {"optimizer": "newton", "space": {"alpha": 0.1}, "cv": "none", "progress": False}
    storage = optuna.storages.InMemoryStorage()
    result = hpsoft.search(FRAME, Y, storage=storage, **asked)
    calls = {
        r"finished trial 99.*`result\.trials` lists": lambda: result.final(FRAME, Y, trial=99),
        r"Run `result\.confirm\(\)` first": lambda: result.final(FRAME, Y, trial="confirmed"),
        "holds another search": lambda: hpsoft.search(FRAME + 1, Y, storage=storage, **asked),
        "y_test is missing": lambda: result.final(FRAME),
        "y_test is missing: X_test": lambda: hpsoft.search(X, Y, **asked).final(X),
    }
    for told, call in calls.items():
        with pytest.raises((ValueError, TypeError), match=told) as caught:
            call()
        assert isinstance(caught.value, hpsoft.HpsoftError)
    assert not result.study.user_attrs.get("hpsoft_test_uses")
    labelled = FRAME.assign(t=Y)
    found = hpsoft.search(labelled, target="t", **asked)
    with pytest.raises(TypeError, match="labels of X_test are missing: it has no column 't'"):
        found.final(FRAME)
    assert found.final(labelled).test.n == 40


def test_options_are_called_as_arguments_are():
    assert in_python("Use --scale unit") == 'Use scale="unit"'
    assert in_python("`hpsoft trials --study s` or --trial N") == "`result.trials` or trial=N"
    assert in_python("--set a=1,x-y") == 'space={"a": [1, "x-y"]}'
    assert in_python("--set a=log:1:2, --drop 'a b'") == "space a=log:1:2, drop=['a b']"
    assert in_python("`hpsoft search` to --study OTHER") == '`hpsoft search` to study="OTHER"'
    assert in_python("No --missing 'foo'. --cv 5 or --cv K") == "No missing 'foo'. cv=5 or cv=K"
    assert in_python("--drop leaves it out; --cv takes 5", {"cv": "folds"}) == (
        "drop leaves it out; folds takes 5"
    )
    assert in_python("--sample-weight w") == "sample_weight w"
    assert in_python("well-known -- really") == "well-known -- really"


def test_values_of_hyperparameters():
    """Arrays, ranges, single values and distributions."""
    space = {
        "a": np.float32(0.5),
        "b": (1, np.int64(2)),
        "c": {"log": (1e-3, 1)},
        "d": stats.loguniform(1e-3, 1),
        "e": stats.uniform(1, 2),
        "f": optuna.distributions.IntDistribution(5, 40, step=5),
        "g": optuna.distributions.CategoricalDistribution(["x", "y"]),
        "h": "standard",
    }
    assert plain_space(space) == {
        "a": [0.5],
        "b": [1, 2],
        "c": {"log": [1e-3, 1]},
        "d": {"log": [1e-3, 1.0]},
        "e": {"uniform": [1.0, 3.0]},
        "f": {"uniform": [5, 40], "step": 5},
        "g": ["x", "y"],
        "h": ["standard"],
    }
