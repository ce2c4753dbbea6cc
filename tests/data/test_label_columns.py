"""Which column is the label, and what is said of others that tell it."""

import pytest
from small_table import KINDS, NAMES, ROWS, N, label_first, table

from hpsoft.data import load
from hpsoft.errors import DataError


def test_leaks_are_warned_of_by_name(write):
    """A copy of the labels; a good feature is none."""
    rows = [
        [*row[:3], {"a": 1, "c": 2, "g": 3}[kind[0]]]
        for row, kind in zip(ROWS, KINDS, strict=True)
    ]
    (warning,) = [n for n in load(write(table(rows=rows))).notes if n.startswith("Warning: ")]
    assert "'mass' tells the label by itself: each of its values occurs with one class" in warning
    assert "--drop" in warning
    assert not [n for n in load(write(table())).notes if n.startswith("Warning: ")]


@pytest.mark.parametrize(
    ("target", "label"), [("-1", "mass"), ("-5", "k"), ("0", "k"), ("4", "mass")]
)
def test_targets_by_position(write, target, label):
    """From either end."""
    path = write(label_first("k", NAMES))
    try:
        found = load(path, target=target)
    except DataError as error:
        assert label == "mass"
        assert "'mass'" in str(error)  # noqa: PT017 - a measurement, refused by its name
    else:
        assert found.columns is not None
        assert found.columns.label_name == label
    with pytest.raises(DataError, match="No column '-6'"):
        load(path, target="-6")


def test_two_columns_that_may_be_the_labels(write):
    """The only one of text, or the last."""
    rows = [[row[0], ("m", "f")[i % 2]] for i, row in enumerate(ROWS)]
    path = write(
        table(header=["size", "sex", "sick"], rows=rows, labels=[i % 2 for i in range(N)])
    )
    with pytest.raises(DataError, match=r"Two columns of .* 'sex', .* and 'sick', .*--target"):
        load(path)
    assert load(path, target="sick").features == ("size", "sex=f", "sex=m")


def test_a_class_of_one_sample(write):
    """It is trained on; that is said."""
    path = write(table(labels=["dodo", *KINDS[1:]]))
    data = load(path)
    assert "dodo" in data.classes
    assert data.training.samples.labels.tolist().count(data.classes.index("dodo")) == 1
    (note,) = [note for note in data.notes if "dodo" in note]
    assert note == (
        "Class 'dodo' has one sample: it is trained on, and never held out to choose or to test by."
    )


def test_a_second_column_of_labels(write):
    """It is a feature, and warned of; --keep says that it is one, --drop that it is none."""
    rows = "\n".join(f"{i * 7 % 13},{i * 5 % 3},{i % 2}" for i in range(40))
    path = write(f"a,target,label\n{rows}\n")
    for options in ({}, {"target": "label"}):
        (warned,) = [n for n in load(path, **options).notes if "is called as labels are" in n]
        assert warned.startswith("Warning: column 'target' is a feature")
    for options in ({"keep": ["target"]}, {"drop": ["target"]}):
        assert not any("called as labels" in n for n in load(path, **options).notes)
    path = write(f"a,category,label\n{rows}\n")
    assert any("'category'" in n and "called as" in n for n in load(path).notes)
    assert not any("called as labels" in n for n in load(path, target="label").notes)
