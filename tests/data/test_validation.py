"""One validation part or folds: what the options mean, and what auto chooses."""

import numpy as np
import pytest

from hpsoft.data import Samples, TrainingData
from hpsoft.data.validation import (
    FOLDS,
    LARGEST,
    REPEATS,
    SMALLEST,
    Validation,
    choose_validation,
)
from hpsoft.errors import DataError, SpaceError


def data(n, n_validation=0):
    """Return n samples of two classes, and a validation part of its own where asked for."""
    parts = [
        Samples(np.zeros((size, 1)), np.arange(size) % 2) if size else None
        for size in (n, n_validation)
    ]
    return TrainingData("d", parts[0], ("a", "b"), "raw", "f", validation=parts[1])


def chosen(cv="auto", val_fraction=None, n=200, n_validation=0, *, is_reference=False):
    return choose_validation(cv, val_fraction, data(n, n_validation), is_reference=is_reference)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"n": SMALLEST - 1}, Validation(None, FOLDS, REPEATS)),
        ({"n": SMALLEST}, Validation(None, FOLDS)),
        ({"n": LARGEST}, Validation(None, FOLDS)),
        ({"n": LARGEST + 1}, Validation(0.2)),
        ({"is_reference": True}, Validation(0.2)),
        ({"n_validation": 9}, Validation(None)),  # the part that is given
        ({"cv": "none"}, Validation(0.2)),
        ({"val_fraction": 0.3}, Validation(0.3)),  # who says so wants one part
        ({"cv": "none", "val_fraction": 0.3}, Validation(0.3)),
        ({"cv": "7"}, Validation(None, 7)),
        ({"cv": "5x3"}, Validation(None, 5, 3)),
        ({"cv": "4", "n": LARGEST + 1, "is_reference": True}, Validation(None, 4)),
        ({"cv": "4", "n_validation": 9}, Validation(None, 4)),
    ],
)
def test_what_trials_are_told_apart_by(how, expected):
    assert chosen(**how) == expected


@pytest.mark.parametrize("cv", ["", "five", "-3", "5x", "x3", "5x0", "2.5", "5 x 3", "٣" * 20])
def test_what_is_no_number_of_folds_is_refused(cv):
    with pytest.raises(SpaceError, match="--cv takes a number of folds, such as 5, or 5x3"):
        chosen(cv=cv)


def test_folds_and_a_fraction_contradict_each_other():
    with pytest.raises(SpaceError, match="leave out one of the two"):
        chosen(cv="5", val_fraction=0.2)


def test_splits_are_one_part_or_all_folds_in_turn():
    (only,) = Validation(0.25).splits(data(40), 0)
    assert (len(only.train), len(only.validation)) == (30, 10)
    parts = list(Validation(None, 4, 2).splits(data(40), 0))
    assert [(len(split.train), len(split.validation)) for split in parts] == [(30, 10)] * 8
    (given,) = Validation(None).splits(data(40, 9), 0)
    assert (len(given.train), len(given.validation)) == (40, 9)


def test_more_folds_than_samples_are_refused():
    with pytest.raises(DataError, match="41 folds of 40 samples cannot be made"):
        list(Validation(None, 41).splits(data(40), 0))


def test_overlap_is_held_out_over_trained_on():
    assert Validation(0.2).overlap == pytest.approx(0.25)
    assert Validation(None, 5, 3).overlap == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("validation", "text"),
    [
        (Validation(0.2), "a validation part of 20 %"),
        (Validation(None, 5), "5-fold cross-validation"),
        (Validation(None, 5, 3), "5-fold cross-validation, repeated 3 times"),
        (Validation(None), "the validation part of the data"),
    ],
)
def test_it_is_said_in_words(validation, text):
    assert validation.text == text
