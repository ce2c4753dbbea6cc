"""Whether tables fit a terminal: no line too wide, no number broken."""

import re

import pytest
from rich.cells import cell_len

from hpsoft.report.text import table
from hpsoft.report.text.fitting import fit
from hpsoft.report.text.table import lines

WIDTHS = (60, 70, 80, 100, 132, 200)
NUMBER = re.compile(r"\W*\d[\d.,]*(e[-+]?\d+)?\W*")


@pytest.fixture
def drawn(monkeypatch):
    """Every table that is drawn, as (columns, rows)."""
    tables = []

    def remembered(columns, rows, width):
        tables.append((columns, rows))
        return fit(columns, rows, width)

    monkeypatch.setattr(table, "fit", remembered)
    return tables


def assert_fits(columns, rows, width):
    """Every line fits, and every number of every column that is shown stands there whole."""
    found = lines(columns, rows, width)
    assert max(map(cell_len, found)) <= width, found
    table = fit(columns, rows, width)
    left_out = [*table.left_out, *(said.rpartition(" ")[0] for said in table.shared)]
    words = {word for line in found for word in line.split()}
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            if column.title not in left_out:
                missing = {word.strip(",") for word in cell.split() if NUMBER.fullmatch(word)} - {
                    word.strip(",") for word in words
                }
                assert not missing, (column, found)
