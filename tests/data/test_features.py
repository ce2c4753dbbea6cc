"""From tables with text and gaps to parts: fitted on training rows, alike from every file."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from small_table import KINDS, NAMES, PIXELS, ROWS, N, table

from hpsoft.data import info, load
from hpsoft.data.encoding.policy import Policy
from hpsoft.data.rows import Rows
from hpsoft.data.spec import DataSpec, load_again
from hpsoft.errors import DataError

COLORS = [("red", "green", "NA")[i % 3] for i in range(N)]
MEDIAN, DROP_ROWS = Policy("median"), Policy("drop-rows")


def birds(colors=COLORS, gaps=(3, 17), constant=False):
    """Return a table with a column of text, gaps in its numbers and its text."""
    rows = [[color, *row] for color, row in zip(colors, ROWS, strict=True)]
    for i in gaps:
        rows[i][2] = ""
    if constant:
        rows = [[*row[:4], 7] for row in rows]
    return table(header=["color", *NAMES, "kind"], rows=rows, labels=[f"k{k}" for k in KINDS])


def test_text_and_gaps_of_a_csv(write):
    """Named features, filled in by the training part's median."""
    data = load(write(birds()), target="kind", policy=MEDIAN)
    assert data.features == ("color=green", "color=red", "color=(missing)", *NAMES)
    assert data.training.features == data.features
    assert np.isfinite(data.training.samples.X[:]).all()
    assert "Column 'color' holds text, made 3 features of 0 and 1." in data.notes


def test_a_parquet_of_the_same_data(write, tmp_path):
    """It has the same features and fingerprint: nulls are missing, categories are text."""
    width = [None if i in {3, 17} else row[1] for i, row in enumerate(ROWS)]
    colors = pa.array([None if c == "NA" else c for c in COLORS])
    columns = {name: [row[k] for row in ROWS] for k, name in enumerate(NAMES)}
    columns = {"color": colors.dictionary_encode(), **columns, "width": width}
    parquet.write_table(
        pa.table({**columns, "kind": [f"k{k}" for k in KINDS]}), tmp_path / "t.parquet"
    )
    for policy in (MEDIAN, DROP_ROWS, Policy("mean", "drop")):
        of_csv = load(write(birds()), target="kind", policy=policy)
        other = load(str(tmp_path / "t.parquet"), target="kind", policy=policy)
        assert other.fingerprint == of_csv.fingerprint
        assert other.encoding == of_csv.encoding


