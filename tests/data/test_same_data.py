"""The data of a study is loaded again as it was: columns kept and dropped included."""

import pytest
from small_table import KINDS, NAMES, ROWS, N, table

from hpsoft.data import load
from hpsoft.data.same_data import same_data
from hpsoft.errors import DataError


@pytest.fixture
def about(tmp_path):
    """Return a function that describes a study on a table with row numbers."""
    path = tmp_path / "t.csv"
    path.write_text(table(first=range(N), first_name="n"))

    def about(**options):
        source = {"spec": str(path), "target": None, "test_fraction": 0.2, "seed": 0, **options}
        training = load(**source).training
        return {"source": source, "scale": training.scale, "fingerprint": training.fingerprint}

    return about


@pytest.mark.parametrize(
    ("options", "n_features"),
    [({}, 4), ({"keep": ["n"]}, 5), ({"drop": ["mass"]}, 3), ({"keep": ["0"], "drop": ["1"]}, 4)],
)
def test_columns_are_those_of_the_search(about, options, n_features):
    """`final`, `confirm` and the others load what was searched."""
    assert same_data(about(**options), None).training.samples.n_features == n_features


def test_other_columns_are_other_data(about):
    """Their fingerprint differs."""
    study = about(keep=["n"]) | {"source": about()["source"]}
    with pytest.raises(DataError, match="is not what this study was made on"):
        same_data(study, None)


def test_a_moved_table_is_read_alike(about, tmp_path):
    """With the options of the study."""
    study = about(drop=["mass"])
    moved = tmp_path / "u.tsv"
    moved.write_text(table("\t", first=range(N), first_name="n"))
    assert same_data(study, str(moved)).training.samples.n_features == 3


def test_studies_without_such_options(tmp_path):
    """Those that were made before there were any."""
    path = tmp_path / "t.csv"
    path.write_text(table(header=(*NAMES, "kind"), rows=ROWS, labels=KINDS))
    study = {"source": {"spec": str(path)}, "scale": "standard", "fingerprint": ""}
    study["fingerprint"] = load(str(path)).fingerprint
    assert same_data(study, None).training.samples.n_features == 4
