"""Labels, features and what is left out: by name, by content, by the user's word."""

import numpy as np
import pytest
from small_table import CLASSES, KINDS, NAMES, ROWS, SHUFFLED, N, label_first, table

from hpsoft.data import load
from hpsoft.data.tables.columns import Kind, Wish, assign, counts_rows, settle
from hpsoft.errors import DataError

NUMBER, TEXT = Kind.NUMBER, Kind.TEXT


def never(_):
    """Tell that no column counts the rows."""
    return False


@pytest.fixture
def read(tmp_path):
    """Return a function that loads text as a table."""

    def read(text, **options):
        path = tmp_path / "t.csv"
        path.write_text(text)
        return load(str(path), **options)

    return read


def features(data):
    """Return the number of features."""
    return data.training.samples.n_features


@pytest.mark.parametrize("start", [0, 1, 500])
@pytest.mark.parametrize("name", ["", "Unnamed: 0", "index", "Id", "rownames", "X", "t", "#"])
def test_a_first_column_that_counts_the_rows(read, name, start):
    """Whatever it is called, it is left out, and the notes say so and how to keep it."""
    data = read(table(first=range(start, start + N), first_name=name))
    assert features(data) == 4
    (note,) = [note for note in data.notes if "left out" in note]
    assert f"it counts the rows, {start} to {start + N - 1}" in note
    assert "--keep" in note
    assert data.columns is not None
    assert len(data.columns.omitted()) == 1


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "index", "id", "sample_id"])
@pytest.mark.parametrize(
    "first", [SHUFFLED, [f"bird {i}" for i in range(N)]], ids=["numbers", "text"]
)
def test_a_column_that_tells_the_rows_apart(read, name, first):
    """By its name, where all its values are different."""
    assert features(read(table(first=first, first_name=name))) == 4


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("t", SHUFFLED),
        ("id", [i // 2 for i in range(N)]),
        ("id", [i / 2 for i in range(N)]),
        ("t", [2 * i for i in range(N)]),
        ("t", [*range(N - 1), 0]),
    ],
    ids=["unknown name", "not unique", "fractions", "steps of 2", "almost"],
)
def test_other_columns_are_features(read, name, first):
    """In their place, and of the dtype that they need."""
    data = read(table(first=first, first_name=name))
    assert features(data) == 5
    rows = np.concatenate([data.training.samples.X, data.test.X])
    assert sorted(rows[:, 0]) == sorted(first)


@pytest.mark.parametrize("name", ["", "Unnamed: 0"])
def test_an_index_that_begins_again(read, name):
    """pandas' concat and sample repeat the numbers of rows."""
    data = read(table(first=[i % 20 for i in range(N)], first_name=name))
    assert features(data) == 4
    assert "as an index does" in data.notes[1]


@pytest.mark.parametrize("name", ["", "Unnamed: 5"])
def test_an_empty_column_without_a_name(read, name):
    """A margin of the sheet."""
    data = read(table(first=[""] * N, first_name=name))
    assert features(data) == 4
    assert data.notes[1].endswith("is left out: it is empty.")


def test_an_empty_column_with_a_name(read):
    """It is left out, and nothing is missing for that."""
    data = read(table(first=[""] * N, first_name="height"))
    assert features(data) == 4
    assert data.notes[1] == "Column 'height' is left out: it is empty in the training part."


def test_row_numbers_cost_no_bytes(read):
    """Row numbers above 255 leave pixels the bytes that they are."""
    text = table(rows=[[1, 2, 3, i] for i in range(N)], first=range(400, 400 + N), first_name="id")
    assert read(text).training.samples.X.dtype == np.uint8


def test_counters_behind_each_other(read):
    """A file that was written with its index twice."""
    rows = [[i + 1, *row] for i, row in enumerate(ROWS)]
    text = table(header=["X", *NAMES, "kind"], rows=rows, first=range(N), first_name="")
    assert features(read(text)) == 4


def test_an_id_behind_the_labels_is_not_the_label(read):
    """The last column besides it is."""
    labels = [f"{kind},{i}" for i, kind in enumerate(KINDS)]
    data = read(table(header=[*NAMES, "kind,id"], labels=labels))
    assert data.notes[0].startswith("Labels: column 'kind'")
    assert features(data) == 4


@pytest.mark.parametrize("column", ["t", "0"])
def test_keep(read, column):
    """By name or position."""
    assert features(read(table(first=range(N), first_name="t"), keep=[column])) == 5


@pytest.mark.parametrize("drop", [["mass"], ["3"], ["mass", "width"]])
def test_drop(read, drop):
    """By name or position; it needs no note."""
    data = read(table(), drop=drop)
    assert features(data) == 4 - len(drop)
    assert len(data.notes) == 1


def test_dropped_columns_may_hold_anything(read):
    """Text among numbers as well."""
    text = table(rows=[["red", *ROWS[0][1:]], *ROWS[1:]])
    with pytest.raises(DataError, match=r"'length' .* not numeric: line 2 has 'red'.*--drop"):
        read(text)
    assert features(read(text, drop=["length"])) == 3


@pytest.mark.parametrize("name", ["label", "Target", "CLASS", "y", "Species", "outcome", "digit"])
def test_labels_by_their_name(read, name):
    """They come before the last column, and the first note says why."""
    data = read(label_first(name, NAMES))
    assert data.notes[0] == f"Labels: column {name!r}, by its name."
    assert data.classes == ("0", "1", "2")


