"""Arrays are known by their names."""

import pytest

from hpsoft.data.sources.arraynames import Pair, parts_of, role_of
from hpsoft.errors import DataError


@pytest.mark.parametrize(
    ("name", "part", "kind"),
    [
        ("X", "", "X"),
        ("y", "", "labels"),
        ("x_train", "train", "X"),
        ("X_val", "val", "X"),
        ("y_valid", "val", "labels"),
        ("x_validation", "val", "X"),
        ("yTest", "test", "labels"),
        ("train_images", "train", "X"),
        ("val_labels", "val", "labels"),
        ("dev-targets", "val", "labels"),
        ("test_x", "test", "X"),
        ("embeddings", "", "X"),
        ("data", "", "X"),
        ("target", "", "labels"),
    ],
)
def test_roles(name, part, kind):
    """A part and a kind, in either order."""
    role = role_of(name)
    assert role is not None
    assert (role.part, role.kind) == (part, kind)


@pytest.mark.parametrize("name", ["", "train", "test", "weights", "z_train", "xy", "names"])
def test_names_of_something_else(name):
    """A part alone is no array of samples."""
    assert role_of(name) is None


def test_all_parts():
    """Training, validation and test part; the notes tell of the second."""
    names = [f"{kind}_{part}" for kind in "xy" for part in ("train", "val", "test")]
    parts = parts_of(names, "a.npz")
    assert (parts.train, parts.val, parts.test) == (
        Pair("x_train", "y_train"),
        Pair("x_val", "y_val"),
        Pair("x_test", "y_test"),
    )
    assert parts.notes == ("The arrays 'x_val' and 'y_val' are the validation part.",)


def test_usual_names_need_no_note():
    """X and y speak for themselves; what is not read is told."""
    assert parts_of(["X", "y"], "a.npz").notes == ()
    assert parts_of(["X", "y", "ids"], "a.npz").notes == ("Not read: 'ids'.",)
    many = parts_of(["X", "y", *"abcdefg"], "a.npz").notes
    assert many == ("Not read: 'a', 'b', 'c', 'd', 'e' and others.",)


def test_the_likeliest_of_several():
    """X before data before images; y before labels."""
    parts = parts_of(["images", "data", "target", "labels"], "a.npz")
    assert parts.train == Pair("data", "labels")
    assert parts.notes[0] == "The features are the array 'data', the labels 'labels'."


def test_x_and_y_with_a_test_part():
    """Where there is no x_train, X and y are the training part."""
    parts = parts_of(["X", "y", "X_test", "y_test"], "a.npz")
    assert parts.test == Pair("X_test", "y_test")


def test_x_and_y_beside_their_parts():
    """Where x_train is there as well, X and y are everything, and no part is read twice."""
    parts = parts_of(["X", "y", "x_train", "y_train", "x_test", "y_test"], "a.npz")
    assert (parts.train, parts.test) == (Pair("X", "y"), None)
    assert "Not read: 'x_test'" in parts.notes[0]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["X"], "holds X; wanted are X and y"),
        ([], "holds no arrays"),
        (["x_train", "y_train", "x_val"], "x_val alone; a validation part needs x_val and y_val"),
        (["x_train", "y_train", "y_test"], "y_test alone; a test part needs x_test and y_test"),
    ],
)
def test_what_is_missing(names, message):
    """The file is named, and what it has."""
    with pytest.raises(DataError, match=f"a.npz .*{message}"):
        parts_of(names, "a.npz")
