"""ARFF, as Weka and OpenML write it; SciPy's reader is the reference."""

import csv
import gzip
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import arff as scipys

from hpsoft.data import load
from hpsoft.data.tables.arrow import arff
from hpsoft.data.tables.arrow.arff import open_arff
from hpsoft.errors import DataError

HEADER = """% birds
@RELATION 'the birds'

@attribute 'bill length' NUMERIC
@attribute depth {real} % in mm
@ATTRIBUTE class {{adelie,'chinstrap p.',"gen'too"}}
@data
"""
HEADER = HEADER.replace("{real}", "real").replace("{{", "{").replace("}}", "}")
ROWS = """% a comment
39.1, 18, adelie
40,17.5,'chinstrap p.'
1e1,2,"gen'too"

41,18,adelie
{0 3.5, 2 'chinstrap p.'}
"""


@pytest.fixture
def write(tmp_path):
    """Return a function that writes text to a.arff and returns its path."""

    def write(text, name="a.arff"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / name

    return write


def columns(path):
    """Return the columns of a file by name, as lists."""
    opened = open_arff(path)
    return opened.read(opened.names).to_pydict()


def test_names_quotes_comments_and_sparse_rows(write):
    """What is not said in a sparse row is zero, of a nominal attribute the first level."""
    assert columns(write(HEADER + ROWS)) == {
        "bill length": [39.1, 40, 10, 41, 3.5],
        "depth": [18, 17.5, 2, 18, 0],
        "class": ["adelie", "chinstrap p.", "gen'too", "adelie", "chinstrap p."],
    }


@pytest.mark.parametrize("name", ["a.arff", "a.arff.gz", "A.ARFF"])
def test_a_data_set(write, name):
    """The class is the labels, with its names."""
    text = HEADER + ROWS.replace(
        "{0 3.5, 2 'chinstrap p.'}", "3,4,\"gen'too\"\n4,4,'chinstrap p.'"
    )
    data = load(str(write(gzip.compress(text.encode()) if name.endswith("gz") else text, name)),
                test_fraction=0.5)  # fmt: skip
    assert data.classes == ("adelie", "chinstrap p.", "gen'too")
    assert data.name.lower() == "a"
    assert data.training.samples.n_features == 2


def test_missing_values_are_missing(write):
    """In numbers and in levels."""
    found = columns(write(HEADER + "?,1,adelie\n2,?,?\n"))
    assert found == {"bill length": [None, 2], "depth": [1, None], "class": ["adelie", None]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + "1,2\n", "Line 8 of .* has 2 values where 3 attributes"),
        (HEADER + "1,2,emperor\n", "Line 8 .* 'emperor' for attribute 'class', whose declared"),
        (
            HEADER + "1,x,adelie\n",
            "Line 8 .* 'x' for attribute 'depth', which is declared numeric",
        ),
        (HEADER + "1,1_0,adelie\n", "Line 8 .* '1_0' for attribute 'depth'"),
        (HEADER + "1,2,'adelie\n", "Line 8 .* quote that does not end"),
        (HEADER + "{7 1}\n", "Line 8 .* '7 1' in a sparse row"),
        (HEADER + "{0}\n", "Line 8 .* '0' in a sparse row"),
        (HEADER, "no rows of data"),
        (HEADER.replace("@data", ""), "its header has no @data"),
        ("@relation a\n@data\n1\n", "declares no @attribute"),
        ("1,2,3\n", "Line 1 of .* is no line of an ARFF header"),
        (HEADER.replace("real", "relational"), "Line 5 .* 'depth' the type 'relational'"),
        (HEADER.replace("depth real", "depth"), "Line 5 .* 'depth' the type ''"),
        ("", "declares no @attribute"),
    ],
)
def test_what_is_wrong_has_its_line(write, text, message):
    with pytest.raises(DataError, match=message):
        load(str(write(text)))


def test_encodings(write):
    """As those of other text."""
    text = HEADER.replace("adelie", "Adélie") + "1,2,Adélie\n"
    assert columns(write(text.encode("cp1252")))["class"] == ["Adélie"]


CELLS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(repr),
    st.integers(-(10**9), 10**9).map(str),
    st.just("?"),
)
TABLES = st.lists(st.tuples(CELLS, CELLS, st.sampled_from("abc?")), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.sampled_from([",", ", ", " ,\t"]))
def test_both_ways_and_scipy_agree(tmp_path_factory, table, comma):
    """Arrow's parser, ours row by row, and SciPy's, on rows without quotes."""
    path = tmp_path_factory.mktemp("arff") / "a.arff"
    header = "@relation r\n@attribute x numeric\n@attribute y real\n@attribute c {a,b,c}\n@data\n"
    path.write_text(header + "".join(comma.join(row) + "\n" for row in table))
    fast = columns(path)
    with_comment = path.with_name("b.arff")  # which Arrow's parser does not know
    with_comment.write_text(f"{path.read_text()}% the end\n")
    assert columns(with_comment) == fast
    limit = csv.field_size_limit()
    try:
        found, _ = scipys.loadarff(io.StringIO(path.read_text().replace("\t", " ")))
    finally:
        csv.field_size_limit(limit)  # which SciPy lifts for all
    for name in "xy":
        ours = np.array([np.nan if v is None else v for v in fast[name]])
        np.testing.assert_array_equal(ours, found[name])
    assert [v or "?" for v in fast["c"]] == [v.decode() for v in found["c"]]


def test_plain_rows_go_through_arrow(write, monkeypatch):
    """Not one by one."""
    monkeypatch.setattr(arff, "_slow", None)
    header = "@relation r\n@attribute x numeric\n@attribute c {a,b}\n@data\n"
    assert columns(write(header + "1,a\n2,b\n")) == {"x": [1, 2], "c": ["a", "b"]}
