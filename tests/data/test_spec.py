"""A data set is loaded again as it was: columns kept and dropped included, from any folder."""

from dataclasses import replace

import pytest
from small_table import KINDS, NAMES, ROWS, N, table

from hpsoft.data.loading import load
from hpsoft.data.spec import DataSpec, load_again
from hpsoft.errors import DataError


@pytest.fixture
def path(tmp_path):
    """A table with row numbers."""
    path = tmp_path / "t.csv"
    path.write_text(table(first=range(N), first_name="n"))
    return str(path)


@pytest.mark.parametrize(
    ("options", "n_features"),
    [({}, 4), ({"keep": ("n",)}, 5), ({"drop": ("mass",)}, 3),
     ({"keep": ("0",), "drop": ("1",)}, 4)],
)  # fmt: skip
def test_columns_are_those_of_the_search(path, options, n_features):
    """`final`, `confirm` and the others load what was searched."""
    spec = DataSpec(path, **options)
    dataset = load_again(spec, spec.load().fingerprint)
    assert dataset.training.samples.n_features == n_features


def test_other_columns_are_other_data(path):
    """Their fingerprint differs."""
    with pytest.raises(DataError, match="is not what this study was made on"):
        load_again(DataSpec(path), DataSpec(path, keep=("n",)).load().fingerprint)


def test_a_moved_table_is_read_alike(path, tmp_path):
    """With the options of the study."""
    spec = DataSpec(path, drop=("mass",))
    moved = tmp_path / "u.tsv"
    moved.write_text(table("\t", first=range(N), first_name="n"))
    dataset = load_again(spec, spec.load().fingerprint, str(moved))
    assert dataset.training.samples.n_features == 3


@pytest.mark.parametrize(
    "spec",
    [
        DataSpec(),
        DataSpec("a.csv", "y", ("n",), ("m", "o"), 0.3, 7, "unit"),
        DataSpec("digits", seed=3),
        DataSpec("a.csv", delimiter="tab"),
    ],
)
def test_a_study_keeps_it(spec):
    assert DataSpec.from_attribute(spec.to_attribute()) == spec


def test_studies_without_such_options(tmp_path):
    """Those that were made before there were any."""
    path = tmp_path / "t.csv"
    path.write_text(table(header=(*NAMES, "kind"), rows=ROWS, labels=KINDS))
    spec = DataSpec.from_attribute({"spec": str(path)})
    assert load_again(spec, load(str(path)).fingerprint).training.samples.n_features == 4


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (None, "digits"),
        ("digits", "digits"),
        ("openml:61", "openml:61"),
        ("a.csv", "{here}/a.csv"),
        ("x.npy, y.npy", "{here}/x.npy,{here}/y.npy"),
    ],
)
def test_it_is_remembered_for_any_folder(spec, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = DataSpec(spec, seed=4)
    assert given.from_anywhere(load("digits")) == replace(
        given, spec=expected.format(here=tmp_path)
    )
