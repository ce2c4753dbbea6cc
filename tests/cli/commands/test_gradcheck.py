"""`hpsoft gradcheck` from argv to exit code."""

import json
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from hpsoft.cli.commands.maths.gradcheck import gradcheck
from hpsoft.maths import gradcheck as engine
from hpsoft.maths.formulas import FORMULAS
from hpsoft.testing import CHECKS

app = typer.Typer()
app.command()(gradcheck)


@pytest.fixture
def run():
    return lambda *argv: CliRunner().invoke(app, argv)


def test_exit_code_0_and_a_table(run):
    """Everything holds."""
    result = run("--trials", "2", "--no-symbolic")
    assert result.exit_code == 0
    assert "All 13 checks passed." in result.stdout


def test_exit_code_1_when_one_fails(run, monkeypatch):
    """A wrong formula is found out."""
    wrong = replace(FORMULAS, l2_term=lambda alpha, w: 2 * alpha * w)
    sound = engine.run_checks
    monkeypatch.setattr(engine, "run_checks", lambda *args: sound(*args, formulas=wrong))
    result = run("--trials", "2", "--no-symbolic")
    assert result.exit_code == 1
    assert "1 of 13 checks failed: L2 term" in result.stdout


def test_json(run):
    """One document, the seed and trials in it."""
    result = run("--json", "--seed", "4", "--trials", "1", "--no-symbolic")
    document = json.loads(result.stdout)
    assert (document["passed"], document["seed"], document["trials"]) == (True, 4, 1)


def test_usage_errors(run):
    """Exit code 2; numbers that are too small are in tests/cli/test_numbers.py."""
    assert run("--trials", "x").exit_code == 2


def test_the_help_says_that_an_optimizer_has_fixed_problems(run):
    text = " ".join(run("--help").stdout.replace("│", " ").split())
    assert "--seed and --trials do not change them" in text


@pytest.mark.parametrize("name", ["sgd", "newton"])
def test_an_optimizer_is_checked_too(run, name):
    """The contract's rows are added."""
    result = run("--trials", "1", "--no-symbolic", "--optimizer", name)
    assert result.exit_code == 0
    assert f"{name}: gradient_vanishes" in result.stdout
    assert f"All {13 + len(CHECKS)} checks passed." in result.stdout


def test_exit_code_1_when_the_optimizer_fails(run, monkeypatch):
    """One that does nothing."""
    from hpsoft_sgd import SGD

    from hpsoft.optimizers import registry

    class Idle(SGD):
        def epoch(self, problem, models, state, index):
            return state

    monkeypatch.setattr(registry, "load", lambda name: Idle())
    result = run("--trials", "1", "--no-symbolic", "--optimizer", "idle")
    assert result.exit_code == 1
    assert "idle: descends, idle: reaches_the_optimum, idle: gradient_vanishes" in result.stdout
    assert "idle: samples_matter: the last sample of a pass does not count." in result.stdout
