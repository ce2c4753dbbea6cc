"""svmlight and libsvm, told by their name or their first line."""

import bz2
import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import dump_svmlight_file

from hpsoft.data import load
from hpsoft.data.sources.svmlight import looks_like_svmlight
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
X = np.where(RNG.random((30, 5)) < 0.5, 0, RNG.normal(size=(30, 5))).round(3)
X[0, -1] = 1.5
Y = np.arange(30) % 3


@pytest.mark.parametrize("zero_based", [True, False])
@pytest.mark.parametrize(
    "name", ["t.svm", "t.svmlight", "T.LIBSVM", "a9a", "mnist.scale", "t.txt"]
)
def test_a_file(tmp_path, name, zero_based):
    """Whatever it is called; indices from 0 or 1."""
    X[0, 0] = 1.0  # an index of 0, where they begin there
    dump_svmlight_file(X, Y, str(tmp_path / name), zero_based=zero_based)
    data = load(str(tmp_path / name))
    assert (data.training.samples.n_features, data.classes) == (5, ("0", "1", "2"))
    assert {tuple(row) for row in np.asarray(data.test.X)} <= {tuple(row) for row in X}


def test_a_damaged_archive_is_none(tmp_path):
    """Whatever its bytes are, the reader of the file says what is wrong."""
    path = tmp_path / "t.csv.gz"
    packed = bytearray(gzip.compress("".join(f"{i},{i * i}\n" for i in range(999)).encode()))
    packed[20:40] = b"\xff" * 20
    path.write_bytes(packed)
    assert not looks_like_svmlight(path)


@pytest.mark.parametrize(("pack", "suffix"), [(gzip.compress, ".gz"), (bz2.compress, ".bz2")])
def test_compressed_with_its_test_part(tmp_path, pack, suffix):
    """`NAME.t` beside it, which may lack the last features."""
    for name, rows, n in (("a", slice(0, 20), 5), ("a.t", slice(20, None), 3)):
        dump_svmlight_file(X[rows, :n], Y[rows], str(tmp_path / name), zero_based=False)
        (tmp_path / f"{name}{suffix}").write_bytes(pack((tmp_path / name).read_bytes()))
    data = load(str(tmp_path / f"a{suffix}"))
    assert (len(data.training.samples), len(data.test)) == (20, 10)
    assert data.test.X.shape == (10, 5)
    assert f"a.t{suffix} beside it is the test part." in data.notes


def test_whole_numbers_are_bytes(tmp_path):
    """As in mnist.scale's source."""
    pixels = RNG.integers(0, 256, (30, 4)) * (RNG.random((30, 4)) < 0.5)
    dump_svmlight_file(pixels, Y, str(tmp_path / "t.svm"))
    assert load(str(tmp_path / "t.svm")).training.samples.X.dtype == np.uint8


def test_what_does_not_fit_is_refused(tmp_path):
    """With what it would take, and what to do."""
    (tmp_path / "t.svm").write_text("1 1:1\n0 2000000000:0.5\n" * 10)
    with pytest.raises(DataError, match=r"20 samples x 2,000,000,000 features.* [\d.,]+ GB where"):
        load(str(tmp_path / "t.svm"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 1:2\n0 2:x\n", r"Line 2 of .*t.svm is no sample of svmlight: '0 2:x'"),
        ("1,2 1:2\n0 2:1\n", r"Line 1 of .*t.svm has several labels, 1,2"),
        ("1 1:2\n1 2:1 1:2\n0 2:1\n", r"Line 2 of .*t.svm has index 1 after 2; 1 line"),
        ("1 1:1 1:2\n0 2:1\n1 3:1 2:1\n", r"Line 1 of .*t.svm has index 1 twice; 2 line"),
        ("0.5 1:1\n1.5 1:2\n", "names no class"),
        ("", "t.svm"),
    ],
)
def test_what_is_wrong(tmp_path, text, message):
    """The line, where there is one."""
    (tmp_path / "t.svm").write_text(text)
    with pytest.raises(DataError, match=message) as error:
        load(str(tmp_path / "t.svm"))
    assert "\n" not in str(error.value)


def test_options_of_columns(tmp_path):
    """Refused, not ignored."""
    dump_svmlight_file(X, Y, str(tmp_path / "t.svm"))
    with pytest.raises(DataError, match="--target 0 makes no sense"):
        load(str(tmp_path / "t.svm"), target="0")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-1 3:0.5 7:1e-3\n", True), ("# c\n\n+1 qid:3 1:2 # x\n", True), ("1,2 1:1\n", True),
        ("a b\n", False), ("1 2 3\n", False), ("12:30 1:2\n", False), ("1,2,3\n", False), ("", False),
        ("t,v\n1 1:2\n", False),
    ],
)  # fmt: skip
def test_what_looks_like_it(tmp_path, text, expected):
    """Times of day and numbers between spaces do not."""
    (tmp_path / "t").write_text(text)
    assert looks_like_svmlight(tmp_path / "t") == expected


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_every_matrix_comes_back(tmp_path_factory, data):
    """Written by scikit-learn, read by us."""
    path = tmp_path_factory.mktemp("svm") / "t.svm"
    n, d = data.draw(st.integers(4, 12)), data.draw(st.integers(1, 5))
    numbers = st.one_of(st.just(0.0), st.integers(-(2**20), 2**20).map(lambda n: n / 1024))
    cells = data.draw(st.lists(numbers, min_size=n * d, max_size=n * d))
    matrix = np.array(cells).reshape(n, d)
    matrix[0] = 1.0  # every feature is there
    labels = np.arange(n) % 2
    dump_svmlight_file(matrix, labels, str(path))
    found = load(str(path), test_fraction=0.5)
    rows = np.concatenate([np.asarray(found.training.samples.X), np.asarray(found.test.X)])
    assert sorted(map(tuple, rows.tolist())) == sorted(map(tuple, matrix.tolist()))


def test_labels_alone_are_refused(tmp_path):
    """In a file, or in its test part; a zero that is written down is a feature."""
    whole, bare = tmp_path / "a.svm", tmp_path / "b.svm"
    bare.write_text("# all zero\n" + "1\n2\n" * 20)
    with pytest.raises(DataError, match=r"b\.svm has no feature: all 40 lines .* a label alone"):
        load(str(bare))
    whole.write_text("1 1:0\n2\n" * 20)
    assert load(str(whole)).training.samples.n_features == 1
    bare.rename(tmp_path / "a.svm.t")
    with pytest.raises(DataError, match=r"a\.svm\.t has no feature"):
        load(str(whole))


@pytest.mark.parametrize("index", [4_000_000_000, 10**20])
def test_an_index_beyond_all(tmp_path, index):
    """The line is named, and how many there are."""
    path = tmp_path / "t.svm"
    path.write_text("1 1:0.5 2:1\n2 1:0.5\n" * 9 + f"1 {index}:3\n" * 2)
    with pytest.raises(DataError, match=rf"Line 19 of .* has index {index}, .* 2 line.s. are so"):
        load(str(path))
