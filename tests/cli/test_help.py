"""`--help` of every command, and that the READMEs know every command and option."""

import re
import shlex
import tomllib

import pytest
import typer
from fake_plugins import install
from readmes import READMES, ROOT, commands
from typer.testing import CliRunner

from hpsoft.cli.app import app

README = READMES["README.md"]
TEXT = "\n".join(READMES.values())


def _commands(group, path=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name), command


PROGRAM = typer.main.get_command(app)
COMMANDS = dict(_commands(PROGRAM))


def _options(command):
    return {name for parameter in command.params for name in parameter.opts} | {"--help"}


def _shown_commands():
    """Every `hpsoft ...` that a README tells to type."""
    return {command for command in commands(TEXT) if command.startswith("hpsoft ")}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help(path, run):
    out = run(*path, "--help").stdout
    assert out.startswith(f"Usage: hpsoft {' '.join(path)} [OPTIONS]")
    assert COMMANDS[path].help


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_option_is_explained(path):
    for parameter in COMMANDS[path].params:
        assert getattr(parameter, "help", None), parameter.name


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_is_in_a_readme(path):
    assert f"hpsoft {' '.join(path)}" in TEXT


@pytest.mark.parametrize("line", sorted(_shown_commands()))
def test_what_the_readmes_type_is_understood(line):
    words = [word for word in shlex.split(line)[1:] if word not in _options(PROGRAM)]
    depth = 2 if tuple(words[:2]) in COMMANDS else 1
    command = COMMANDS.get(tuple(words[:depth])) or PROGRAM.commands[words[0]]
    known = _options(command)
    assert {word for word in words if word.startswith("--")} <= known


def test_every_option_of_search_is_in_its_table():
    table = READMES["hpsoft/tuning/README.md"].partition("## Folds")[0]
    for option in _options(COMMANDS["search",]) - {"--help"}:
        assert option in table or not option.startswith("--"), option


def test_the_readme_installs_and_tests_as_the_project_says():
    assert "pip install . && hpsoft search --data digits --sampler grid" in README
    assert "hpsoft final --study best" in README
    assert "pip install -e '.[dev]' && pytest" in README
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "dev" in extras["optional-dependencies"]


def test_the_rooms_of_the_readme_are_those_that_are_there_from_top_to_ground():
    """As pyproject.toml lists the layers, which import-linter holds."""
    figure = re.search(r"```text\n(__main__.*?)```", README, re.DOTALL)[1]
    drawn = [
        name for line in figure.splitlines() for name in re.split(r" · |, ", line[:40].strip())
    ]
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    layers = tools["importlinter"]["contracts"][0]["layers"]
    assert drawn == [name for layer in layers for name in layer.split(" | ")]
    folders = {path.parent.name for path in (ROOT / "hpsoft").glob("*/__init__.py")}
    assert folders | {"__main__", "errors"} == set(drawn)


def test_the_way_of_a_search_is_there():
    text = READMES["hpsoft/tuning/README.md"]
    way = re.search(r"```text\n(cli/app\.py.*?)```", text, re.DOTALL)[1]
    names = re.findall(r"[\w/]+\.py", way)
    assert len(names) > 15
    for name in names:
        assert (ROOT / name).exists() or (ROOT / "hpsoft" / name).exists(), name


def test_the_optimizer_of_the_readme_works(run, run_json, monkeypatch, folder):
    text = READMES["hpsoft/optimizers/README.md"]
    source = re.search(r"```python\n(# hpsoft_mine.py.*?)```", text, re.DOTALL)[1]
    install(folder, "hpsoft-mine", "mine", f"{source}\nSound = Mine\n")
    monkeypatch.syspath_prepend(folder)
    document = run_json("search", "--data", "digits", "--optimizer", "mine")
    assert document["certificate"]["complete"]
    assert document["n_grid"] == 4
    assert document["winner"]["accuracy"] > 0.9
    assert run_json("final")["test"]["accuracy"] > 0.9


def test_without_arguments_help_is_shown():
    result = CliRunner().invoke(app, [], prog_name="hpsoft")
    assert "Commands:" in result.output
