"""What lies by the name of another file is told, whatever form the name promises."""

import numpy as np
import pytest

from hpsoft.data.errors import nth
from hpsoft.data.spec import DataSpec
from hpsoft.errors import DataError, HpsoftError
from hpsoft.model.files import load

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
PAGE = b"\n<!DOCTYPE html>\n<html><body>404</body></html>"
FORMS = (
    "a.npy", "a.npz", "a.parquet", "a.feather", "a.arrow", "a.safetensors", "a.pt", "a.pth",
    "a.h5", "a.hdf5", "a.mat", "a.csv", "a.csv.gz", "a.csv.zst", "a.arff", "a.arff.gz", "a.svm",
    "a.libsvm.gz", "train-images-idx3-ubyte", "train-images-idx3-ubyte.gz",
    "a", "a.json", "a.npz.part",
)  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    ("content", "said"),
    [(POINTER, "a pointer of Git LFS .* git lfs pull"), (PAGE, r"a web page \(HTML\)")],
    ids=["pointer", "page"],
)
def test_stand_ins_are_told_in_each_form(name, content, said, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    if "images" in name:
        (tmp_path / name.replace("images-idx3", "labels-idx1")).write_bytes(content)
    with pytest.raises(DataError, match=rf"^{path} is {said}"):
        DataSpec(str(path)).load()


def test_stand_ins_are_told_in_folders_pairs_and_models(tmp_path):
    X = tmp_path / "X.npy"
    np.save(tmp_path / "y.npy", np.arange(20) % 2)
    X.write_bytes(POINTER)
    for spec in (tmp_path, f"{X},{tmp_path / 'y.npy'}"):
        with pytest.raises(DataError, match=rf"^{X} is a pointer of Git LFS"):
            DataSpec(str(spec)).load()
    model = tmp_path / "model.safetensors"
    model.write_bytes(POINTER)
    with pytest.raises(HpsoftError, match="git lfs pull"):
        load(model)


def test_a_pointer_that_is_not_asked_for_is_in_nobodys_way(tmp_path):
    (tmp_path / "other.npy").write_bytes(POINTER)
    np.save(tmp_path / "X.npy", np.random.default_rng(0).normal(size=(20, 2)))
    np.save(tmp_path / "y.npy", np.arange(20) % 2)
    assert len(DataSpec(str(tmp_path)).load().training) == 16


def test_rows_count_from_1():
    """A row of a message is that of the samples, without a header: the 1,000th is `row 1,000`."""
    assert nth(999) == "1,000 (from 1)"
