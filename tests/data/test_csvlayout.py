"""What the first lines tell of the rest."""

import pytest
from small_table import KINDS, ROWS, table

from hpsoft.data.columns import Kind
from hpsoft.data.csvlayout import layout_of


def layout(text):
    """Return the layout that a text seems to have."""
    found = layout_of(text.splitlines(keepends=True), None)
    assert found is not None
    return found


def test_no_rows():
    """Nothing can be told."""
    assert layout_of(["\n", " \n"], None) is None


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5", "-3"], Kind.NUMBER),
        (["1", "NA", "?"], Kind.NUMBER),
        (["", "", ""], Kind.NUMBER),
        (["1", "2", "red"], Kind.NUMBER),
        (["1", "blue", "red"], Kind.TEXT),
        (["True", "false", ""], Kind.TRUTH),
        (["True", "1", "0"], Kind.NUMBER),
    ],
)
def test_kinds(cells, kind):
    """By what most cells are that are not missing; one typing error makes no text."""
    text = "a,b,c\n" + "".join(f"1.5,{cell},x\n" for cell in cells)
    assert layout(text).kinds[1] is kind


def test_lines_above():
    """The line that names the separator, comments, and a header over two lines."""
    assert layout(table()).n_lines_above == 1
    assert layout(table(header=None)).n_lines_above == 0
    assert layout("sep=,\n" + table(header=None)).n_lines_above == 1
    assert layout("\n" + table(header=['"a\nb"', *"cd", "mass", "kind"])).n_lines_above == 3


def test_columns_are_those_of_the_rows():
    """Rows that are too short have no cell there."""
    found = layout(table() + "1,2\n")
    assert len(found.column(0)) == len(ROWS) + 1
    assert found.column(4) == KINDS
    assert not found.counts(4)
    assert layout(table(first=range(60), first_name="n")).counts(0)
