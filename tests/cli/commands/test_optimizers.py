"""`hpsoft optimizers`: show, check and new; the list is in test_looking_around.py."""

from importlib.metadata import EntryPoint

import pytest
from step_optimizers import Momentum

from hpsoft.optimizers import registry
from hpsoft.testing import CHECKS


class Uphill(Momentum):
    """The wrong sign."""

    def step(self, state, gradient, values):
        super().step(state, -gradient, values)


@pytest.fixture
def plugins(monkeypatch):
    """Install two optimizers: one that is sound, and one that is not."""
    points = [
        *registry.entry_points(group=registry.GROUP),
        EntryPoint("momentum", f"{__name__}:Momentum", registry.GROUP),
        EntryPoint("uphill", f"{__name__}:Uphill", registry.GROUP),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    kinds = {"momentum": Momentum, "uphill": Uphill}
    load = EntryPoint.load
    monkeypatch.setattr(EntryPoint, "load", lambda self: kinds.get(self.name) or load(self))


def test_show_has_roles_and_the_default_space(run, run_json):
    out = run("optimizers", "show", "sgd").stdout
    assert "sgd, from hpsoft" in out
    assert "By default on digits: 4,096 trials -> 512 models -> 8 blocks" in out
    document = run_json("optimizers", "show", "sgd")
    assert document["space"]["epochs"] == [7, 10, 14, 20, 28, 40, 57, 80]
    assert (document["n_trials"], document["n_models"], document["n_blocks"]) == (4096, 512, 8)
    assert document["builtin"] is True


def test_show_fits_the_space_to_the_data(run_json, folder):
    rows = [f"{i % 7},{i % 5},{'ab'[i % 2]}" for i in range(60)]
    (folder / "d.csv").write_text("\n".join(["a,b,y", *rows]))
    document = run_json("optimizers", "show", "sgd", "--data", "d.csv")
    assert document["data"] == "d"
    assert max(document["space"]["batch_size"]) <= 48


def test_show_of_nothing_guesses(run):
    assert "Did you mean 'sgd'?" in run("optimizers", "show", "sdg", code=2).stderr


def test_check_reports_every_check(run, run_json, plugins):
    out = run("optimizers", "check", "momentum").stdout
    assert all(f"\n{name} " in out for name in CHECKS)
    assert f"All {len(CHECKS)} checks passed." in out
    document = run_json("optimizers", "check", "momentum")
    assert document["passed"] is True
    assert [check["check"] for check in document["checks"]] == list(CHECKS)


def test_check_ends_with_1_where_one_fails(run, run_json, plugins):
    out = run("optimizers", "check", "uphill", code=1).stdout
    assert "checks failed: descends, reaches_the_optimum, gradient_vanishes" in out
    assert "FAILED" in out
    assert run_json("optimizers", "check", "uphill", code=1)["passed"] is False


def test_check_leaves_out_the_optimum_where_none_is_claimed(run, plugins):
    out = run("optimizers", "check", "uphill", "--no-optimum", code=1).stdout
    assert f"1 of {len(CHECKS) - 2} checks failed: descends" in out
    assert "reaches_the_optimum: it does not claim to converge." in out


def test_check_fits_eighty_columns(run, plugins, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, run("optimizers", "check", "momentum").stdout.splitlines())) <= 80


def test_new_says_what_is_next(run, folder):
    out = run("optimizers", "new", "mine").stdout
    assert "pip install -e hpsoft-mine" in out
    assert (folder / "hpsoft-mine" / "hpsoft_mine.py").exists()
    assert "has something in it" in run("optimizers", "new", "mine", code=2).stderr
    run("optimizers", "new", "mine", "--out", "other")
    assert (folder / "other" / "hpsoft_mine.py").exists()


def test_the_flag_leaves_the_built_ins(run, plugins, monkeypatch):
    monkeypatch.delenv("HPSOFT_PLUGINS", raising=False)
    monkeypatch.setattr(registry, "is_builtin", lambda point: point.name in {"sgd", "newton"})
    out = run("--builtin-plugins", "optimizers").stdout
    assert "sgd, from hpsoft" in out
    assert "uphill" not in out
    assert "uphill" in run("optimizers").stdout  # the flag was that command's alone
