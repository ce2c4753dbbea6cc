"""Commands run in this process, in a folder of their own, on small searches of the digits."""

import json

import pytest
from typer.testing import CliRunner

from hpsoft.cli.app import app

SMALL = ("--set", "epochs=1,2", "--set", "batch_size=256", "--set", "learning_rate=0.1,0.2",
         "--set", "alpha=0.001,0.01")  # fmt: skip
SEARCH = ("search", "--data", "digits", "--cv", "none", *SMALL)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder, with nothing set that changes what a command does."""
    monkeypatch.chdir(tmp_path)
    for name in ("OPTUNA_STORAGE", "HPSOFT_DEBUG", "COLUMNS", "FORCE_COLOR", "HPSOFT_DATA"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def run():
    """Run a command and return its result; `code` is the exit code it must have."""

    def run(*args, code=0):
        result = CliRunner().invoke(app, [str(arg) for arg in args], prog_name="hpsoft")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def run_json(run):
    """Run a command with --json and return its document; NaN and Infinity are refused."""

    def refuse(constant):
        raise AssertionError(f"{constant} in strict JSON")

    def run_json(*args, code=0):
        return json.loads(run(*args, "--json", code=code).stdout, parse_constant=refuse)

    return run_json


@pytest.fixture(scope="session")
def searched(tmp_path_factory):
    """A journal that holds the finished small search, to copy."""
    path = tmp_path_factory.mktemp("searched") / "hpsoft.journal"
    result = CliRunner().invoke(app, [*SEARCH, "--storage", str(path), "--quiet"])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def study(searched, folder):
    """Put the finished small search into this folder's default storage; return the study's
    name.
    """
    (folder / "hpsoft.journal").write_bytes(searched.read_bytes())
    return "digits-sgd-grid"
