"""NumPy's files: memory-mapped where possible, never unpickled, broken ones named."""

import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpsoft.data import load
from hpsoft.data.containers import numpyfiles as arrays
from hpsoft.errors import DataError

X = np.linspace(-1, 1, 40).reshape(20, 2)
Y = np.arange(20) % 2


def is_mapped(array):
    """Return whether an array's memory belongs to a memory map."""
    while array is not None and not isinstance(array, np.memmap):
        array = array.base
    return array is not None


@pytest.mark.parametrize("names", [("X", "y"), ("x", "Y")])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz_with_one_part_is_divided(tmp_path, names, save):
    """X and y, in any case, give a training and a stratified test part."""
    save(tmp_path / "a.npz", **dict(zip(names, (X, Y), strict=True)))
    data = load(str(tmp_path / "a.npz"), test_fraction=0.25)
    assert (data.name, len(data.training.samples), len(data.test)) == ("a", 15, 5)
    together = np.concatenate([data.training.samples.X, data.test.X])
    np.testing.assert_array_equal(np.sort(together, axis=0), X)


@pytest.mark.parametrize(("save", "mapped"), [(np.savez, True), (np.savez_compressed, False)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npz_with_two_parts(tmp_path, save, mapped, order):
    """The Keras names are understood; members that are stored as they are get mapped."""
    content = {
        "x_train": np.asarray(X, order=order),
        "y_train": Y,
        "x_test": X[:4],
        "y_test": Y[:4],
        "z": Y,
    }
    save(tmp_path / "a.npz", **content)
    data = load(str(tmp_path / "a.npz"))
    np.testing.assert_array_equal(data.training.samples.X, X)
    np.testing.assert_array_equal(data.test.X, X[:4])
    assert is_mapped(data.training.samples.X) == mapped


@pytest.mark.parametrize("spec", ["X.npy", "X.npy,y.npy", "", "sub/../X.npy , y.npy"])
def test_npy_pair(tmp_path, monkeypatch, spec):
    """A pair is named by X alone, by both files, or by the folder; X is mapped."""
    (tmp_path / "sub").mkdir()
    np.save(tmp_path / "X.npy", X)
    np.save(tmp_path / "y.npy", Y)
    np.save(tmp_path / "x_train.npy", X[:1])  # not meant
    monkeypatch.chdir(tmp_path)
    data = load(spec or str(tmp_path))
    assert (data.training.n_classes, len(data.training.samples) + len(data.test)) == (2, 20)
    for name in "Xy":
        assert is_mapped(arrays.map_npy(tmp_path / f"{name}.npy"))


def test_npy_with_test_part(tmp_path):
    """x_train.npy brings the other three that lie beside it."""
    for name, array in {"x_train": X, "y_train": Y, "x_test": X[:6], "y_test": Y[:6]}.items():
        np.save(tmp_path / f"{name}.npy", array)
    data = load(str(tmp_path / "x_train.npy"))
    assert (len(data.training.samples), len(data.test)) == (20, 6)
    assert data.name == tmp_path.name


@pytest.mark.parametrize("name", ["X.npy", "features.npy", "x_train.npy"])
def test_npy_without_labels(tmp_path, name):
    """Labels are not guessed: the error shows how to name both files."""
    np.save(tmp_path / name, X)
    with pytest.raises(DataError, match=f"--data {name},labels.npy"):
        load(str(tmp_path / name))


@pytest.mark.parametrize("spec", ["a.npy,b.npy,c.npy", "a.npy,b.txt"])
def test_pairs_are_two_npy_files(spec):
    """Other lists with commas are refused."""
    with pytest.raises(DataError, match=r"no pair of .npy files"):
        load(spec)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "holds no arrays; wanted are X and y"),
        (["X"], r"holds X \(20, 2\) float64; it cannot be told .*--features X --target LABELS"),
        (["x_train", "y_test"], r"holds x_train \(20, 2\) float64, y_test .*cannot be told"),
        (["x_train", "y_train", "y_test"], "has y_test alone"),
    ],
)
def test_npz_without_the_wanted_arrays(tmp_path, names, message):
    """The error lists what the file has and what is wanted."""
    np.savez(tmp_path / "a.npz", **dict.fromkeys(names, X))
    with pytest.raises(DataError, match=message):
        load(str(tmp_path / "a.npz"))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_objects_in_npz_are_never_unpickled(tmp_path, save):
    """Labels as Python objects are refused with the reason."""
    save(tmp_path / "a.npz", X=X, y=np.array(["a", "b"] * 10, dtype=object))
    with pytest.raises(DataError, match=r"y.npy in .* holds Python objects"):
        load(str(tmp_path / "a.npz"))