def test_typed_columns(tmp_path):
    """Dates are days, decimals numbers, missing truth values missing, nothing is nothing."""
    when = np.arange(N).astype("datetime64[D]") + np.timedelta64(10, "D")
    columns = {
        "when": when,
        "at": when.astype("datetime64[ns]"),
        "cost": pa.array([f"{i}.5" for i in range(N)]).cast(pa.decimal128(6, 1)),
        "on": pa.array([None, True, False] * (N // 3)),
        "count": pa.array([None, *range(1, N)]),
        "nothing": pa.nulls(N),
        "kind": KINDS,
    }
    parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    data = load(str(tmp_path / "t.parquet"), policy=MEDIAN)
    assert data.features == ("when", "at", "cost", "on", "count")
    shown = {c.name: (c.taken_for, c.becomes) for c in info(data).columns}
    assert shown["when"][0] == shown["at"][0] == "date"
    assert shown["on"][0] == "truth"
    assert shown["kind"] == ("labels", "3 classes")
    assert shown["nothing"] == ("left out", "left out: it is empty in the training part")
    whole = np.vstack([data.training.samples.X[:], data.test.X[:]])
    assert sorted(whole[:, 0]) == sorted(10.0 + np.arange(N))
    np.testing.assert_array_equal(whole[:, 0], whole[:, 1])
    assert set(whole[:, 2] % 1) == {0.5}


def test_only_the_training_part_is_looked_at(write):
    """A level of a test row alone is none, and what fills gaps is not of the test part."""
    usual = load(write(birds()), target="kind", policy=MEDIAN)
    X = np.array(ROWS)
    held = [i for i in range(N) if (np.asarray(usual.test.X)[:, 3:] == X[i]).all(axis=1).any()]
    assert len(held) >= len(usual.test) - 2
    rows = birds().splitlines()
    for i in held:
        cells = rows[i + 1].split(",")
        rows[i + 1] = ",".join(["pink", "1e6", *cells[2:]])
    other = load(write("\n".join(rows) + "\n"), target="kind", policy=MEDIAN)
    assert other.encoding == usual.encoding
    assert any(
        f"{len(held)} of {len(other.test)} test samples have a value" in n for n in other.notes
    )


@pytest.mark.parametrize("missing", ["median", "mean", "drop-rows"])
def test_gaps_of_arrays(tmp_path, missing):
    """NaN in an .npz, in every part; columns are called by their positions."""
    X, y = np.random.default_rng(0).normal(size=(60, 3)), np.arange(60) % 2
    X[[4, 40, 50], 1] = np.nan
    parts = {"x_train": X[:30], "y_train": y[:30], "x_val": X[30:45], "y_val": y[30:45]}
    np.savez(tmp_path / "a.npz", **parts, x_test=X[45:], y_test=y[45:])
    path = str(tmp_path / "a.npz")
    with pytest.raises(
        DataError, match=r"1 value is missing .* in 1 of 30 rows .*'1' 1 .from row 5"
    ):
        load(path)
    data = load(path, policy=Policy(missing))
    assert data.training.validation is not None
    sizes = [len(data.training.samples), len(data.training.validation), len(data.test)]
    if missing == "drop-rows":
        assert sizes == [29, 14, 14]
        assert data.features is None
        return
    assert sizes == [30, 15, 15]
    fill = {"median": np.nanmedian, "mean": np.nanmean}[missing](X[:30, 1])
    assert data.test.X[5, 1] == data.training.validation.X[10][1] == pytest.approx(fill)


def test_a_column_of_nothing_in_an_array(tmp_path):
    """It is an error, or left out where gaps are filled in."""
    X = np.column_stack([np.arange(20.0), np.full(20, np.nan)])
    np.savez(tmp_path / "a.npz", X=X, y=np.arange(20) % 2)
    for policy in (Policy(), DROP_ROWS):
        with pytest.raises(DataError, match="missing"):
            load(str(tmp_path / "a.npz"), policy=policy)
    assert load(str(tmp_path / "a.npz"), policy=MEDIAN).features == ("0",)


def test_whole_arrays_are_what_they_were(tmp_path):
    """Not copied, whatever is said of missing values; what fills later gaps needs names."""
    X = np.random.default_rng(0).normal(size=(20, 2))
    np.save(tmp_path / "X.npy", X)
    np.save(tmp_path / "y.npy", np.arange(20) % 2)
    prints = set()
    for policy in (Policy(), DROP_ROWS, MEDIAN):
        data = load(str(tmp_path / "X.npy"), policy=policy)
        assert data.features == (("0", "1") if policy.fills else None)
        assert isinstance(data.training.samples.X, Rows)
        assert not data.training.samples.X._X.flags.writeable  # the file's own bytes
        prints.add(data.fingerprint)
    assert len(prints) == 1
    with pytest.raises(DataError, match="--categories drop makes no sense"):
        load(str(tmp_path / "X.npy"), policy=Policy(categories="drop"))


def test_pixels_stay(write):
    """Though those of the edge are always dark."""
    rows = [[0, *pixels[:15], 255] for pixels in PIXELS]
    header = ["label", *(f"pixel{i}" for i in range(17))]
    lines = [",".join(map(str, [k, *row])) for k, row in zip(KINDS, rows, strict=True)]
    data = load(write("\n".join([",".join(header), *lines]) + "\n"))
    assert data.training.samples.n_features == 17
    assert data.training.scale == "unit"


def test_constant_columns(write):
    """They are left out with a note, but for --keep."""
    path = write(birds(COLORS, (), constant=True))
    data = load(path, target="kind", policy=MEDIAN)
    assert "mass" not in (data.features or ())
    assert any("'mass' is left out: it is 7 in every training row" in note for note in data.notes)
    assert "mass" in [column.name for column in info(data).left_out]
    assert "mass" in (load(path, target="kind", policy=MEDIAN, keep=["mass"]).features or ())


def test_studies_of_older_releases(write):
    """Constant columns were features, and are for them."""
    rows = [[*row[:3], 7] for row in ROWS]
    path = write(table(rows=rows))
    assert load(path).training.samples.n_features == 3
    before = DataSpec.from_attribute({"spec": path, "seed": 0})
    old = before.load()
    assert old.training.samples.n_features == 4
    assert load_again(before, old.fingerprint).features == NAMES
    new = DataSpec(path)
    again = DataSpec.from_attribute(new.from_anywhere(new.load()).to_attribute())
    assert load_again(again, new.load().fingerprint).training.samples.n_features == 3


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        (Policy(), {}),
        (Policy("mean"), {"missing": "mean", "rules": 3}),
        (Policy("drop-rows", "drop"), {"missing": "drop-rows", "categories": "drop", "rules": 3}),
    ],
)
def test_a_study_keeps_what_was_said(write, policy, kept):
    """Only what is not the default; the data are the same again."""
    spec = DataSpec(write(birds() if kept else table()), "kind", policy=policy)
    data = spec.load()
    attribute = spec.from_anywhere(data).to_attribute()
    assert {name: attribute[name] for name in kept} == kept
    assert not {"missing", "categories", "rules"} & set(attribute) or kept
    again = DataSpec.from_attribute(attribute)
    assert again.policy == policy
    assert load_again(again, data.fingerprint).encoding == data.encoding


