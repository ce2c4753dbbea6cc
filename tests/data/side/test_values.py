"""What the values of side columns mean."""

import re
from pathlib import Path

import numpy as np
import pytest

from hpsoft import data
from hpsoft.data.side.given import TEST, TRAIN, VAL, WORDS, given_parts
from hpsoft.data.side.groups import group_codes
from hpsoft.data.side.times import times
from hpsoft.errors import DataError


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        (["train", "Val", "TEST"], "part", [TRAIN, VAL, TEST]),
        (["Training", "validation", "dev"], "part", [TRAIN, VAL, VAL]),
        ([b"train", b"test"], "part", [TRAIN, TEST]),
        ([True, False], "is_test", [TEST, TRAIN]),
        ([1, 0], "Train", [TRAIN, TEST]),
        (["1.0", "0.0"], "val", [VAL, TRAIN]),
    ],
)
def test_given_parts(values, name, expected):
    """Words in any case; yes and no where the column is called after a part."""
    array = np.array(values) if not isinstance(values[0], bytes) else np.array(values, object)
    if array.dtype == object:
        array = np.array([value.decode() for value in values])
    assert given_parts(array, name, "t").tolist() == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            ["train", "foo", "foo", "bar"],
            r"3 of 4 rows, which say 'foo' \(2\), 'bar' \(1\)\. Known",
        ),
        (["train", "", "test"], r"1 of 3 rows, which say nothing \(1\)"),
        (["0", "1", "1"], "call it is_test or is_train"),
        (["0", "1", "2"], "--groups part keeps each of them together"),
        (["train", "train"], "'train' in all rows, which divides nothing"),
        (["val", "test"], "leaves none to train on"),
        (list("abcde"), "and 2 other values"),
    ],
)
def test_parts_that_are_none(values, message):
    """They are named and counted."""
    with pytest.raises(DataError, match=message):
        given_parts(np.array(values), "part", "t")


@pytest.mark.parametrize(
    "values",
    [
        np.array(["2024-01-31", "2024-02-01", "2024-02-01 00:00:01"]),
        np.array(["2024-01", "2024-02", "2025-01"]),
        np.array(["2024-01-01T00:00:00+02:00", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5Z"]),
        np.array(["9", "10", "11"]),
        np.array(["-0.5", "1e-3", "2"]),
        np.array(["2024-01-31", "2024-02-01", "2024-03-01"], "M8[ns]"),
        np.array(
            [1_700_000_000_000_000_001, 1_700_000_000_000_000_002, 1_700_000_000_000_000_003]
        ),
        np.array([np.datetime64("2024-01-31").item(), np.datetime64("2024-02-01").item()]),
        np.array([0.5, 1.5], np.float32),
    ],
)
def test_times_grow(values):
    """Numbers by their value, dates by their moment."""
    assert (np.diff(times(values, "when", "t")) > 0).all()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.array(["2024-01-31", "31.01.2024", "1"]), "31.01.2024 in row 2.*2 of 3 rows"),
        (np.array(["today", "2024-01-01"]), "today in row 1"),
        (np.array([1.0, np.inf]), "inf in row 2"),
        (
            np.array(["0", "1.5", "2", "foo", "4"]),
            r"foo in row 4 \(from 1\), which is no number; 1 of 5 rows hold none",
        ),
        (
            np.array(["2024-01-01", "7.5", "2024-01-02"]),
            r"7.5 in row 2 \(from 1\), which is no date; 1 of 3 rows hold none",
        ),
        (
            np.array(["1.5", "2024-01-01", "2.5", "x"]),
            r"2024-01-01 in row 2 \(from 1\), which is no number; 2 of 4 rows",
        ),
        (np.array(["x", "y"]), r"x in row 1 \(from 1\), which is no time; 2 of 2 rows"),
        (np.array([1.0, np.nan, np.nan]), r"missing in 2 of 3 rows, first in row 2"),
        (np.array(["2024", "NA"]), "missing in 1 of 2 rows"),
        (
            np.array(
                ["2024-01-01T10:00:00Z", "2024-01-02", "2024-01", "2024-01-01T10:00:00+02:00"]
            ),
            (
                r"no time zone in 2 of 4 rows, first 2024-01-02 in row 2 \(from 1\), and one in the "
                r"others, such as 2024-01-01T10:00:00Z in row 1 \(from 1\).*\(Z is UTC\), or in none"
            ),
        ),
        (np.array([3, 3, 3]), "all 3 samples have one --time when, 3"),
    ],
)
def test_times_that_are_none(values, message):
    """They are named and counted."""
    with pytest.raises(DataError, match=message):
        times(values, "when", "t")


def test_words_that_may_mean_two_parts_are_none():
    """What is held out is chosen by, or tested by; the words that are known are all listed."""
    with pytest.raises(DataError, match="in 1 of 3 rows, which say 'holdout'") as error:
        given_parts(np.array(["train", "test", "holdout"]), "part", "t")
    for word in WORDS:
        assert re.search(rf"\b{word}\b", str(error.value))
        assert f"`{word}`" in (Path(data.__file__).parent / "README.md").read_text()


def test_groups_are_numbered_by_their_names():
    """Of any type, in whatever order their samples lie."""
    assert group_codes(np.array(["b", "a", "b"]), "g", "t").tolist() == [1, 0, 1]
    assert group_codes(np.array([2**60 + 1, 2**60, 7]), "g", "t").tolist() == [2, 1, 0]
    assert group_codes(np.array(["x", 3, "x"], object), "g", "t").tolist() == [1, 0, 1]


def test_groups_that_are_none():
    """One group, or samples of none."""
    with pytest.raises(DataError, match=r"all 2 samples are of one group.*'a'"):
        group_codes(np.array(["a", "a"]), "g", "t")
    with pytest.raises(DataError, match="missing in 1 of 3 rows, first in row 3"):
        group_codes(np.array(["a", "b", None], object), "g", "t")
