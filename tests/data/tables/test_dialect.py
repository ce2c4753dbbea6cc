"""What separates cells, and which lines are no rows."""

import csv

import pytest
from small_table import CLASSES, KINDS, NAMES, ROWS, N, decimal_comma, table

from hpsoft.data.tables.dialect import Dialect, OpenQuoteError, separator_of, sniff
from hpsoft.errors import DataError

HEADERS = [None, (*NAMES, "kind")]


def rows(text):
    """Return the cells of all rows, in the dialect that the text seems to have."""
    lines = text.splitlines(keepends=True)
    return [cells for _, cells in sniff(lines).rows(lines)]


@pytest.mark.parametrize("header", HEADERS, ids=["no header", "header"])
@pytest.mark.parametrize("sep", [",", ";", "\t", "|", " ", "   ", " \t "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators(sep, header, end):
    """Commas, semicolons, tabs, bars, and any run of spaces."""
    found = rows(table(sep, header, end=end))
    assert len(found) == N + (header is not None)
    assert {len(cells) for cells in found} == {5}


@pytest.mark.parametrize("header", HEADERS, ids=["no header", "header"])
@pytest.mark.parametrize("sep", [";", "\t", "|", "  "])
def test_decimal_commas_are_no_separators(sep, header):
    """Though each row has as many commas as separators."""
    assert {len(c) for c in rows(table(sep, header, write=decimal_comma))} == {5}


@pytest.mark.parametrize(
    ("sep", "header", "labels"),
    [
        (",", ['"length, mm"', '"width, mm"', "depth", "mass", "kind"], KINDS),
        (";", ['"a,b,c,d,e,f"', "width", "depth", "mass", "kind"], KINDS),
        (",", ["sepal length", "sepal width (cm)", "petal length", "x", "kind"], KINDS),
        (",", (*NAMES, "kind"), [f"Iris {kind}" for kind in KINDS]),
        (",", (*NAMES, "kind"), [f'"{kind}, wild"' for kind in KINDS]),
        (",", (*NAMES, "kind"), [f"{kind};{kind}" for kind in KINDS]),
        (";", (*NAMES, "kind"), [f"{kind},{kind}" for kind in KINDS]),
        (";", ['"length\n(mm)"', "width", "depth", "mass", "kind"], KINDS),
    ],
)
def test_other_marks_in_cells(sep, header, labels):
    """What is quoted, or divides rows into no numbers, separates nothing."""
    assert {len(cells) for cells in rows(table(sep, header, labels=labels))} == {5}


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n'])
def test_the_line_of_excel(line):
    """It names the separator and is no row."""
    assert len(rows(line + table(";"))) == N + 1


def test_the_line_of_excel_for_tabs():
    """The mark itself or its name in programs."""
    for line in ("sep=\t\n", "sep=\\t\n"):
        assert {len(cells) for cells in rows(line + table("\t"))} == {5}


def test_the_line_of_excel_names_any_mark():
    """Also one that would not be tried."""
    assert {len(cells) for cells in rows("sep=^\n" + table("^"))} == {5}


@pytest.mark.parametrize("mark", ["#", "%", "@", "//"])
@pytest.mark.parametrize("sep", [",", ";", "\t", " "])
def test_comments_first(mark, sep):
    """Whatever is in them, and those that follow later."""
    text = f"{mark} a, b; c\td\n{mark}unit: mm\n\n" + table(sep)
    text = text.replace("gentoo\n", f"gentoo\n{mark} one, more; with, five, cells\n", 1)
    assert len(rows(text + f"{mark} end\n")) == N + 1


def test_numbers_of_lines():
    """They are those of the file, comments and blank lines counted, where quotes open."""
    lines = ["sep=,\n", "# a\n", "\n", "a,b\n", "1,2\n", '"3\n', '4",5\n']
    dialect = sniff(lines)
    assert [line for line, _ in dialect.rows(lines)] == [4, 5, 6]


@pytest.mark.parametrize("end", [",\n", ",\r\n"])
def test_a_separator_at_the_end_of_rows(end):
    """It begins no cell where every row has it; the header may be without."""
    assert {len(cells) for cells in rows(table(end=end))} == {5}
    assert {len(cells) for cells in rows(table(end=end).replace("kind,", "kind"))} == {5}


def test_an_empty_last_cell_is_one():
    """Where some rows have something there."""
    text = table(labels=["", *KINDS[1:]])
    assert {len(cells) for cells in rows(text)} == {5}


def test_rows_without_content():
    """Spreadsheets write their empty rows as well."""
    assert len(rows(table() + ",,,,\n,,,,\n")) == N + 1


def test_some_double_tabs():
    """UCI's seeds: columns that were aligned by hand."""
    lines = [
        ("\t\t" if i % 7 == 0 else "\t").join(map(str, row)) + f"\t{k}\n"
        for i, (row, k) in enumerate(zip(ROWS, CLASSES, strict=True))
    ]
    assert {len(cells) for cells in rows("".join(lines))} == {5}


def test_quotes_among_spaces():
    """R's write.table."""
    assert rows('"a" "my kind"\n"1" 1.5  "x y"\n"2" 2.5  "z"\n')[1:] == [
        ["1", "1.5", "x y"],
        ["2", "2.5", "z"],
    ]


def test_a_cell_without_end():
    """What csv refuses, it refuses here."""
    with pytest.raises(csv.Error):
        rows("a,b\n" + "1" * 140000 + ",x\n")


@pytest.mark.parametrize("text", ["", "\n", "a\n1\n2\n"])
def test_nothing_to_tell_from(text):
    """A comma, until something speaks against it."""
    assert sniff(text.splitlines(keepends=True)) == Dialect()


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("0.35 kg,red,a", ["0.35 kg", "red", "a"]),
        ("0.35 kg;red;a", ["0.35 kg", "red", "a"]),
        ("1.5 2.5 a", ["1.5", "2.5", "a"]),
    ],
)
def test_a_unit_behind_a_number_separates_nothing(line, cells):
    assert sniff([f"{line}\n"] * 20).cells(line) == cells


