"""Labels of any kind become indices; classes keep their names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.data.labels import alike, encode
from hpsoft.errors import DataError


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ([10, 2, -1], ("-1", "2", "10")),
        (["10", "2", "-1"], ("-1", "2", "10")),
        (["10", "2.0"], ("2", "10")),
        ([3.0, 1.0], ("1", "3")),
        ([True, False], ("False", "True")),
        (["b", " a", "10"], ("10", "a", "b")),
        (["01", "02", "10"], ("1", "2", "10")),
        (["2", "1e5", "1.5"], ("1.5", "1e5", "2")),
        (["1", str(10**30)], ("1", str(10**30))),
        (np.array([b"\xc3\xa9", b"a"]), ("a", "é")),
        (np.array(["x", 3], dtype=object), ("3", "x")),
        (np.array([2**63 + 1, 5], dtype=np.uint64), ("5", "9223372036854775809")),
        (np.array([[1], [2]]), ("1", "2")),
        (np.eye(3)[[2, 0, 2]], ("0", "2")),
        (np.eye(2, dtype=bool)[[1, 0]], ("0", "1")),
        (np.eye(2, dtype=np.float16)[[1, 0]], ("0", "1")),
    ],
)
def test_classes_are_sorted_and_named(labels, classes):
    """Numbers are sorted by value, strings alphabetically."""
    labels = np.asarray(labels)
    indices, _, found = encode(labels, None, "data")
    assert found == classes
    assert indices.dtype == np.intp
    assert indices.shape == (len(labels),)


@given(st.lists(st.one_of(st.integers(-100, 100)), min_size=2).filter(lambda v: len(set(v)) > 1))
def test_names_lead_back_to_labels(values):
    """The name of every sample's class is its label; text and numbers agree."""
    indices, test, classes = encode(np.array(values), np.array(values[::-1]), "data")
    assert [int(classes[i]) for i in indices] == values
    np.testing.assert_array_equal(test, indices[::-1])
    text, _, text_classes = encode(np.array(values).astype(str), None, "data")
    assert text_classes == classes
    np.testing.assert_array_equal(text, indices)


def test_test_labels_of_another_type():
    """Numbers in one part and text in the other are compared as text."""
    _, test, _ = encode(np.array([10, 9]), np.array(["9", "10", "9"]), "data")
    assert test.tolist() == [0, 1, 0]
    with pytest.raises(DataError, match="Class 'x' is in the test part"):
        encode(np.array([10, 9]), np.array(["x", "9"]), "data")


@pytest.mark.parametrize(
    ("train", "test", "expected"),
    [
        (["01", "1", "2"], ["01", "01"], ["01", "01"]),
        (["01", "02", "1A"], ["01", "02"], ["01", "02"]),
        (["1", "2"], ["2.0", "01"], ["2", "1"]),
        (["1", "2"], [2, 1], ["2", "1"]),
        (["1", "2A"], [1, 1], ["1", "1"]),
    ],
)
def test_training_labels_decide_what_test_labels_are(train, test, expected):
    """A number or a name: not the test part by what happens to be in it."""
    _, indices, classes = encode(np.array(train), np.array(test), "data")
    assert [classes[i] for i in indices] == expected


def test_a_name_in_the_test_part_is_no_number():
    with pytest.raises(DataError, match="Class '1e0' is in the test part"):
        encode(np.array(["1", "2"]), np.array(["1e0"]), "data")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([1, 1], r"one class only \(1\)"),
        ([], r"one class only \(none\)"),
        (["a", ""], "Label 2 .* is empty"),
        (np.array(["a", None], dtype=object), "Label 2 .* is missing"),
        (np.array(["a", np.nan], dtype=object), "Label 2 .* is missing"),
        ([0.5, 1], "hold 0.5, which names no class"),
        ([np.nan, 1], "hold nan"),
        ([1e30, 1], "names no class"),
        (
            np.minimum(np.eye(3) + np.eye(3)[::-1], 1),
            r"shape \(3, 3\), and are not one-hot.*row 1 \(from 1\) has 2",
        ),
        (np.full((4, 2), 0.5), r"row 1 .from 1. has other numbers.*argmax"),
        (np.array([[0, 1], [0, 0]]), r"row 2 .from 1. has 0; 1 of 2 rows have not one"),
        (np.ones((3, 2, 2)), r"have shape \(3, 2, 2\)"),
        ([1j, 2j], "are of type complex128"),
    ],
)
def test_bad_labels(labels, message):
    """What cannot be a label is refused with the reason."""
    with pytest.raises(DataError, match=message):
        encode(np.asarray(labels), None, "data")


def test_class_of_the_test_part_only():
    """A class that cannot be learnt is named."""
    with pytest.raises(DataError, match="Class '7' is in the test part of data but absent"):
        encode(np.array([1, 2]), np.array([1, 7]), "data")


@pytest.mark.parametrize("names", [["01", "1", "2"], ["1_0", "10", "3"], ["1.0", "1", "2"]])
def test_texts_that_are_one_number_stay_the_names_they_are(names):
    _, _, classes = encode(np.array(names), None, "labels")
    assert sorted(classes) == sorted(names)


def test_numbers_beyond_2_53_are_alike_by_their_digits():
    assert alike(np.arange(2), ("9007199254740992", "9007199254740993")) == ()
    (said,) = alike(np.arange(2), ("9007199254740993", "9007199254740993.0"))
    assert "2 classes" in said
    assert alike(np.arange(3), ("1e999999999999999999", "nan", "snan")) == ()


def test_names_that_are_alike():
    """But for case, spaces, or the way a number is written: a warning with their counts."""
    classes = ("1", "1.0", "01", "2", "No", "no", "new  york", "New York", "1_0", "10", "maybe")
    said = alike(np.arange(len(classes)).repeat(3), classes)
    assert len(said) == 3
    assert said[0].startswith(
        "Warning: the labels '1' (3 samples) and '1.0' (3 samples) and '01' (3 samples) are 3 classes"
    )
    assert "'No' (3 samples) and 'no'" in said[1]
    assert alike(np.arange(3), ("a", "b", "c")) == ()
    many = tuple(f"{k}{end}" for k in range(8) for end in ("", ".0"))
    assert alike(np.arange(16), many)[-1] == ("Warning: 3 more names of classes are so alike.")
