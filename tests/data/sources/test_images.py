"""Image sets by name: where they are looked for, and what is never used."""

import numpy as np
import pytest

from hpsoft.data import fetch, load
from hpsoft.data.sources import images
from hpsoft.data.sources.imagesets import FASHION_MNIST, IMAGE_SETS, MNIST, mirrors
from hpsoft.errors import DataError
from hpsoft.space.reference import FASHION_MNIST_FINGERPRINT


def spoil(path):
    """Turn the last byte of a file."""
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)


@pytest.fixture
def folders(bare_machine, tmp_path, monkeypatch):
    """Return the four places of Fashion-MNIST in the order of preference."""
    monkeypatch.setenv("HPSOFT_DATA", str(tmp_path / "own"))
    return [
        tmp_path / "own" / "fashion-mnist",
        tmp_path / "own",
        tmp_path / "system" / "fashion-mnist",
        bare_machine / "fashion-mnist",
    ]


def test_places_are_searched_in_order(tiny_sets, folders, write_idx):
    """A place that comes earlier wins, and each of the four is found."""
    for folder in reversed(folders):
        write_idx(folder, tiny_sets["fashion-mnist"])
        assert load("fashion-mnist").source == str(folder)


@pytest.mark.parametrize("compressed", [True, False])
def test_content_arrives(tiny_sets, folders, write_idx, compressed):
    """Pixels stay bytes, classes get their real names, the test part is the set's own."""
    write_idx(folders[2], tiny_sets["fashion-mnist"], compressed=compressed)
    data = load("fashion-mnist")
    arrays = tiny_sets["fashion-mnist"]
    np.testing.assert_array_equal(data.training.samples.X, arrays["train-images"].reshape(40, 6))
    np.testing.assert_array_equal(data.test.labels, arrays["test-labels"])
    assert data.training.samples.X.dtype == np.uint8
    assert data.classes[:2] == ("T-shirt/top", "Trouser")
    assert (data.training.scale, data.notes) == ("raw", ())


def test_own_folder_may_hold_the_other_set(tiny_sets, folders, write_idx):
    """MNIST's files in $HPSOFT_DATA are passed by when Fashion-MNIST is asked for."""
    write_idx(folders[1], tiny_sets["mnist"])
    write_idx(folders[3], tiny_sets["fashion-mnist"])
    assert load("fashion-mnist").source == str(folders[3])
    assert load("mnist").source == str(folders[1])


def test_incomplete_places_are_passed_by(tiny_sets, folders, write_idx):
    """A folder without all four files does not hold the set."""
    write_idx(folders[0], tiny_sets["fashion-mnist"])
    write_idx(folders[2], tiny_sets["fashion-mnist"])
    (folders[0] / "t10k-labels-idx1-ubyte.gz").unlink()
    assert load("fashion-mnist").source == str(folders[2])


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("compressed", [True, False])
def test_corrupt_files_are_never_used(tiny_sets, folders, write_idx, place, compressed):
    """A spoilt file outside the cache is an error that names it, even without --data."""
    write_idx(folders[place], tiny_sets["fashion-mnist"], compressed=compressed)
    suffix = ".gz" if compressed else ""
    path = folders[place] / f"train-labels-idx1-ubyte{suffix}"
    spoil(path)
    for spec in (None, "fashion-mnist"):
        with pytest.raises(DataError, match=str(path)):
            load(spec)


def test_other_content_of_right_form_is_refused(tiny_sets, folders, write_idx):
    """A sound IDX file with other images has the wrong SHA-256, which is said."""
    arrays = tiny_sets["fashion-mnist"] | {"test-images": np.zeros((10, 3, 2), np.uint8)}
    write_idx(folders[2], arrays)
    with pytest.raises(DataError, match="not the test images of Fashion-MNIST: its SHA-256 is"):
        load("fashion-mnist")