@pytest.mark.parametrize(
    ("text", "separator"),
    [("tab", "\t"), ("Tab", "\t"), ("comma", ","), (";", ";"), ("\\t", "\t"), ("space", " ")],
)
def test_names_of_separators(text, separator):
    assert separator_of(text) == separator


@pytest.mark.parametrize("text", ["", "::", "a", "7", '"', "\n", ".", "-", "tabs"])
def test_what_can_separate_nothing(text):
    with pytest.raises(DataError, match=r"--delimiter .* separates no cells"):
        separator_of(text)


@pytest.mark.parametrize("sep", ["^", "~", "\x01", ":", "§", ";", " "])
def test_a_separator_by_the_users_word(sep):
    """Whatever else the lines hold."""
    lines = table(sep).splitlines(keepends=True)
    assert {len(cells) for _, cells in sniff(lines, sep).rows(lines)} == {5}


OPEN = {  # lines -> the one where the quote opens
    ("a,b\n", "1,2\n", '3,"4\n', "5,6\n"): 3,
    ("a,b\n", '"1,2\n', "3,4\n"): 2,
    ("a,b\n", '1,"x\n', 'y"\n', '2,"z'): 4,
    ("a,b\n", '"x\n', 'y","z\n', "5,6\n"): 3,
    ("a,b\n", '1,"x\n', "3,4\n", '5,"y\n', "6,7\n"): 2,  # closed by the next quote, amid text
}


@pytest.mark.parametrize(("lines", "opens"), OPEN.items())
def test_an_open_quote(lines, opens):
    """It is told where it begins, at the end of the file or where another one begins."""
    with pytest.raises(OpenQuoteError) as caught:
        list(Dialect().rows(lines, whole=True))
    assert caught.value.line == opens


@pytest.mark.parametrize("length", [200_000, 100])
def test_a_quote_that_is_open_for_long(length):
    """Also where the row grows too long for one, or a piece of the file alone is there."""
    lines = ["a,b\n", '1,"2\n', *["3,4\n"] * length]
    if length > 1000:
        with pytest.raises(OpenQuoteError) as caught:
            list(Dialect().rows(lines))
        assert caught.value.line == 2
    else:
        assert [line for line, _ in Dialect().rows(lines)] == [1, 2]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_quoted_cells_of_several_lines(end):
    """They are cells, with spaces behind the quote or without."""
    lines = [f"a,b{end}", f'1,"x{end}', f'y"{end}', f'2,"x{end}', f'y" {end}', f'"x{end}', 'y" ,3']
    found = list(Dialect().rows(lines, whole=True))
    assert [line for line, _ in found] == [1, 2, 4, 6]
    assert {len(cells) for _, cells in found} == {2}


def test_lines_above_a_table():
    """With comments, blank lines and cells of several lines."""
    lines = ["sep=,\n", "# a\n", "\n", '"a\n', 'x",b\n', "1,2\n"]
    dialect = sniff(lines)
    assert [dialect.n_lines(lines, n) for n in range(3)] == [1, 5, 6]
    assert Dialect().n_lines(lines, 0) == 0
