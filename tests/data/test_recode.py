"""Words that mean `missing`, and numbers that are names, in every kind of table."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from hpsoft.data import load
from hpsoft.data.encoding.category import Category
from hpsoft.data.encoding.policy import NOW, SHARED, Policy
from hpsoft.data.recode import names_of
from hpsoft.data.spec import DataSpec
from hpsoft.errors import DataError

N = 60
SIZE = [f"{i / 7:.3f}" for i in range(N)]
COLUMNS = {
    "size": ["unknown" if i % 9 == 0 else cell for i, cell in enumerate(SIZE)],
    "ward": [str(1 + i * 7 % 4) for i in range(N)],
    "dose": ["-999" if i == 11 else str(i * 3 % 17) for i in range(N)],
    "weight": ["" if i in {3, 7} else "1.5" for i in range(N)],
    "label": ["xyz"[i % 3] for i in range(N)],
}


def csv(path, columns):
    lines = [",".join(columns), *map(",".join, zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def typed(path, columns):
    """Write numbers as numbers."""
    table = {
        "size": columns["size"],
        "ward": pa.array(map(float, columns["ward"])),
        "dose": pa.array(map(int, columns["dose"])),
        "weight": pa.array(float(w) if w else None for w in columns["weight"]),
        "label": columns["label"],
    }
    parquet.write_table(pa.table(table), path)
    return str(path)


@pytest.fixture(params=[csv, typed])
def table(request, tmp_path):
    name = {"csv": "t.csv", "typed": "t.parquet"}[request.param.__name__]
    return request.param(tmp_path / name, COLUMNS)


def test_words_and_names(table):
    """Words are missing values, then; what is left are numbers; whole numbers become names."""
    policy = Policy("median", categorical=("ward",), missing_values=("UNKNOWN", "dose=-999"))
    data = load(table, policy=policy, drop=["weight"])
    assert data.features == ("size", "ward=1", "ward=2", "ward=3", "ward=4", "dose")
    X = np.vstack([data.training.samples.X, data.test.X])
    assert X.min() == 0
    assert not np.isnan(X).any()
    assert any("8 missing values of 2 columns" in note for note in data.notes)
    assert not data.doubts


def test_words_of_all_columns_and_positions(table):
    """-999 says so everywhere, column 1 is that of the ward."""
    policy = Policy("drop-rows", categorical=("1",), missing_values=("unknown", "-999"))
    data = load(table, policy=policy, side={"sample_weight": "weight"})
    assert len(data.training) + len(data.test) == N - 7 - 1 - 2
    said = "10 of 60 rows have a missing value (2 of --sample-weight weight) and are left out."
    assert said in data.notes


def test_a_few_words_in_a_large_column(tmp_path):
    """They are mistakes, unless they are named; other ones stay mistakes."""
    few = {"size": [*SIZE[:50], "unknown", *SIZE[51:]], "label": COLUMNS["label"]}
    path = csv(tmp_path / "t.csv", few)
    with pytest.raises(
        DataError, match=r"line 52 has 'unknown'.*--missing-values unknown takes it"
    ):
        load(path)
    assert load(path, policy=Policy("mean", missing_values=("unknown",))).features == ("size",)
    few["size"][55] = "1.O"
    with pytest.raises(DataError, match=r"line 57 has '1\.O'"):
        load(csv(tmp_path / "t.csv", few), policy=Policy("mean", missing_values=("unknown",)))


def test_arrays(tmp_path):
    """Numbers may say so in arrays; nothing else can."""
    X = np.arange(60, dtype=np.int64).reshape(30, 2)
    np.savez(tmp_path / "a.npz", X=X, y=np.arange(30) % 2)
    path = str(tmp_path / "a.npz")
    data = load(path, policy=Policy("drop-rows", missing_values=("7",)))
    assert len(data.training) + len(data.test) == 29
    assert "1 of 30 rows have a missing value and are left out." in data.notes
    for wrong, match in (
        (Policy("mean", missing_values=("unknown",)), "holds numbers alone"),
        (Policy(categorical=("0",)), "only columns of tables have names"),
    ):
        with pytest.raises(DataError, match=match):
            load(path, policy=wrong)


def test_parts_agree(tmp_path):
    """Numbers of the training part are numbers in the test part, or it is told where not."""
    policy = Policy("median", categorical=("ward",), missing_values=("unknown",))
    for part in ("train", "test"):
        csv(tmp_path / f"{part}.csv", {n: COLUMNS[n] for n in ("size", "ward", "label")})
    data = load(str(tmp_path), policy=policy)
    assert (len(data.training), len(data.test), len(data.features)) == (N, N, 5)
    odd = {
        "size": ["none yet", "unknown"] * 30,
        "ward": COLUMNS["ward"],
        "label": COLUMNS["label"],
    }
    csv(tmp_path / "test.csv", odd)
    with pytest.raises(DataError, match=r"'none yet' in row 1 .from 1. of another one"):
        load(str(tmp_path), policy=policy)


@pytest.mark.parametrize(
    ("policy", "options", "match"),
    [
        (Policy(categorical=("label",)), {}, "it holds the labels"),
        (Policy(categorical=("ward",)), {"drop": ["ward"]}, "left out: --drop says so"),
        (Policy(categorical=("ward",)), {"side": {"groups": "ward"}}, "the column of --groups"),
        (Policy(categorical=("word",)), {}, "No column 'word'.*See --categorical"),
        (Policy(categories="drop", categorical=("ward",)), {}, "--categories drop allows no such"),
        (Policy(missing_values=("a", "")), {}, "has an empty word"),
    ],
)
def test_contradictions(table, policy, options, match):
    with pytest.raises(DataError, match=match):
        load(table, policy=policy, **options)


def test_numbers_as_names():
    """Whole ones without a fraction, NaN is missing."""
    column = names_of(np.array([2.0, np.nan, 1.0, 2.0, 0.5]))
    assert column.levels == ("0.5", "1", "2")
    assert column.codes.tolist() == [2, -1, 1, 2, 0]


def test_dates_called_categorical(tmp_path):
    """A feature for each."""
    days = [f"2024-03-0{1 + i % 3}" for i in range(N)]
    path = csv(tmp_path / "t.csv", {"day": days, "size": SIZE, "label": COLUMNS["label"]})
    kinds = [type(c) for c in load(path, policy=Policy(categorical=("day",))).encoding.columns]
    assert kinds[0] is Category


def test_they_are_kept():
    """In a study, and told apart; what is no list is refused."""
    policy = Policy("median", categorical=("a",), missing_values=("x", "b=2"))
    kept = DataSpec("t.csv", policy=policy).to_attribute()
    assert kept["categorical"] == ["a"]
    assert DataSpec.from_attribute(kept).policy == policy
    assert policy.options() == {
        "missing": "median",
        "categorical": ["a"],
        "missing-values": "x,b=2",
    }
    assert policy.differences(Policy("median")) == [
        "--categorical a there, not given here",
        "--missing-values x,b=2 there, not given here",
    ]
    with pytest.raises(TypeError, match="categorical of source"):
        Policy.from_attribute({"categorical": "a"})
    old = Policy("median", rules=SHARED)
    assert policy.fill_difference(old) == [
        "gaps filled in by the rows that each split trains on there, by all training rows here"
    ]
    assert policy.rules == NOW
    assert not policy.fill_difference(Policy("mean"))


@pytest.mark.parametrize(
    ("word", "column"), [("sze=1", "size"), ("zzz=1", None), ("zzz=NA", None)]
)
def test_words_of_a_column_that_is_not_there(table, word, column):
    with pytest.raises(DataError, match=r"No column '\w+'.* See --missing-values") as error:
        load(table, policy=Policy("mean", missing_values=(word,)))
    assert (f"Did you mean '{column}'?" in str(error.value)) == (column is not None)


@pytest.mark.parametrize(
    ("words", "odd"),
    [
        (("unknown", "never", "-998"), "never,-998"),
        (("dose=-999", "size=-999", "NA", "size=unknown"), "size=-999"),
        (("label=x",), "label=x"),
        (("unknown",), None),
    ],
)
def test_words_that_occur_nowhere_are_told(table, words, odd):
    data = load(table, policy=Policy("drop-rows", missing_values=words))
    said = [note for note in data.notes if "occurs in no feature" in note]
    assert said == (
        [f"--missing-values {odd} occurs in no feature of {table}, and changes nothing."]
        * bool(odd)
    )


def test_a_number_that_occurs_nowhere_in_arrays(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.arange(60.0).reshape(20, 3), y=np.arange(20) % 2)
    policy = Policy("drop-rows", missing_values=("5", "-999"))
    data = load(str(tmp_path / "a.npz"), policy=policy)
    (note,) = (note for note in data.notes if "occurs in no feature" in note)
    assert note.startswith("--missing-values -999 occurs")
