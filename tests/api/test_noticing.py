"""Faults of data are warnings of Python's: they do not belong to progress."""

import warnings

import numpy as np
import pandas as pd
import pytest

import hpsoft

X = np.random.default_rng(0).normal(size=(60, 2))
Y = np.arange(60) % 2
LEAKING = pd.DataFrame(X, columns=["a", "b"]).assign(copy=Y + 1.0)
PIXELS = pd.DataFrame(np.repeat(Y[:, None] * 255, 300, axis=1).astype("uint8")).add_prefix("p")
ASKED = {"optimizer": "newton", "space": {"alpha": 0.1}, "cv": "none"}


@pytest.mark.parametrize("progress", [False, True])
def test_a_column_that_tells_the_label(progress, capsys):
    """With a place in the caller's file, in words of Python, and once."""
    with pytest.warns(hpsoft.DataWarning, match="'copy' tells the label by itself.*drop") as told:
        hpsoft.search(LEAKING, Y, progress=progress, **ASKED)
    (warning,) = told
    assert warning.filename == __file__
    assert "--" not in str(warning.message)
    assert "tells the label" not in capsys.readouterr().err


def test_events_and_the_estimator_warn_as_well():
    with pytest.warns(hpsoft.DataWarning, match="'copy' tells") as told:
        next(iter(hpsoft.search_events(LEAKING, Y, **ASKED)))
    assert told[0].filename == __file__
    with pytest.warns(hpsoft.DataWarning, match="tells the label by itself") as told:
        hpsoft.GridSearch({}, optimizer="newton", refit=False).fit(LEAKING, Y)
    assert told[0].filename == __file__
    assert "leave it out of X" in str(told[0].message)


def test_nothing_is_said_of_sound_data():
    with warnings.catch_warnings():
        warnings.simplefilter("error", hpsoft.DataWarning)
        hpsoft.search(X, Y, progress=False, **ASKED)
        for frame in LEAKING.drop(columns="copy"), LEAKING.to_numpy(), PIXELS:
            hpsoft.GridSearch({}, optimizer="newton", refit=False).fit(frame, Y)


def test_other_notes_are_shown_with_progress_alone(capsys):
    """In words of Python too."""
    frame = pd.DataFrame(X, columns=["a", "b"]).assign(constant=1.0)
    hpsoft.search(frame, Y, progress=False, **ASKED)
    assert not capsys.readouterr().err
    hpsoft.search(frame, Y, progress=True, **ASKED)
    assert "constant" in capsys.readouterr().err
