"""Entry points are read again where something was installed, or the path has changed."""

from importlib import metadata

from fake_plugins import SOUND, install

from hpsoft.optimizers import entries
from hpsoft.optimizers.entries import entry_points
from hpsoft.optimizers.registry import GROUP


def names():
    return {point.name for point in entry_points(group=GROUP)}


def test_they_are_those_of_importlib():
    assert [*entry_points(group=GROUP)] == [*metadata.entry_points(group=GROUP)]


def test_what_is_installed_meanwhile_is_found(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    before = names()
    install(tmp_path, "x-sound", "sound", SOUND)
    assert names() == before | {"sound"}
    monkeypatch.undo()
    assert names() == before


def test_they_are_read_once(monkeypatch):
    names()
    monkeypatch.setattr(entries.metadata, "entry_points", None)
    assert names() >= {"newton", "sgd"}


def test_a_folder_that_is_not_there_is_passed_by(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path / "none")
    assert names() >= {"newton", "sgd"}
