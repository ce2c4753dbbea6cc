"""What several tests of the engine need."""

import tempfile

import pytest


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A temporary folder of this test alone; nothing may be left in it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []
