"""Usual names of labels and of row numbers."""

import pytest

from hpsoft.data.tables.columnnames import is_label_name, is_unnamed, named_labels, numbers_rows


@pytest.mark.parametrize(
    "name",
    [
        *("label", "Label", "LABELS", "target", "Class", "class_label", "Class Label", "y"),
        *("Species", "outcome", "category", "digit", "diagnosis", " label ", "ground truth"),
    ],
)
def test_names_of_labels(name):
    """Letter case and marks do not matter."""
    assert is_label_name(name)


@pytest.mark.parametrize("name", ["", "x", "classic", "price", "pixel1", "subclass", "éty"])
def test_other_names(name):
    """A part of a name is not enough."""
    assert not is_label_name(name)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["class", "a", "label"], [2, 0]),
        (["a", "Label", "label"], [2, 1]),
        (["x", "y", "kind"], []),
        (["x", "y"], [1]),
        (["y", "a"], [0]),
        (["x", "y", "target"], [2]),
    ],
)
def test_the_likeliest_comes_first(names, expected):
    """`label` before `class`; of equals the last; y beside x is a coordinate."""
    assert named_labels(names) == expected


@pytest.mark.parametrize(
    "name",
    [
        *("", "Unnamed: 0", "Unnamed: 0.1", "unnamed", "id", "ID", "index", "row.names", "#"),
        *("rownames", "No.", "...1", "customer_id", "PassengerId", "sampleID", "obs", "S.No"),
    ],
)
def test_names_of_row_numbers(name):
    """What R, pandas, readr and people write."""
    assert numbers_rows(name)


@pytest.mark.parametrize(
    "name", ["acid", "COVID", "fluid", "width", "no", "%", "温度", "grid", "V1", "index_of_x"]
)
def test_names_of_measurements(name):
    """Letters and marks that only look like it."""
    assert not numbers_rows(name)


def test_columns_without_a_name():
    """Nothing, or what pandas and readr write for it."""
    assert all(map(is_unnamed, ["", " ", "Unnamed: 0", "...1"]))
    assert not any(map(is_unnamed, ["id", "index", "Unnamed column"]))
