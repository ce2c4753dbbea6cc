"""Arguments that make no sense: what, why, what to do, as the errors that Python has for it."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

import hpsoft
from hpsoft.api.errors import in_python
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
    "storage": ((X, Y), {"storage": 3}, hpsoft.HpsoftError, "a storage of Optuna's, not int"),
    "keep": ((FRAME, Y), {"keep": "a"}, TypeError, "keep takes a list"),
    "names of an array": ((X, Y), {"drop": ["a"]}, ValueError, "X is an array without names"),
    "groups of an array": ((X, Y), {"groups": "a"}, ValueError, "groups is the name of a column"),
    "encoding": ((X, Y), {"encoding": "utf-8"}, ValueError, "X is in memory"),
    "mixed column": ((FRAME.assign(a=[1, "x"] * 20), Y), {}, ValueError, "Arrow cannot hold"),
    "y of a file": (("digits", Y), {}, TypeError, "y goes with arrays"),
    "groups of a file": (("digits",), {"groups": Y}, TypeError, "groups takes the name"),
    "folds of a file": (("digits",), {"cv": (Y, Y)}, TypeError, "with arrays alone"),
    "no file": (("nowhere.csv",), {}, ValueError, r"nowhere\.csv"),
}


@pytest.mark.parametrize("name", WRONG)
def test_bad_arguments(name):
    given, options, kind, told = WRONG[name]
    with pytest.raises(kind, match=told) as caught:
        hpsoft.search(*given, progress=False, **options)
    assert isinstance(caught.value, hpsoft.HpsoftError)
    assert not re.search(r"--[a-z]", str(caught.value))


def test_options_are_called_as_arguments_are():
    assert in_python("Use --scale unit") == "Use scale unit"
    assert (
        in_python("`hpsoft trials --study s` or --trial N")
        == "`hpsoft trials --study s` or trial N"
    )
    assert in_python("--sample-weight w") == "sample_weight w"
    assert in_python("well-known -- really") == "well-known -- really"


def test_values_of_hyperparameters():
    """Arrays, ranges, single values and distributions."""
    import optuna

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
