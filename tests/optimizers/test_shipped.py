"""Optimizers that are not installed: which of them hpsoft brings, and how."""

import tomllib
from pathlib import Path

import pytest

from hpsoft.errors import OptimizerError
from hpsoft.optimizers import registry
from hpsoft.optimizers.shipped import PLUGINS, how_to_install, not_installed

FOLDER = Path(__file__).parents[2] / "plugins"


def test_they_are_those_in_the_folder_of_plugins():
    found = {}
    for project in FOLDER.glob("*/pyproject.toml"):
        about = tomllib.loads(project.read_text("utf-8"))["project"]
        assert about["name"] == f"hpsoft-{project.parent.name}"
        names = about["entry-points"]["hpsoft.optimizers"]
        found |= dict.fromkeys(names, project.parent.name)
    assert found == PLUGINS


def test_one_of_hpsofts_own_is_told_with_how_to_install_it():
    assert not_installed("adamw", ["sgd", "newton"]) == (
        "The optimizer 'adamw' is not installed; known: newton, sgd. It is hpsoft's own plugin "
        "hpsoft-adam: `pip install ./plugins/adam` in hpsoft's repository installs it."
    )
    assert not_installed("adm", ["sgd"]) == "No optimizer 'adm'. Known: sgd."


def test_loading_it_says_so(monkeypatch):
    monkeypatch.setenv("HPSOFT_PLUGINS", "builtin")
    with pytest.raises(OptimizerError, match=r"`pip install \./plugins/svrg`"):
        registry.load("svrg")


def test_others_are_named_by_their_distribution():
    assert "`pip install hpsoft-mine`" in how_to_install("mine", "hpsoft-mine 2.0")
    assert how_to_install("mine") == "Install the plugin that brings it."
