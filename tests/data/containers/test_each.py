"""What only one format has: bfloat16, cells, structures, text, sparse matrices, mapped bytes."""

import sys

import h5py
import numpy as np
import pytest
from scipy import sparse
from scipy.io import savemat

from hpsoft.data import load
from hpsoft.data.containers import dense
from hpsoft.data.containers.formats import open_container
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(30, 4)), np.arange(30) % 3
NAMES = np.array(["gentoo", "adelie", "chinstrap"])[Y]


def is_mapped(array):
    """Return whether an array's memory belongs to a memory map."""
    while array is not None and not isinstance(array, np.memmap):
        array = array.base
    return array is not None


def write_raw_safetensors(path, name, kind, shape, content, extra=b""):
    """Write a tensor of a type that NumPy has not."""
    import json

    header = {name: {"dtype": kind, "shape": shape, "data_offsets": [0, len(content)]}}
    text = json.dumps(header).encode() + extra
    path.write_bytes(len(text).to_bytes(8, "little") + text + content)


def test_safetensors_are_mapped(tmp_path):
    """And read-only, also where their numbers lie at odd bytes."""
    from safetensors.numpy import save_file

    save_file({"X": X, "y": Y}, tmp_path / "a.safetensors")
    array = open_container(tmp_path / "a.safetensors").arrays["X"].read()
    assert is_mapped(array)
    np.testing.assert_array_equal(array, X)
    odd = next(n for n in range(8) if (len(b'{"X":{}}') + n) % 8)
    write_raw_safetensors(tmp_path / "b.safetensors", "X", "F64", [30, 4], X.tobytes(), b" " * odd)
    other = open_container(tmp_path / "b.safetensors").arrays["X"].read()
    assert is_mapped(other)
    np.testing.assert_array_equal(other, X)


def test_bfloat16_is_read_exactly(tmp_path):
    """As the upper half of float32."""
    single = X.astype(np.float32)
    upper = (single.view(np.uint32) >> 16).astype("<u2")
    write_raw_safetensors(tmp_path / "a.safetensors", "X", "BF16", [30, 4], upper.tobytes())
    stored = open_container(tmp_path / "a.safetensors").arrays["X"]
    expected = (upper.astype(np.uint32) << 16).view(np.float32)
    np.testing.assert_array_equal(stored.read(), expected)
    assert str(stored) == "(30, 4) float32"


def test_types_that_numpy_has_not(tmp_path):
    """They are named with the way out."""
    write_raw_safetensors(tmp_path / "a.safetensors", "X", "F8_E4M3", [2, 2], b"1234")
    with pytest.raises(DataError, match=r"Tensor 'X' of .* is of type F8_E4M3"):
        open_container(tmp_path / "a.safetensors").arrays["X"].read()


@pytest.mark.parametrize("content", [b"", b"12345678", b"\x02" + b"\0" * 7 + b"{}" + b"rest"])
def test_damaged_safetensors(tmp_path, content):
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(DataError, match=r"a.safetensors cannot be read"):
        load(str(tmp_path / "a.safetensors"))


def test_hdf5_paths_and_text(tmp_path):
    """Groups are parts, text is labels, contiguous numbers are mapped, others read."""
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["train/emb"] = X[:20]
        file.create_dataset(
            "train/bird", data=NAMES[:20].astype(object), dtype=h5py.string_dtype()
        )
        file["test/emb"] = X[20:]
        file["test/bird"] = NAMES[20:].astype("S")
        file["version"] = 3
    data = load(str(tmp_path / "a.h5"))
    assert data.classes == ("adelie", "chinstrap", "gentoo")
    assert (len(data.training.samples), len(data.test)) == (20, 10)
    assert is_mapped(open_container(tmp_path / "a.h5").arrays["train/emb"].read())
    named = load(str(tmp_path / "a.h5"), features=["train/emb"], target="train/bird")
    assert named.fingerprint == data.fingerprint


def test_hdf5_behind_other_bytes(tmp_path):
    """Of another program, as MATLAB's header is."""
    with h5py.File(tmp_path / "a.h5", "w", userblock_size=512) as file:
        file["X"], file["y"] = X, Y
    np.testing.assert_array_equal(open_container(tmp_path / "a.h5").arrays["X"].read(), X)


def test_what_is_no_hdf5(tmp_path):
    (tmp_path / "a.h5").write_bytes(b"no such thing")
    with pytest.raises(DataError, match=r"a.h5 cannot be read"):
        load(str(tmp_path / "a.h5"))


@pytest.mark.parametrize(
    ("module", "suffix", "extra"), [("h5py", "h5", "hdf5"), ("torch", "pt", "torch")]
)
def test_extras_are_named(tmp_path, monkeypatch, module, suffix, extra):
    """What to install, and for which file."""
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / f"a.{suffix}").write_bytes(b"x")
    with pytest.raises(
        DataError, match=rf"a.{suffix} takes {module}.* pip install 'hpsoft\[{extra}\]'"
    ):
        load(str(tmp_path / f"a.{suffix}"))