@pytest.mark.parametrize("kept", [{"missing": "no"}, {"categories": 3}, {"rules": 9}])
def test_what_no_study_keeps(kept):
    """A later release's, or damage."""
    with pytest.raises(TypeError):
        DataSpec.from_attribute(kept)


@pytest.mark.parametrize(
    ("policy", "message"),
    [(Policy("modian"), "Did you mean 'median'"), (Policy(categories="onehot"), "'one-hot'")],
)
def test_options_that_there_are_not(policy, message):
    """The nearest is suggested."""
    with pytest.raises(DataError, match=message):
        load("digits", policy=policy)


def test_text_that_looked_like_numbers(write):
    """In the first rows; further down it turns out to be text."""
    codes = [str(i % 4) for i in range(600)] + ["A1", "B2"] * 100
    rows = [[i % 7, codes[i], i % 2] for i in range(len(codes))]
    text = "u,code,label\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    data = load(write(text))
    assert data.features is not None
    assert data.features[1:] == tuple(f"code={c}" for c in ("0", "1", "2", "3", "A1", "B2"))


def test_identifiers_of_text_that_repeat(write):
    """A column called station_id that names three stations is a feature, one of names none."""
    text = birds([f"s{i % 3}" for i in range(N)], ()).replace("color", "station_id", 1)
    assert load(write(text), target="kind").training.samples.n_features == 7
    text = birds([f"s{i}" for i in range(N)], ()).replace("color", "station_id", 1)
    assert load(write(text), target="kind").training.samples.n_features == 4


def test_no_date_among_dates(write):
    """Of a part that was not trained on: told with its row, and filled in where that is asked."""
    days = [f"2024-03-{1 + i % 28:02d}" for i in range(60)]
    parts = ["train"] * 50 + ["test"] * 10
    days[55] = "soon"
    rows = zip(days, range(60), parts, ["x", "y"] * 30, strict=True)
    path = write(
        "day,a,part,label\n" + "\n".join(f"{d},{a * 7 % 31},{p},{y}" for d, a, p, y in rows)
    )
    with pytest.raises(DataError, match="dates in all training rows, but 'soon' in row 56"):
        load(path, side={"split": "part"})
    data = load(path, side={"split": "part"}, policy=Policy("median"))
    assert any("1 of 10 test samples have a value" in note for note in data.notes)
