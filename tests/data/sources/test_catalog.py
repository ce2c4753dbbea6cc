"""What `hpsoft data` shows."""

import numpy as np
import pytest

from hpsoft.data import available, fetch, info, load
from hpsoft.errors import DataError


def test_available_tells_what_is_there(tiny_sets, bare_machine, write_idx):
    """A set that was found has its folder, one that was not how to get it."""
    write_idx(bare_machine / "mnist", tiny_sets["mnist"])
    listed = {source.name: source for source in available()}
    assert list(listed)[:3] == ["fashion-mnist", "mnist", "digits"]
    assert listed["mnist"].found == str(bare_machine / "mnist")
    assert listed["fashion-mnist"].found is None
    assert "dataset-fashion-mnist" in listed["fashion-mnist"].how
    assert "hpsoft data fetch mnist" in listed["mnist"].how
    assert listed["digits"].found == "embedded in scikit-learn"


def test_info_counts_classes(tmp_path):
    """Shapes, dtype, counts of each class by part, fingerprint and origin."""
    path = tmp_path / "a.npz"
    labels = np.array(["b", "a", "c", "a"])
    np.savez(
        path, x_train=np.eye(4), y_train=labels, x_test=np.full((1, 4), 0.5), y_test=labels[:1]
    )
    data = load(str(path))
    shown = info(data)
    assert [(c.name, c.training, c.test) for c in shown.classes] == [
        ("a", 2, 0),
        ("b", 1, 1),
        ("c", 1, 0),
    ]
    assert (shown.n_training, shown.n_test, shown.n_features, shown.dtype) == (4, 1, 4, "float64")
    assert (shown.name, shown.source, shown.fingerprint) == ("a", str(path), data.fingerprint)
    assert (shown.scale, shown.n_validation) == ("standard", None)
    assert shown.notes == (
        "Classes 'b', 'c' have one sample: they are trained on, and never held out to choose by.",
    )
    assert shown.columns == ()
    assert (shown.labels, shown.left_out) == (None, ())


def test_fetch_of_embedded_data():
    """There is nothing to fetch."""
    assert fetch("digits") == ()


@pytest.mark.parametrize("name", ["mnis", "a.csv"])
def test_fetch_of_unknown_names(name):
    """Only names can be fetched; the nearest is suggested."""
    with pytest.raises(DataError, match=f"No data set '{name}'.*Only these can be fetched"):
        fetch(name)
