"""An option of one value is given once; the last of several is not taken in silence."""

import pytest
import typer
from typer.testing import CliRunner

from hpsoft.cli.app import app
from hpsoft.cli.once import OnceCommand


@pytest.mark.parametrize(
    ("args", "option"),
    [
        ("search --data digits --groups a --groups b --dry-run", "--groups"),
        ("search --categories drop --data digits --categories error", "--categories"),
        ("data info digits --seed 1 --seed=2", "--seed"),
        ("studies --storage a.db --json --storage b.db", "--storage"),
    ],
)
def test_twice(args, option):
    """Bad usage, wherever the two stand."""
    result = CliRunner().invoke(app, args.split())
    assert result.exit_code == 2
    assert f"'{option}': given 2 times, and takes one value" in " ".join(result.stderr.split())


def test_what_may_be_repeated():
    """Options that gather values, flags, and what is given once."""
    result = CliRunner().invoke(app, ["data", "list", "--json", "--json"])
    assert result.exit_code == 0
    result = CliRunner().invoke(
        app, ["data", "info", "digits", "--drop", "a", "--drop", "b", "--seed", "1"]
    )
    assert "--drop a --drop b make no sense" in " ".join(result.stderr.split())


@pytest.mark.parametrize("name", ["search", "data", "model", "optimizers"])
def test_every_command_is_so(name):
    """Also those of groups."""
    command = typer.main.get_command(app).commands[name]
    for one in getattr(command, "commands", {name: command}).values():
        assert isinstance(one, OnceCommand)
