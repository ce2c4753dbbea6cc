"""Divisions of the caller's own: splitters, and indices."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GroupKFold, ShuffleSplit, StratifiedKFold

import hpsoft
from hpsoft.api.folds import fold_text
from hpsoft.data.parts.callers import folds_text

NEWTON = {"optimizer": "newton", "space": {"alpha": 0.1}, "scale": "raw", "dtype": "float64"}


def costs_by_scikit_learn(X, y, folds, alpha=0.1):
    """Return what a converged model costs on each of some folds."""
    found = []
    for kept, held in folds:
        model = LogisticRegression(C=1 / (alpha * len(kept)), tol=1e-10, max_iter=10_000)
        model.fit(X[kept], y[kept])
        found.append(log_loss(y[held], model.predict_proba(X[held])))
    return found


@pytest.mark.parametrize(
    "cv",
    [
        StratifiedKFold(3),
        GroupKFold(4),
        ShuffleSplit(2, test_size=0.3, train_size=0.4, random_state=0),
    ],
    ids=lambda cv: type(cv).__name__,
)
def test_each_fold_is_trained_as_the_splitter_says(arrays, cv):
    X, y = arrays[0] / 100, arrays[1]
    groups = np.arange(150) % 15 if isinstance(cv, GroupKFold) else None
    result = hpsoft.search(X, y, cv=cv, groups=groups, progress=False, **NEWTON)
    expected = costs_by_scikit_learn(X, y, cv.split(X, y, groups))
    assert np.allclose(result.best.folds, expected, rtol=1e-5)
    assert np.isclose(result.best.value, np.mean(expected), rtol=1e-5)
    assert result.confirm(seeds=1).candidates
    assert result.optimum().distances[0].reproduced


class Speaks:
    """What speaks DLPack and nothing else."""

    def __init__(self, array):
        self.__dlpack__, self.__dlpack_device__ = array.__dlpack__, array.__dlpack_device__


def test_a_splitter_takes_what_frames_and_tensors_are(arrays):
    """Groups and labels by the names of their columns, or as hpsoft finds them."""
    X, y = arrays[0] / 100, arrays[1]
    groups = np.arange(150) % 15
    asked = {"progress": False, **NEWTON}
    expected = hpsoft.search(X, y, cv=GroupKFold(3), groups=groups, **asked).best.folds
    frame = pd.DataFrame(X, columns=list("abcdef")).assign(g=groups, label=y)
    named = {"cv": GroupKFold(3), "groups": "g"}
    assert hpsoft.search(frame, target="label", **named, **asked).best.folds == expected
    assert hpsoft.search(frame, **named, **asked).best.folds == expected
    assert hpsoft.search(frame.drop(columns="label"), y, **named, **asked).best.folds == expected
    spoken = hpsoft.search(Speaks(X), y, cv=GroupKFold(3), groups=groups, **asked)
    assert spoken.best.folds == expected
    one_hot = (y[:, None] == np.unique(y)).astype(int)
    stratified = hpsoft.search(X, one_hot, cv=StratifiedKFold(3), **asked).best.folds
    assert stratified == hpsoft.search(X, y, cv=StratifiedKFold(3), **asked).best.folds


def test_one_pair_of_indices_is_a_validation_part(arrays):
    """As a tuple, as a list of one, and as a mask; what is in neither is not used."""
    X, y = arrays[0] / 100, arrays[1]
    kept, held = np.arange(0, 100), np.arange(100, 140)
    expected = costs_by_scikit_learn(X, y, [(kept, held)])
    mask = np.arange(150) >= 110
    for cv in ((kept, held), [(kept.tolist(), held.tolist())], (np.arange(100), held - 150)):
        result = hpsoft.search(X, y, cv=cv, progress=False, **NEWTON)
        assert np.isclose(result.best.value, expected[0], rtol=1e-5)
    assert result.confirm(seeds=2).method == "2 splits"
    hpsoft.search(X, y, cv=(~mask, mask), progress=False, **NEWTON)


def test_the_same_folds_continue_a_study_and_others_do_not(arrays, tmp_path):
    X, y = arrays
    asked = {"storage": tmp_path / "s.journal", "study": "s", "progress": False, **NEWTON}
    hpsoft.search(X, y, cv=StratifiedKFold(3), **asked)
    assert hpsoft.search(X, y, cv=StratifiedKFold(3), **asked).finished.n_run == 0
    with pytest.raises(hpsoft.HpsoftError, match="another search"):
        hpsoft.search(X, y, cv=StratifiedKFold(3, shuffle=True, random_state=1), **asked)


def test_the_text_of_folds():
    text = folds_text([(np.array([0, 1]), np.array([2])), (np.array([2]), np.array([0]))], 4)
    assert text.tolist() == [b"12", b"10", b"21", b"00"]


@pytest.mark.parametrize(
    ("cv", "told"),
    [
        (([0, 1], [1, 2]), "fold 0.*cv has no|1 samples, number 1 for one, are on both sides"),
        ([(np.arange(3), np.arange(2, 5))], "1 samples, number 2 for one, are on both sides"),
        ([(np.arange(3), np.arange(8, 12))], "index beyond the 10 samples"),
        ([(np.arange(3), np.array([]))], "takes indices of samples"),
        ([(np.arange(3), [0.5])], "takes indices of samples"),
        ([], "no folds"),
        (3.5, "cv takes a number of folds"),
        ([np.arange(3)], "cv takes a number of folds"),
        (StratifiedKFold(20), "cannot divide these samples"),
    ],
)
def test_folds_that_make_no_sense(cv, told):
    with pytest.raises(hpsoft.HpsoftError, match=told) as caught:
        fold_text(cv, 10, np.arange(10) % 2, None)
    assert isinstance(caught.value, ValueError | TypeError)


def test_a_class_that_a_fold_does_not_train_on(arrays):
    X, y = arrays
    kept, held = np.flatnonzero(y != "cat"), np.flatnonzero(y == "cat")
    with pytest.raises(ValueError, match=r"'cat' for one, have no sample that fold 0"):
        hpsoft.search(X, y, cv=(kept, held), progress=False, **NEWTON)
    with pytest.raises(ValueError, match="val_fraction holds one part out"):
        hpsoft.search(X, y, cv=(held, kept), val_fraction=0.2, progress=False, **NEWTON)
