"""Side columns through every reader that has columns or arrays of a name."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from hpsoft.data import load
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
X, LABELS, GROUPS = RNG.normal(size=(60, 3)).round(3), np.arange(60) % 2, np.arange(60) // 6
SIDE = {"groups": "patient"}


def write_csv(path):
    rows = [
        f"{','.join(map(str, row))},p{g:02},{y}"
        for row, g, y in zip(X, GROUPS, LABELS, strict=True)
    ]
    path.write_text("\n".join(["a,b,c,patient,label", *rows]))


def write_parquet(path):
    columns = {"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "patient": GROUPS, "label": LABELS}
    parquet.write_table(pa.table(columns), path)


def write_npz(path):
    np.savez(path, X=X, y=LABELS, patient=GROUPS)


def write_folder(path):
    path.mkdir()
    for name, array in {"X": X, "y": LABELS, "patient": GROUPS}.items():
        np.save(path / name, array)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("t.csv", write_csv),
        ("t.parquet", write_parquet),
        ("t.npz", write_npz),
        ("t", write_folder),
        ("t/X.npy", lambda path: write_folder(path.parent)),
    ],
)
def test_samples_carry_their_groups(tmp_path, name, write):
    """They are no feature, and go with the samples wherever these go."""
    write(tmp_path / name)
    data = load(str(tmp_path / name), side=SIDE)
    assert data.training.samples.n_features == 3
    for part in (data.training.samples, data.test):
        rows = [int(np.flatnonzero((row == X).all(axis=1))[0]) for row in np.asarray(part.X)]
        np.testing.assert_array_equal(part.side["groups"], GROUPS[rows])


def test_each_part_of_a_container_has_an_array_of_its_own(tmp_path):
    """The name without a part is that of the training part."""
    np.savez(
        tmp_path / "t.npz",
        x_train=X[:40],
        y_train=LABELS[:40],
        x_val=X[40:50],
        y_val=LABELS[40:50],
        x_test=X[50:],
        y_test=LABELS[50:],
        patient_train=np.arange(40),
        patient_val=np.arange(40, 50),
        patient_test=np.arange(50, 60),
    )
    for name in ("patient", "patient_train"):
        data = load(str(tmp_path / "t.npz"), side={"groups": name})
        parts = (data.training.samples, data.training.validation, data.test)
        found = [part.side["groups"].tolist() for part in parts]
        assert found == [list(range(40)), list(range(40, 50)), list(range(50, 60))]
        assert data.training.everything.side["groups"].tolist() == list(range(50))


def test_a_validation_part_needs_its_own(tmp_path):
    """It may be divided anew together with the training part."""
    parts = {"x_train": X[:40], "y_train": LABELS[:40], "x_val": X[40:], "y_val": LABELS[40:]}
    np.savez(tmp_path / "t.npz", **parts, patient=GROUPS[:40])
    with pytest.raises(DataError, match=r"says nothing of the validation part.*patient_val"):
        load(str(tmp_path / "t.npz"), side=SIDE)


def test_the_column_of_the_labels_is_no_side_column(tmp_path):
    """One column cannot be both."""
    write_csv(tmp_path / "t.csv")
    with pytest.raises(DataError, match="holds the labels by --target, so --groups cannot"):
        load(str(tmp_path / "t.csv"), target="patient", side=SIDE)


def test_one_value_a_sample(tmp_path):
    """An array of another length belongs to something else."""
    np.savez(tmp_path / "t.npz", X=X, y=LABELS, patient=GROUPS[:7])
    with pytest.raises(DataError, match=r"shape \(7,\), but the training part has 60 samples"):
        load(str(tmp_path / "t.npz"), side=SIDE)


def test_a_side_column_enters_the_fingerprint(tmp_path):
    """Other groups, other parts: another data set. None: what it was before there were any."""
    write_npz(tmp_path / "t.npz")
    np.savez(tmp_path / "u.npz", X=X, y=LABELS, patient=GROUPS[::-1])
    plain = [load(str(tmp_path / name)).fingerprint for name in ("t.npz", "u.npz")]
    found = [load(str(tmp_path / name), side=SIDE).fingerprint for name in ("t.npz", "u.npz")]
    assert plain[0] == plain[1]
    assert len({plain[0], *found}) == 3
