"""What the first lines tell of the rest."""

import pytest
from small_table import KINDS, NAMES, ROWS, N, table

from hpsoft.data.tables.columns import Kind
from hpsoft.data.tables.csvlayout import layout_of


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
        (["", "", ""], Kind.EMPTY),
        (["", "NA", ""], Kind.EMPTY),
        (["1", "2", "red"], Kind.NUMBER),
        (["1", "blue", "red"], Kind.TEXT),
        ([*"123456789", "A 5"] * 2, Kind.NUMBER),
        ([*"123456789", "A 5"] * 3 + ["B"], Kind.TEXT),
        (["none", "none"], Kind.TEXT),
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


@pytest.mark.parametrize("title", ["Birds", "Birds, measured", "Birds\nStation 7\n"])
@pytest.mark.parametrize("header", [None, [*NAMES, "kind"]])
def test_titles_above_the_table(title, header):
    """Rows that are too short for it, as spreadsheets have them."""
    found = layout(title + "\n" + table(header=header))
    assert len(found.rows) == N
    assert any("too short for the table" in remark for remark in found.remarks("utf-8"))


def test_short_rows_of_a_short_table():
    """Too few rows tell nothing: they stay, and are errors."""
    assert layout("1,2\n1,2,3,4\n").n_rows_above == 0


def test_a_header_of_a_wider_sheet():
    """Empty cells at its end name no columns."""
    found = layout(table(header=[*NAMES, "kind", "", ""]))
    assert found.header.names == (*NAMES, "kind")