def test_nothing_found_names_three_ways_out(tiny_sets, folders):
    """Offline and with no files, the error says where it looked and what can be done."""
    with pytest.raises(DataError) as error:
        load("fashion-mnist")
    text = str(error.value)
    assert all(str(folder) in text for folder in folders)
    assert "127.0.0.1:9/train-images-idx3-ubyte.gz cannot be reached" in text
    for way in ("dataset-fashion-mnist", "HPSOFT_DATA", "hpsoft data fetch", "--data digits"):
        assert way in text


def test_mnist_has_no_debian_package(tiny_sets, folders):
    """The ways out of MNIST name no package that does not exist."""
    with pytest.raises(DataError, match="Three ways out: set HPSOFT_DATA") as error:
        load("mnist")
    assert "package" not in str(error.value)


def test_without_data_digits_stand_in(tiny_sets, folders):
    """Nothing named and no Fashion-MNIST: the digits, with a note that says why and what to do."""
    data = load()
    assert data.name == "digits"
    (note,) = data.notes
    assert "instead of Fashion-MNIST" in note
    assert "HPSOFT_DATA" in note


def test_without_data_fashion_mnist_is_meant(tiny_sets, folders, write_idx):
    """Nothing named, Fashion-MNIST there: no note."""
    write_idx(folders[2], tiny_sets["fashion-mnist"])
    data = load()
    assert (data.name, data.notes) == ("fashion-mnist", ())


def test_fetch_returns_the_files_that_are_there(tiny_sets, folders, write_idx):
    """Nothing is downloaded if a place has the set; what it has is verified."""
    write_idx(folders[2], tiny_sets["fashion-mnist"])
    assert {path.parent for path in fetch("fashion-mnist")} == {folders[2]}
    spoil(folders[2] / "train-labels-idx1-ubyte.gz")
    with pytest.raises(DataError, match="train-labels"):
        fetch("fashion-mnist")


def test_mirrors_can_be_replaced(monkeypatch):
    """$HPSOFT_MIRROR takes the place of the built-in addresses; {name} is filled in."""
    monkeypatch.delenv("HPSOFT_MIRROR", raising=False)
    assert mirrors(MNIST) == MNIST.mirrors
    monkeypatch.setenv("HPSOFT_MIRROR", "http://a/{name} http://b")
    assert mirrors(MNIST) == ("http://a/mnist", "http://b")


def test_pins_are_complete():
    """Every set pins four different SHA-256 and has ten classes and several mirrors."""
    pins = [pin for known in IMAGE_SETS.values() for pin in known.digests.values()]
    assert len(set(pins)) == 8
    assert all(len(pin) == 64 and int(pin, 16) for pin in pins)
    assert all(
        len(known.classes) == 10 and len(known.mirrors) > 1 for known in IMAGE_SETS.values()
    )


@pytest.mark.fashion
def test_real_fashion_mnist(real_fashion_mnist, monkeypatch):
    """Debian's files pass the pins and hold 6000 + 1000 images a class."""
    monkeypatch.delenv("HPSOFT_DATA", raising=False)
    data = load()
    assert data.source == str(real_fashion_mnist)
    X, labels = data.training.samples.X, data.training.samples.labels
    assert (X.shape, X.dtype, data.test.X.shape) == ((60000, 784), np.uint8, (10000, 784))
    assert np.bincount(labels).tolist() == [6000] * 10
    assert np.bincount(data.test.labels).tolist() == [1000] * 10
    assert data.classes[labels[0]] == "Ankle boot"
    assert X[0].sum() == 76247
    assert data.fingerprint == FASHION_MNIST_FINGERPRINT
    by_path = load(str(real_fashion_mnist))
    assert (by_path.name, by_path.training.scale) == (FASHION_MNIST.name, "raw")
    assert by_path.fingerprint == data.fingerprint


def test_unreadable_place_is_an_error(tiny_sets, folders, write_idx, monkeypatch):
    """A folder that may not be listed is not silently passed by."""
    write_idx(folders[0], tiny_sets["fashion-mnist"])

    def refuse(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(images.idx, "find", refuse)
    with pytest.raises(DataError, match="may not be read by this user"):
        load("fashion-mnist")