def test_others_beside_may_be_damaged(tmp_path):
    """What is not read is not looked into; what is, is named."""
    np.save(tmp_path / "X.npy", X)
    np.save(tmp_path / "y.npy", Y)
    (tmp_path / "notes.npy").write_bytes(b"no array")
    (tmp_path / "folder.npy").mkdir()
    assert load(str(tmp_path)).training.n_classes == 2
    assert load(str(tmp_path / "X.npy")).training.n_classes == 2
    (tmp_path / "y.npy").write_bytes(b"no array")
    with pytest.raises(DataError, match=r"y\.npy cannot be read"):
        load(str(tmp_path))


def test_objects_in_npy_are_never_unpickled(tmp_path):
    """So is an array of objects in a file of its own."""
    np.save(tmp_path / "X.npy", np.array([{}, {}]), allow_pickle=True)
    with pytest.raises(DataError, match="holds Python objects"):
        arrays.map_npy(tmp_path / "X.npy")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda raw: raw[:-1], r"truncated: shape \(20, 2\) of float64 takes 320 bytes, 319 are"),
        (lambda raw: raw[:20], "no .npy file"),
        (lambda raw: b"", "no .npy file"),
        (lambda raw: b"\x80\x04K\x01.", "no .npy file"),
        (lambda raw: raw.replace(b"(20, 2)", b"(-2, 2)"), "no .npy file"),
        (lambda raw: raw.replace(b"'<f8'", b"'<q8'"), "no .npy file"),
    ],
    ids=["cut", "cut header", "empty", "pickle", "negative shape", "no dtype"],
)
def test_broken_npy(tmp_path, spoil, message):
    """A .npy file that is cut, pickled or altered is named with the reason."""
    path = tmp_path / "X.npy"
    np.save(path, X)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DataError, match=message):
        arrays.map_npy(path)


def test_empty_arrays_have_nothing_to_map(tmp_path):
    """An array without elements is read as one."""
    np.save(tmp_path / "X.npy", np.empty((0, 3)))
    assert arrays.map_npy(tmp_path / "X.npy").shape == (0, 3)


def test_unicode_header(tmp_path):
    """Version 2 of the format is read as well."""
    with (tmp_path / "X.npy").open("wb") as file:
        np.lib.format.write_array(file, X, version=(2, 0))
    np.testing.assert_array_equal(arrays.map_npy(tmp_path / "X.npy"), X)


def test_member_with_a_false_length(tmp_path):
    """A compressed member whose header promises terabytes is refused before any allocation."""
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("X.npy", "w") as member:
            header = {"descr": "<f8", "fortran_order": False, "shape": (1 << 40, 2)}
            np.lib.format.write_array_header_1_0(member, header)
            member.write(X.tobytes())
        archive.writestr("y.npy", b"")
    with pytest.raises(DataError, match=r"X\.npy is not as long as its header says"):
        load(str(tmp_path / "a.npz"))


def test_encrypted_npz(tmp_path):
    """A member with a password is said to need one."""
    np.savez(tmp_path / "a.npz", X=X, y=Y)
    raw = bytearray((tmp_path / "a.npz").read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.npz").write_bytes(raw)
    with pytest.raises(DataError, match="password"):
        load(str(tmp_path / "a.npz"))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_one_changed_byte_of_content_is_noticed(tmp_path, save):
    """The archive's checksum is checked although the member is mapped."""
    path = tmp_path / "a.npz"
    save(path, X=X, y=Y)
    raw = bytearray(path.read_bytes())
    raw[250] ^= 1
    path.write_bytes(raw)
    with pytest.raises(DataError, match="cannot be read"):
        load(str(path))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(kind=st.sampled_from(["npz", "packed", "npy"]), data=st.data())
def test_garbage_never_gives_a_traceback(tmp_path, kind, data):
    """Any bytes changed or cut off: the file is still read, or a DataError is raised."""
    path = tmp_path / f"{kind}.npz"
    {"npz": np.savez, "packed": np.savez_compressed}.get(kind, np.savez)(path, X=X, y=Y)
    if kind == "npy":
        path = tmp_path / "X.npy"
        np.save(path, X)
        np.save(tmp_path / "y.npy", Y)
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(
        raw[: data.draw(st.integers(0, len(raw)))] if data.draw(st.booleans()) else raw
    )
    try:
        assert load(str(path)).training.n_classes >= 2
    except DataError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