def test_matlab_structures_cells_and_text(tmp_path):
    """Structures are paths, cells of text are labels, and so are rows of characters."""
    cells = NAMES.astype(object).reshape(-1, 1)
    savemat(tmp_path / "a.mat", {"birds": {"X": X, "species": cells}})
    assert load(str(tmp_path / "a.mat")).classes == ("adelie", "chinstrap", "gentoo")
    savemat(tmp_path / "b.mat", {"X": X, "y": NAMES})
    assert load(str(tmp_path / "b.mat")).classes == ("adelie", "chinstrap", "gentoo")


@pytest.mark.parametrize("features", [X.T, RNG.integers(0, 256, (3, 2, 3, 30), np.uint8)])
def test_samples_along_the_last_axis(tmp_path, features):
    """As SVHN and mnist-original have them; the notes say so."""
    savemat(tmp_path / "a.mat", {"data": features, "label": Y[None, :]})
    data = load(str(tmp_path / "a.mat"))
    assert data.training.samples.n_features == features.size // 30
    expected = np.moveaxis(features, -1, 0).reshape(30, -1)
    assert {tuple(row) for row in np.asarray(data.test.X)} <= {tuple(row) for row in expected}
    assert "The last axis of 'data' is that of the samples." in data.notes


def write_73(path, variables):
    """Write variables as MATLAB does in version 7.3: reversed axes, a header of 512 bytes."""
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, value in variables.items():
            if isinstance(value, list):
                refs = []
                for i, text in enumerate(value):
                    cell = file.create_dataset(f"#refs#/{name}{i}", data=_codes(text))
                    cell.attrs["MATLAB_class"] = np.bytes_("char")
                    refs.append(cell.ref)
                stored = file.create_dataset(name, data=np.array([refs], h5py.ref_dtype))
                stored.attrs["MATLAB_class"] = np.bytes_("cell")
            else:
                stored = file.create_dataset(name, data=np.asarray(value).T)
                stored.attrs["MATLAB_class"] = np.bytes_("double")
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")


def _codes(text):
    return np.frombuffer(text.encode("utf-16-le"), np.uint16)[:, None]


@pytest.mark.parametrize("labels", [Y[:, None] + 1.0, list(NAMES)], ids=["numbers", "cells"])
def test_matlab_7_3(tmp_path, labels):
    """The same arrays as those of version 5 give."""
    write_73(tmp_path / "a.mat", {"X": X, "y": labels})
    cells = NAMES.astype(object)[:, None] if isinstance(labels, list) else labels
    savemat(tmp_path / "b.mat", {"X": X, "y": cells})
    new, old = load(str(tmp_path / "a.mat")), load(str(tmp_path / "b.mat"))
    assert new.fingerprint == old.fingerprint
    assert new.training.n_classes == 3


def test_sparse_matrices_become_dense(tmp_path, monkeypatch):
    """Where there is room, in bytes where these are exact; else it is said what it takes."""
    counts = RNG.integers(1, 9, (30, 8)) * (RNG.random((30, 8)) < 0.3)
    savemat(tmp_path / "a.mat", {"X": sparse.csc_matrix(counts.astype(float)), "y": Y})
    data = load(str(tmp_path / "a.mat"))
    assert data.training.samples.X.dtype == np.uint8
    monkeypatch.setattr(dense, "available", lambda: 500)
    with pytest.raises(
        DataError, match=r"X of .* is sparse, 30 samples x 8 features.*TruncatedSVD"
    ):
        load(str(tmp_path / "a.mat"))


@pytest.mark.parametrize("content", [b"", b"x" * 40, b"MATLAB 5.0 MAT-file".ljust(200)])
def test_damaged_mat(tmp_path, content):
    (tmp_path / "a.mat").write_bytes(content)
    with pytest.raises(DataError, match=r"a.mat (cannot be read|is truncated|holds no arrays)"):
        load(str(tmp_path / "a.mat"))


@pytest.mark.parametrize(
    ("option", "array"), [({"target": "y"}, "y"), ({"features": ("X",)}, "X")]
)
def test_an_array_has_one_part(tmp_path, option, array):
    path = tmp_path / "a.npz"
    np.savez(path, X=X, y=Y, w=np.ones(len(Y)))
    with pytest.raises(
        DataError, match=f"Array {array!r} of .* so --sample-weight cannot have it"
    ):
        load(str(path), side={"sample_weight": array}, **option)


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_no_option_of_tables_is_offered_for_arrays(tmp_path, bad):
    path, odd = tmp_path / "a.npz", X.astype(float)
    odd[5, 0] = bad
    np.savez(path, X=odd, y=Y)
    with pytest.raises(DataError) as told:
        load(str(path))
    assert "--drop " not in str(told.value)
