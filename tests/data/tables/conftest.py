"""A file of a table, as a test writes it."""

import pytest


@pytest.fixture
def write(tmp_path):
    """Return a function that writes text to a.csv and returns its path."""

    def write(text, encoding="utf-8"):
        path = tmp_path / "a.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write
