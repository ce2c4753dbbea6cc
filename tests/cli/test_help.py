"""`--help` of every command, and that README keeps its word."""

import re
import shlex
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hpsoft.cli.app import app
from hpsoft.optimizers import registry

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


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
    """Every `hpsoft ...` that README tells to type."""
    for block in re.findall(r"```(?:sh|console)\n(.*?)```", README, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            for part in line.partition("#")[0].removeprefix("$ ").split("&&"):
                if part.strip().startswith("hpsoft "):
                    yield part.strip()


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
def test_every_command_is_in_the_readme(path):
    assert f"hpsoft {' '.join(path)}" in README


@pytest.mark.parametrize("line", sorted(set(_shown_commands())))
def test_what_the_readme_types_is_understood(line):
    words = shlex.split(line)[1:]
    depth = 2 if tuple(words[:2]) in COMMANDS else 1
    command = COMMANDS.get(tuple(words[:depth])) or PROGRAM.commands[words[0]]
    known = _options(command)
    assert {word for word in words if word.startswith("--")} <= known


def test_the_readme_explains_every_option_of_search():
    for option in _options(COMMANDS["search",]) - {"--help"}:
        assert option in README or not option.startswith("--"), option


def test_the_readme_installs_and_tests_as_the_project_says():
    assert "pip install . && hpsoft search --data digits --sampler grid" in README
    assert "hpsoft final --study best" in README
    assert "pip install -e '.[dev]' && pytest" in README
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "dev" in extras["optional-dependencies"]


def test_the_layout_of_the_readme_is_there():
    tree = re.search(r"```text\n(hpsoft/.*?)```", README, re.DOTALL)[1]
    for name in re.findall(r"^(?:  )*([\w./]+/|\w+\.py)", tree, re.MULTILINE):
        assert list(ROOT.rglob(name.rstrip("/"))), name


def test_the_reading_order_of_the_readme_is_there():
    order = README.partition("to a stored trial")[2].partition("## License")[0]
    for name in re.findall(r"`([\w/]+\.py)`", order):
        assert (ROOT / name).exists() or (ROOT / "hpsoft" / name).exists(), name


def test_the_optimizer_of_the_readme_works(run, run_json, monkeypatch, folder):
    source = re.search(r"```python\n(# hpsoft_mine.py.*?)```", README, re.DOTALL)[1]
    (folder / "hpsoft_mine.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    point = EntryPoint("mine", "hpsoft_mine:Mine", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    document = run_json("search", "--data", "digits", "--optimizer", "mine")
    assert document["certificate"]["complete"]
    assert document["n_grid"] == 4
    assert document["winner"]["accuracy"] > 0.9
    assert run_json("final")["test"]["accuracy"] > 0.9


def test_without_arguments_help_is_shown():
    result = CliRunner().invoke(app, [], prog_name="hpsoft")
    assert "Commands:" in result.output