def test_labels_by_being_text(read):
    """Features are numbers, so a single column of text holds the labels."""
    data = read(label_first("kind", NAMES, KINDS))
    assert data.notes[0] == "Labels: column 'kind', the only one of text."


def test_labels_by_being_last(read):
    """Nothing better is known."""
    data = read(table(header=[*NAMES, "k"], labels=CLASSES))
    assert data.notes[0] == "Labels: column 'k', the last one; --target COLUMN names another."


def test_labels_that_the_user_names(read):
    """No guess, no note."""
    data = read(label_first("k", NAMES), target="k")
    assert data.notes == ()
    assert data.columns is not None
    assert not data.columns.is_guess


def test_other_names_are_told():
    """Where several names would do."""
    found = assign(["class", "a", "label"], [NUMBER] * 3, Wish(), "t", never)
    assert found.notes() == ("Labels: column 'label', by its name (before 'class').",)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Wish(target="kid"), "No column 'kid'.*Did you mean 'kind'.*See --target"),
        (Wish(keep=("widht",)), "No column 'widht'.*Did you mean 'width'.*See --keep"),
        (Wish(drop=("9",)), "No column '9'.*See --drop"),
        (Wish(keep=("a",), drop=("0",)), "'a' cannot be both kept and dropped"),
        (Wish(target="a", drop=("a",)), "holds the labels by --target, so --drop"),
        (Wish(target="a", keep=("a",)), "holds the labels by --target, so --keep"),
        (Wish(drop=("a", "width")), "no feature besides the labels, column 'kind'"),
        (Wish(drop=("a", "width", "kind")), "no column of labels left"),
    ],
)
def test_wishes_that_cannot_be(wish, message):
    """Each says what and where."""
    with pytest.raises(DataError, match=message):
        assign(["a", "width", "kind"], [NUMBER, NUMBER, TEXT], wish, "t", never)


def test_nothing_but_row_numbers(read):
    """The error tells the way back, and it works."""
    text = "n,kind\n" + "".join(f"{i},{kind}\n" for i, kind in enumerate(KINDS))
    with pytest.raises(DataError, match=r"no feature .*counts the rows.*--keep n takes it"):
        read(text)
    assert features(read(text, keep=["n"])) == 1


def test_names_that_no_shell_takes():
    """The way back is a position then."""
    found = assign(["a\x1b[31m id", "b", "kind"], [NUMBER, NUMBER, TEXT], Wish(), "t", never)
    settled = settle(found, {0: np.arange(3.0)}, "t")
    assert "--keep 0 takes" in settled.left_out[0]


def test_a_gap_is_no_row_number():
    """A column with NaN numbers nothing."""
    found = assign(["id", "b", "kind"], [NUMBER, NUMBER, TEXT], Wish(), "t", never)
    assert settle(found, {0: np.array([0, np.nan, 2])}, "t").features == [0, 1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3, 4, 5], True),
        ([1], False),
        ([0.5, 1.5], False),
        ([2, 1], False),
        ([np.inf, np.inf], False),
    ],
)
def test_counting(values, expected):
    """Whole numbers, one more each time."""
    assert counts_rows(np.array(values, float)) == expected


@pytest.mark.parametrize("wish", [Wish("a"), Wish(keep=("a",)), Wish(drop=("a",))])
def test_a_wish_is_one(wish):
    """Or none."""
    assert wish
    assert not Wish()


def test_side_columns_that_are_called_as_labels_are():
    """Labels cannot group; where others are by their name, or the user says so, they may."""
    names, kinds = ("a", "label", "b"), (NUMBER, TEXT, NUMBER)
    for role, option in (("groups", "--groups"), ("sample_weight", "--sample-weight")):
        wish = Wish(side={role: "label"})
        message = f"^Column 'label' of t is called as labels are, and {option} cannot"
        with pytest.raises(DataError, match=message):
            assign(names, kinds, wish, "t", never)
    assert assign(names, kinds, Wish(side={"groups": "label"}, target="b"), "t", never).label == 2
    found = assign(("a", "label", "target"), kinds, Wish(side={"groups": "label"}), "t", never)
    assert found.label == 2


def test_one_column_of_a_table_without_separators():
    """Nothing is said of `--delimiter`, which such a table has not."""
    with pytest.raises(DataError, match=r"^t.parquet has 1 column.s.; .* needed\.$"):
        assign(("a",), (NUMBER,), Wish(), "t.parquet", never)


def test_labels_that_are_all_empty(read):
    """The separator before them ends no row: the last column has a name."""
    with pytest.raises(DataError, match=r"'label'.*: 9 of 9 are missing, first in row 1"):
        read("a,b,label\n" + "1,2,\n" * 9)


def test_a_side_column_that_is_dropped_too_is_called_by_its_role():
    """Nobody is told that `--drop` leaves out what `--groups` reads."""
    wish = Wish(drop=("a",), side={"groups": "a"})
    found = assign(("a", "b", "label"), (NUMBER, NUMBER, TEXT), wish, "t", never)
    assert "--groups" in found.left_out[0]
    assert found.side == {"groups": 0}
