"""Arrays are known by their names."""

import pytest

from hpsoft.data.containers.arraynames import place_of, prefixed_role, role_of


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


@pytest.mark.parametrize(
    ("name", "part", "kind", "prefix"),
    [
        ("digits_train_images", "train", "X", ("digits",)),
        ("fashion-mnist-test-labels", "test", "labels", ("fashion", "mnist")),
        ("train_set_x", "train", "X", ()),
        ("train_catvnoncat/train_set_y", "train", "labels", ("catvnoncat",)),
        ("train/X", "train", "X", ()),
        ("val.data.labels", "val", "labels", ("data",)),
        ("digitsTrainImages", "train", "X", ("digits",)),
        ("t10k_images", "test", "X", ()),
        ("fine_labels", "", "labels", ("fine",)),
        ("train_32x32/X", "train", "X", ("32x32",)),
    ],
)
def test_roles_behind_a_prefix(name, part, kind, prefix):
    """What all names of a data set share is no part and no kind."""
    role = prefixed_role(name)
    assert role is not None
    assert (role.part, role.kind, role.prefix) == (part, kind, prefix)


@pytest.mark.parametrize("name", ["train_emb", "emb_train", "train/emb", "embTrain", "Train-Emb"])
def test_places(name):
    """A part, and what is called alike in other parts."""
    assert (place_of(name).part, place_of(name).words) == ("train", ("emb",))


def test_a_part_is_a_word():
    """Not the beginning of one."""
    assert place_of("trees").part == ""
    assert place_of("contest_y").part == ""
