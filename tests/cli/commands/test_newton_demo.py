"""`hpsoft newton-demo` from argv to exit code."""

import json
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from hpsoft.cli.commands.maths.newton_demo import newton_demo
from hpsoft.errors import DataError
from hpsoft.maths import newton_demo as engine

app = typer.Typer()
app.command()(newton_demo)


@pytest.fixture
def run():
    return lambda *argv: CliRunner().invoke(app, [str(a) for a in argv])


def test_default(run):
    """Diabetes and digits, exit code 0."""
    result = run()
    assert result.exit_code == 0
    assert "diabetes" in result.stdout
    assert "digits" in result.stdout


def test_json_of_a_synthetic_problem(run):
    """One document on stdout."""
    document = json.loads(run("--json", "--condition", "1e6").stdout)
    assert document["passed"] is True
    assert document["linear"]["condition"] == pytest.approx(1e6, rel=1e-6)


def test_csv_with_a_duplicated_column_and_a_plot(run, tmp_path):
    """The user's own data: singular, said so, and drawn."""
    table, page = tmp_path / "table.csv", tmp_path / "out.html"
    rows = [f"{i},{i * i % 7},{i},{3 * i + i * i % 5}" for i in range(20)]
    table.write_text("a,b,a2,y\n" + "\n".join(rows))
    result = run("--data", table, "--target", "y", "--plot", page)
    assert result.exit_code == 0
    assert "of rank 3 in 4 dimensions" in result.stdout
    assert page.stat().st_size > 1_000_000
    assert str(page) in result.stderr


def test_exit_code_1_when_a_step_misses(run, monkeypatch):
    """The demonstration claims nothing that it did not see."""
    sound = engine.run_newton_demo

    def unconverged(options):
        demo = sound(options)
        return replace(demo, softmax=replace(demo.softmax, converged=False))

    monkeypatch.setattr(engine, "run_newton_demo", unconverged)
    assert run().exit_code == 1


def test_bad_input_is_an_hpsoft_error(run, tmp_path):
    """The app turns it into exit code 2 and one paragraph."""
    assert isinstance(run("--data", tmp_path / "none.csv").exception, DataError)


@pytest.mark.parametrize("argv", [("--scale", "log"), ("--condition", "x")])
def test_usage_errors(run, argv):
    """Exit code 2."""
    assert run(*argv).exit_code == 2
