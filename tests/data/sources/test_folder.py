"""Folders: IDX files of any set, .npy files, or nothing of use."""

import gzip

import numpy as np
import pytest

from hpsoft.data import load
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (30, 2, 2), np.uint8)
LABELS = np.arange(30, dtype=np.uint8) % 3


def test_idx_with_test_part(tmp_path, write_idx):
    """Both parts are read; the folder gives the name, images the scale."""
    arrays = {
        "train-images": IMAGES,
        "train-labels": LABELS,
        "test-images": IMAGES[:9],
        "test-labels": LABELS[:9],
    }
    data = load(str(write_idx(tmp_path / "mine", arrays)))
    assert (data.name, len(data.training.samples), len(data.test)) == ("mine", 30, 9)
    assert (data.classes, data.training.scale) == (("0", "1", "2"), "unit")


def test_idx_without_test_part(tmp_path, write_idx):
    """A test part is split off."""
    write_idx(tmp_path, {"train-images": IMAGES, "train-labels": LABELS})
    data = load(str(tmp_path))
    assert (len(data.training.samples), len(data.test)) == (24, 6)


def test_known_sets_are_recognised(tiny_sets, tmp_path, write_idx):
    """A folder with Fashion-MNIST's files is Fashion-MNIST, names, scale and all."""
    data = load(str(write_idx(tmp_path / "some-folder", tiny_sets["fashion-mnist"])))
    assert (data.name, data.training.scale) == ("fashion-mnist", "raw")
    assert data.classes[9] == "Ankle boot"


def test_part_of_a_known_set_is_another_set(tiny_sets, tmp_path, write_idx):
    """Its training part alone, or mixed with other images, keeps the folder's name."""
    arrays = dict(tiny_sets["fashion-mnist"])
    train = {role: arrays[role] for role in ("train-images", "train-labels")}
    assert load(str(write_idx(tmp_path / "train-only", train))).name == "train-only"
    arrays["test-images"] = arrays["test-images"][:, ::-1]
    assert load(str(write_idx(tmp_path / "mixed", arrays))).name == "mixed"


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        (["train-images"], "no train-labels"),
        (["train-labels"], "no train-images"),
        (["test-images", "test-labels"], "no train-images and no train-labels"),
        (["train-images", "train-labels", "test-labels"], "no test-images"),
    ],
)
def test_half_a_part(tmp_path, write_idx, roles, message):
    """Images without labels, or labels without images, are an error."""
    write_idx(tmp_path, {role: IMAGES if "images" in role else LABELS for role in roles})
    with pytest.raises(DataError, match=message):
        load(str(tmp_path))


EMNIST = {
    f"emnist-{kind}-{part}-{what}-idx{n}-ubyte": array
    for kind in ("letters", "digits")
    for part in ("train", "test")
    for what, n, array in (("images", 3, IMAGES), ("labels", 1, LABELS))
}


@pytest.mark.parametrize("packed", [False, True])
def test_names_behind_that_of_a_set(tmp_path, idx_bytes, packed):
    """As EMNIST's are; of several sets a file of one names it."""
    for name, array in EMNIST.items():
        content = idx_bytes(array if "train" in name else array[:9])
        path = tmp_path / (f"{name}.gz" if packed else name)
        path.write_bytes(gzip.compress(content) if packed else content)
        if name.startswith("emnist-letters-test-labels"):
            data = load(str(tmp_path))
            assert (len(data.training.samples), len(data.test)) == (30, 9)
            named = str(path)
    with pytest.raises(
        DataError, match=r"IDX files of 2 data sets: emnist-digits, emnist-letters"
    ):
        load(str(tmp_path))
    assert len(load(named).test) == 9
    with pytest.raises(DataError, match="--target 0 makes no sense"):
        load(named, target="0")


def test_idx_with_a_validation_part(tmp_path, idx_bytes):
    """Beside train and test."""
    for part, rows in (("train", slice(0, 18)), ("val", slice(18, 24)), ("test", slice(24, 30))):
        for what, array in (("images", IMAGES), ("labels", LABELS)):
            (tmp_path / f"{part}-{what}-idx-ubyte").write_bytes(idx_bytes(array[rows]))
    data = load(str(tmp_path))
    assert len(data.training.validation) == len(data.test) == 6


def test_folder_without_data(tmp_path):
    """The error says which files are wanted."""
    (tmp_path / "readme.txt").touch()
    with pytest.raises(DataError, match=r"no data that hpsoft can read. Wanted are IDX files"):
        load(str(tmp_path))


def test_folder_above_the_data(tmp_path, write_idx):
    """torchvision keeps the files in MNIST/raw; the error names that folder."""
    (tmp_path / "empty").mkdir()
    write_idx(tmp_path / "raw", {"train-images": IMAGES, "train-labels": LABELS})
    with pytest.raises(DataError, match=r"Its folder raw does: name that, .*raw\. "):
        load(str(tmp_path))
