"""Models on new data: chunks against the whole, files of predictions, what is told."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from trained_models import COLUMNS, DATES, PLAIN, make_model

from hpsoft.data.encoding.table import Coded, Field, Table
from hpsoft.data.stream.incoming import Asked
from hpsoft.data.stream.opening import open_rows
from hpsoft.data.tables.columns import Kind
from hpsoft.errors import DataError, HpsoftError
from hpsoft.model.files import TrainedModel, load, save
from hpsoft.model.metrics import assess
from hpsoft.model.predict.apply import Applied
from hpsoft.model.predict.figures import MOST_LOGITS
from hpsoft.model.predict.run import PredictConfig, Progress, predict
from hpsoft.model.predict.wanted import wanted_by
from hpsoft.model.predict.writers import check_out, columns_of, writing
from hpsoft.softmax import softmax
from hpsoft.system.steps import to_the_end

RNG = np.random.default_rng(0)
BEFORE = Path(__file__).parents[1] / "before"


def run(model, data, folder, out=None, **options):
    """Predict, and return the result."""
    if isinstance(model, TrainedModel):
        save(model, folder / "m.npz")
        model = folder / "m.npz"
    proba = options.pop("proba", False)
    listed = options.pop("listed", 10)
    most_logits = options.pop("most_logits", MOST_LOGITS)
    asked = Asked(**options)
    config = PredictConfig(model, str(data), proba, out, asked, listed, most_logits)
    return to_the_end(predict(config))


def in_chunks(model, path, cells):
    """Return the model on a file that is read so many cells at a time."""
    wanted = replace(wanted_by(model), chunk_cells=cells)
    return Applied(model, wanted, open_rows(str(path), wanted))


def write_table(path, rows, names="size,colour,weight"):
    path.write_text(f"{names}\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    return path


ROWS = [(1.5, "red", 2), ("", "blue", 0.5), (3, "", 1), (2, "pink", 1), (0, "never", 1)]


@pytest.fixture
def table(tmp_path):
    return write_table(tmp_path / "t.csv", ROWS)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.just(""), st.floats(-9, 9)),
            st.sampled_from(["red", "blue", "", "grey", "never"]),
            st.floats(-9, 9),
        ),
        min_size=1,
        max_size=300,
    ),
    st.sampled_from(["standard", "l2-rows"]),
)
def test_chunks_give_what_the_whole_table_gives(tmp_path_factory, rows, scale):
    """Against the encoding of all rows at once, and the logits of the model."""
    folder = tmp_path_factory.mktemp("t")
    model = make_model(encoding=COLUMNS, scale=scale, temperature=1.5)
    path = write_table(folder / "t.csv", rows)
    size = np.array([np.nan if row[0] == "" else row[0] for row in rows], float)
    numbers = np.column_stack([size, np.zeros(len(rows)), [row[2] for row in rows]])
    fields = tuple(Field(c.name, Kind.TEXT if c.is_text else Kind.NUMBER) for c in COLUMNS.columns)
    whole = Table(numbers, (Coded.from_texts([row[1] for row in rows]),), fields)
    expected = softmax(model.logits(np.asarray(COLUMNS.apply(whole))) / 1.5)
    found = list(in_chunks(model, path, 14))
    assert len(found) == -(-len(rows) // 7)
    np.testing.assert_allclose(
        np.concatenate([predicted.probabilities for predicted in found]), expected, atol=1e-12
    )
    result = run(model, path, folder, folder / "p.npy", proba=True)
    np.testing.assert_allclose(np.load(folder / "p.npy"), expected, atol=1e-12)
    assert result.n_rows == len(rows)
    assert sum(result.counts) == len(rows)


def test_what_is_written(table, tmp_path):
    model = make_model(encoding=COLUMNS)
    names = run(model, table, tmp_path, tmp_path / "p.npy")
    called = np.load(tmp_path / "p.npy").tolist()
    assert [row[0] for row in names.rows] == called
    for suffix in (".csv", ".parquet"):
        for proba in (False, True):
            run(model, table, tmp_path, tmp_path / f"p{suffix}", proba=proba)
            if suffix == ".csv":
                rows = list(csv.DictReader((tmp_path / "p.csv").read_text().splitlines()))
            else:
                rows = parquet.read_table(tmp_path / "p.parquet").to_pylist()
            assert [row["prediction"] for row in rows] == called
            columns = ["prediction", *model.classes] if proba else ["prediction"]
            assert list(rows[0]) == columns
            if proba:
                shares = [[float(row[name]) for name in model.classes] for row in rows]
                np.testing.assert_allclose(shares, names.probabilities, rtol=1e-12)
    assert {file.name for file in tmp_path.iterdir()} == {
        "m.npz", "t.csv", "p.npy", "p.csv", "p.parquet"
    }  # fmt: skip


def test_a_class_that_is_called_prediction():
    assert columns_of(("prediction", "b"), proba=True) == ["prediction_", "prediction", "b"]
    assert columns_of(("prediction", "b"), proba=False) == ["prediction"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".npy"])
def test_nothing_is_left_of_a_file_that_fails(suffix, tmp_path):
    """A row at the end that cannot be predicted: what was there before stays."""
    rows = [(1, "red", 2)] * 9 + [(1, "red", "")] + [(1, "red", 3)] * 9 + [("inf", "", "")] * 2
    path, out = write_table(tmp_path / "t.csv", rows), tmp_path / f"p{suffix}"
    out.write_bytes(b"old")
    model, written = make_model(encoding=COLUMNS), []

    def fail():
        with writing(out, model.classes, proba=False) as write:
            for predicted in in_chunks(model, path, 4):
                write(predicted)
                written.append(len(predicted))

    with pytest.raises(DataError) as error:
        fail()
    assert written == [2, 2, 2, 2]
    assert "column 'weight' is missing in 3 of 21 rows, first in row 10 (from 1)" in str(
        error.value
    )
    assert "and so have 1 other columns some" in str(error.value)
    assert "--missing median" in str(error.value)
    assert out.read_bytes() == b"old"
    assert {file.name for file in tmp_path.iterdir()} == {"t.csv", out.name}


def test_rows_of_a_part_are_called_by_their_places_in_the_data(tmp_path):
    """And what lacks in rows of other parts does not matter."""
    rows = [("", 1, 1, "train"), (1, 1, 1, "test"), (1, 1, 1, "val"), (1, "", 1, "test")]
    path = write_table(tmp_path / "t.csv", rows, "a,b,c,part")
    model = make_model(encoding=PLAIN, beside=["part"], split="part")
    with pytest.raises(DataError, match=r"'b' is missing in 1 of 2 rows, first in row 4 \(from 1"):
        run(model, path, tmp_path)
    assert run(model, path, tmp_path, part="val").n_rows == 1
    rows[3] = (1e308, -1e308, 1e308, "test")
    write_table(path, rows, "a,b,c,part")
    model.divisor[:] = 1e-5
    with pytest.raises(DataError, match=r"numbers of row 4 .* logits are infinite"):
        run(model, path, tmp_path)


def test_infinite_numbers_and_logits_are_refused(tmp_path):
    np.save(tmp_path / "x.npy", np.array([[1, 2, 3, 4, 5], [1, np.inf, 3, 4, np.nan]]))
    with pytest.raises(
        DataError, match=r"column 'number 1' is infinite in 1 of 2 rows, .*Correct"
    ):
        run(make_model(), tmp_path / "x.npy", tmp_path)
    np.save(tmp_path / "x.npy", np.array([[1.0] * 5, [1e308] * 5]))
    model = make_model()
    model.divisor[:] = 1e-5
    with pytest.raises(DataError, match=r"numbers of row 2 .* logits are infinite"):
        run(model, tmp_path / "x.npy", tmp_path)
    np.save(tmp_path / "x.npy", np.empty((0, 5)))
    with pytest.raises(DataError, match="has no rows, so nothing can be predicted"):
        run(make_model(), tmp_path / "x.npy", tmp_path)


def test_a_table_of_a_header_alone_gets_no_advice_for_training(tmp_path):
    table = write_table(tmp_path / "t.csv", [])
    with pytest.raises(DataError, match=r"t\.csv has no rows of data, .* Add a row for each\.$"):
        run(make_model(encoding=COLUMNS), table, tmp_path)


def test_texts_that_are_new_are_counted(table, tmp_path):
    result = run(make_model(encoding=COLUMNS), table, tmp_path)
    assert (
        "Column 'colour': 1 of 5 rows have a value that the model has never seen"
        in (result.notes[0])
    )
    write_table(tmp_path / "d.csv", [(1, "red", 1, "2024-01-01"), (1, "red", 1, "soon")],
                "size,colour,weight,day")  # fmt: skip
    result = run(make_model(encoding=DATES), tmp_path / "d.csv", tmp_path)
    assert "Column 'day': 1 of 2 rows" in result.notes[0]


def test_with_labels_the_figures_are_those_of_final(tmp_path):
    X = RNG.normal(size=(90, 3))
    model = make_model(encoding=PLAIN, classes=["p", "q", "r"], temperature=2.0, data="t")
    labels = [["p", "q", "r", "s", ""][k] for k in RNG.integers(0, 5, 90)]
    rows = [(*x, label) for x, label in zip(X, labels, strict=True)]
    path = write_table(tmp_path / "t.csv", rows, "a,b,c,label")
    result = run(model, path, tmp_path)
    known = [i for i, label in enumerate(labels) if label in "pqr" and label]
    expected = assess(
        model.logits(X[known]) / 2,
        np.array(["pqr".index(labels[i]) for i in known]),
        ("p", "q", "r"),
    )
    assert result.test.cross_entropy == pytest.approx(expected.cross_entropy)
    assert result.test.intervals["accuracy"] == pytest.approx(expected.intervals["accuracy"])
    assert result.n_labelled == len(known)
    unknown, missing, trained = result.notes
    assert f"{labels.count('s')} of 90 rows have a label in 'label' that is no class" in unknown
    assert f"{labels.count('')} of 90 rows have no label" in missing
    assert "trained on data called 't' too" in trained
    assert result.labels == tuple(labels[:10])


def test_figures_of_rows_that_were_drawn_say_so(tmp_path):
    rows = [(*x, "class 0") for x in RNG.normal(size=(50, 3))]
    path = write_table(tmp_path / "t.csv", rows, "a,b,c,label")
    result = run(make_model(encoding=PLAIN), path, tmp_path, most_logits=90)
    assert (result.test.n, result.n_labelled) == (30, 50)
    assert "of 30 rows drawn at random from the 50 with a label" in result.notes[-1]


def test_it_tells_how_far_it_is(table, tmp_path):
    save(make_model(encoding=COLUMNS), tmp_path / "m.npz")
    steps = list(predict(PredictConfig(tmp_path / "m.npz", str(table))))
    assert steps == [Progress(5, None)]


def test_models_of_the_release_before_are_read_and_used(tmp_path):
    """`before/` holds files of 4bc442a, of a table with text and gaps and of an array."""
    model = load(BEFORE / "table.safetensors")
    assert model.features[-1] == "colour=(missing)"
    assert (model.temperature, model.n_features, model.scale) == (1.0, 6, "standard")
    rows = [(1.0, 2.0, "red", "x"), ("", 0.1, "", "ant")]
    path = write_table(tmp_path / "t.csv", rows, "width,length,colour,species")
    result = run(BEFORE / "table.safetensors", path, tmp_path)
    assert [name for name, _ in result.rows] == ["ant", "bee"]
    np.testing.assert_allclose(
        result.probabilities,
        [[0.970132, 0.026317, 0.003550], [0.424819, 0.451442, 0.123739]],
        atol=1e-6,
    )
    assert (result.label, result.n_labelled) == ("species", 1)
    np.save(tmp_path / "x.npy", np.zeros((2, 4), np.float32))
    result = run(BEFORE / "arrays.npz", tmp_path / "x.npy", tmp_path)
    np.testing.assert_allclose(
        result.probabilities, [[0.725789, 0.239388, 0.034822]] * 2, atol=1e-6
    )


@pytest.mark.parametrize(
    ("out", "says"),
    [("p.txt", r"does not end in \.csv"), ("no/p.csv", "there is no folder"),
     ("d.csv", "is a folder"), ("t.csv", "is what is read")],
)  # fmt: skip
def test_bad_files(out, says, table, tmp_path):
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(HpsoftError, match=says):
        run(make_model(encoding=COLUMNS), table, tmp_path, tmp_path / out)


def test_a_full_disk(table, tmp_path, monkeypatch):
    check_out(tmp_path / "p.csv")
    with (
        pytest.raises(HpsoftError, match=r"Cannot write .*p\.csv: No space left"),
        writing(tmp_path / "p.csv", ("a", "b"), proba=False),
    ):
        raise OSError(28, "No space left on device")
    assert not list(tmp_path.glob(".p*"))
