"""Weights of samples: read from tables and containers, no features, refused where odd."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from hpsoft.data import load
from hpsoft.data.encoding.policy import Policy
from hpsoft.data.side.weights import sample_weights
from hpsoft.data.summaries import MAX_ROWS, curvature
from hpsoft.errors import DataError

SIDE = {"sample_weight": "w"}
rng = np.random.default_rng(0)
X, LABELS = rng.normal(size=(60, 3)), np.array(["a", "b"])[np.arange(60) % 2]
WEIGHTS = rng.integers(0, 5, 60) / 2


def write_csv(path, weights, separator=",", decimal="."):
    lines = [separator.join(("f0", "f1", "f2", "w", "label"))]
    for row, weight, label in zip(X, weights, LABELS, strict=True):
        cells = [*(f"{value:.5f}" for value in row), str(weight)]
        lines.append(separator.join([*(c.replace(".", decimal) for c in cells), label]))
    path.write_text("\n".join(lines))
    return str(path)


def together(dataset):
    """Return all weights of a data set beside the first feature, in the order of that."""
    parts = (dataset.training.samples, dataset.test)
    first = np.concatenate([np.asarray(part.X)[:, 0] for part in parts])
    return np.concatenate([part.weight for part in parts])[np.argsort(first)]


def in_order():
    return WEIGHTS[np.argsort(X[:, 0])]


@pytest.mark.parametrize(("separator", "decimal"), [(",", "."), (";", ",")])
def test_a_column_of_a_csv(tmp_path, separator, decimal):
    """With decimal commas too; it is no feature."""
    data = load(write_csv(tmp_path / "t.csv", WEIGHTS, separator, decimal), side=SIDE)
    assert data.training.samples.n_features == 3
    np.testing.assert_array_equal(together(data), in_order())
    assert any("Samples count by their weight" in note for note in data.notes)


def test_a_column_of_a_parquet_and_an_array_of_an_npz(tmp_path):
    """The same data have the same fingerprint; without weights, another."""
    columns = {f"f{i}": X[:, i] for i in range(3)} | {"w": WEIGHTS, "label": LABELS}
    parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    np.savez(tmp_path / "t.npz", X=X, y=LABELS, w=WEIGHTS.astype(np.float32))
    found = [load(str(tmp_path / name), side=SIDE) for name in ("t.parquet", "t.npz")]
    for data in found:
        np.testing.assert_array_equal(together(data), in_order())
    assert found[0].fingerprint == found[1].fingerprint
    plain = load(str(tmp_path / "t.npz"))
    assert plain.fingerprint != found[0].fingerprint
    assert plain.training.samples.weight is None


def test_a_test_part_without_weights_is_told(tmp_path):
    parts = {"x_train": X[:40], "y_train": LABELS[:40], "x_test": X[40:], "y_test": LABELS[40:]}
    np.savez(tmp_path / "t.npz", **parts, w=np.arange(40.0))
    data = load(str(tmp_path / "t.npz"), side=SIDE)
    assert data.test.weight is None
    assert "The test part has no weights" in data.notes[-1]


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        (-1, r"--sample-weight w is negative in 2 of 60 rows, first in row 8 \(from 1\): -1"),
        ("inf", r"w is infinite in 2 of 60 rows, first in row 8"),
        ("", r"w is missing in 2 of 60 rows, first in row 8"),
        ("heavy", r"holds what is no number in 2 of 60 rows, first in row 8 \(from 1\): heavy"),
    ],
)
def test_odd_weights_are_refused(tmp_path, odd, message):
    weights = WEIGHTS.astype(object)
    weights[[7, 30]] = odd
    with pytest.raises(DataError, match=message):
        load(write_csv(tmp_path / "t.csv", weights), side=SIDE)


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        (-1, r"is negative in 1 of 58 rows, first in row 51 \(from 1\): -1"),
        (1e30, r"is 1e\+30 in row 51 \(from 1\)"),
    ],
)
def test_rows_that_are_left_out_are_counted_in_the_number_of_a_row(tmp_path, odd, message):
    """A row has the number that it has in the file."""
    path, weights = tmp_path / "t.csv", WEIGHTS.astype(object)
    weights[[20, 50]] = "", odd
    lines = Path(write_csv(path, weights)).read_text().splitlines()
    lines[4] = lines[4][lines[4].index(",") :]
    path.write_text("\n".join(lines))
    with pytest.raises(DataError, match=message):
        load(str(path), side=SIDE, policy=Policy(missing="drop-rows"))


def test_a_row_of_the_test_part_is_named_as_one(tmp_path):
    gap = X.copy()
    gap[[3, 41], 0] = np.nan
    weights = np.where(np.arange(60) == 45, -1.0, 1.0)
    parts = {
        "x_train": gap[:40],
        "y_train": LABELS[:40],
        "x_test": gap[40:],
        "y_test": LABELS[40:],
    }
    np.savez(tmp_path / "t.npz", **parts, w_train=weights[:40], w_test=weights[40:])
    with pytest.raises(
        DataError, match=r"1 of 58 rows, first in row 6 \(from 1\) of the test part"
    ):
        load(str(tmp_path / "t.npz"), side=SIDE, policy=Policy(missing="drop-rows"))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.zeros(60), "is 0 in all 60 rows"),
        (np.full(60, 1e307), "add up to more than float64 holds"),
        (
            np.r_[1, 1e300, np.ones(57), 1e300],
            r"is 1e\+300 in row 2 .* 2 of 60 rows: .* median is 1,",
        ),
        (np.ones((60, 2)), r"shape \(60, 2\)"),
        (np.ones(59), r"shape \(59,\)"),
    ],
)
def test_weights_that_make_no_sense_together(tmp_path, weights, message):
    np.savez(tmp_path / "t.npz", X=X, y=LABELS, w=weights)
    with pytest.raises(DataError, match=message):
        load(str(tmp_path / "t.npz"), side=SIDE)


@pytest.mark.parametrize(
    "weights",
    [np.full(60, 1e38), np.full(60, 5e-324), np.r_[1.0, np.zeros(59)], np.arange(60) % 2 * 1e200],
)
def test_only_ratios_of_weights_count(weights):
    np.testing.assert_array_equal(sample_weights(weights, "w", "t"), weights)


@pytest.mark.parametrize(("gone", "who"), [("a", "class 'a'"), ("", None)])
def test_a_class_without_weight_is_told(tmp_path, gone, who):
    path = write_csv(tmp_path / "t.csv", np.where(gone == LABELS, 0, 1.5))
    said = [note for note in load(path, side=SIDE).notes if "never learnt" in note]
    assert len(said) == (who is not None)
    assert all(f"No training sample of {who} has a weight (--sample-weight w)" in n for n in said)


@pytest.mark.parametrize("n", [200, 3 * MAX_ROWS])
def test_curvature_is_that_of_the_weighted_data(n):
    """Exactly where all rows are used, to a few percent where they are sampled by weight."""
    rng = np.random.default_rng(1)
    features, weight = rng.normal(size=(n, 4)), rng.exponential(size=n)
    features[weight > 3] *= 3
    weight /= weight.mean()
    rows = np.hstack([features, np.ones((n, 1))])
    exact = np.linalg.eigvalsh(rows.T @ (weight[:, None] * rows) / (2 * n))[-1]
    assert curvature(features, weight) == pytest.approx(exact, rel=1e-4 if n == 200 else 0.05)
    assert curvature(features) < 0.8 * exact
