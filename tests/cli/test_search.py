"""`hpsoft search` from options to output."""

import json

import numpy as np
import pytest

from hpsoft.cli.source import remembered
from hpsoft.data import load
from hpsoft.search.certificate import Certificate
from hpsoft.search.listing import studies

SMALL = ("--set", "epochs=1,2", "--set", "batch_size=256", "--set", "learning_rate=0.1,0.2",
         "--set", "alpha=0.001,0.01")  # fmt: skip
SEARCH = ("search", "--data", "digits", *SMALL)


def test_prints_leaderboard_winner_and_certificate(run):
    out = run(*SEARCH).stdout
    assert out.splitlines()[0].split() == [
        "trial", "epochs", "batch_size", "learning_rate", "alpha", "cost", "accuracy"
    ]  # fmt: skip
    assert "Winner: trial " in out
    assert "8/8 grid points, each with exactly one finished trial" in out


def test_says_where_the_study_is_and_what_is_next(run, folder):
    err = run(*SEARCH).stderr
    assert f"Study digits-sgd-grid is in {folder}/hpsoft.journal" in err
    assert "Next:\n  hpsoft final --study digits-sgd-grid\n" in err


def test_the_next_command_names_the_storage_that_was_given(run, folder):
    err = run(*SEARCH, "--storage", "a b.journal").stderr
    assert f"hpsoft final --study digits-sgd-grid --storage '{folder}/a b.journal'" in err


def test_json_is_one_strict_document(run_json):
    document = run_json(*SEARCH)
    assert document.keys() == {
        "study", "storage", "data", "n_grid", "n_finished", "n_run", "n_diverged", "n_pruned",
        "certificate",
        "winner", "leaderboard", "edges", "seconds", "gflops_per_second",
    }  # fmt: skip
    assert document["n_run"] == document["n_finished"] == document["n_grid"] == 8
    assert document["certificate"]["complete"] is True
    assert document["winner"] == document["leaderboard"][0]
    assert document["winner"].keys() == {
        "trial", "params", "value", "accuracy", "converged", "intermediate"
    }  # fmt: skip


def test_json_keeps_everything_else_off_standard_output(run):
    result = run(*SEARCH, "--json")
    json.loads(result.stdout)
    assert "Study digits-sgd-grid" in result.stderr


def test_a_finished_search_trains_nothing(run, run_json, study):
    assert run_json(*SEARCH)["n_run"] == 0
    result = run(*SEARCH)
    assert "this search is finished" in result.stderr
    assert "8/8 grid points" in result.stdout


def test_quiet_prints_nothing(run):
    assert run(*SEARCH, "--quiet").output == ""


def test_warns_of_edges_and_offers_a_wider_search(run):
    err = run(*SEARCH).stderr
    assert "Warning: The winner's epochs = 2 is the largest that was tried." in err
    assert err.partition("search again with\n")[2].splitlines()[0].strip() == "--extend"


def test_a_database_is_offered_another_study(run):
    err = run(*SEARCH, "--storage", "s.db").stderr
    assert "--set learning_rate=0.1,0.2,0.4" in err
    assert "--study digits-sgd-grid-wider" in err


def test_the_wider_search_that_is_offered_runs(run):
    offered = run(*SEARCH).stderr.partition("search again with\n")[2].splitlines()[0]
    result = run("search", "--data", "digits", *offered.split())
    assert "8 of 27 trials are there" in result.stderr
    assert "27/27 grid points, each with exactly one finished trial" in result.stdout


def test_the_wider_search_that_a_database_is_offered_runs(run):
    err = run(*SEARCH, "--storage", "s.db").stderr
    offered = err.partition("search again with\n")[2].splitlines()[0]
    run(
        "search",
        "--data",
        "digits",
        "--storage",
        "s.db",
        "--set",
        "batch_size=256",
        *offered.split(),
    )


def test_counts_diverged_trials(run, run_json):
    args = ("search", "--data", "digits", "--set", "epochs=2", "--set", "batch_size=64")
    args += ("--set", "learning_rate=0.1,1e30", "--set", "alpha=1")
    assert "Warning: 1 trial of 2 diverged" in run(*args).stderr
    assert run_json(*args)["n_diverged"] == 1


def test_says_when_all_trials_diverged(run, run_json):
    args = ("search", "--data", "digits", "--set", "epochs=2", "--set", "batch_size=64")
    args += ("--set", "learning_rate=1e30", "--set", "alpha=1")
    result = run(*args)
    assert "Every trial diverged" in result.stderr
    assert "1/1 grid points" in result.stdout
    assert run_json(*args)["winner"] is None


def test_dry_run_prints_the_plan_and_writes_nothing(run, folder):
    out = run("search", "--data", "digits", "--dry-run").stdout
    assert "4,096 trials -> 512 models -> 8 blocks" in out
    assert "batch_size 1024" in out
    assert "MB memory" in out
    assert list(folder.iterdir()) == []


def test_dry_run_as_json(run_json):
    document = run_json(*SEARCH, "--dry-run", "--jobs", 1)
    assert (document["n_trials"], document["n_models"], document["n_blocks"]) == (8, 4, 1)
    assert document["blocks"][0]["structure"] == {"batch_size": 256}
    assert document["eta_seconds"] > 0


def test_a_dry_run_plans_what_the_study_does_not_hold_yet(run, run_json):
    assert run_json(*SEARCH, "--dry-run")["n_trials"] == 8  # no storage yet
    run(*SEARCH)
    assert run_json(*SEARCH, "--dry-run")["n_trials"] == 0
    assert run_json(*SEARCH, "--study", "other", "--dry-run")["n_trials"] == 8
    result = run(*SEARCH, "--seed", 1, "--dry-run", code=2)
    assert "holds another search" in result.stderr


def test_an_incomplete_certificate_exits_with_1(run, monkeypatch):
    monkeypatch.setattr(Certificate, "complete", property(lambda _: False))
    monkeypatch.setattr(Certificate, "exhausted", property(lambda _: False))
    result = run(*SEARCH, code=1)
    assert "Error: Study digits-sgd-grid is no exhaustive search" in result.stderr
    assert "8/8 grid points have a finished trial" in result.stdout


def test_points_that_stock_optuna_repeated_are_told_of(run, monkeypatch):
    monkeypatch.setattr(Certificate, "complete", property(lambda _: False))
    result = run(*SEARCH, code=0)
    assert "8/8 grid points have a finished trial; 0 finished trials more" in result.stdout


def test_the_fallback_is_told_first_and_names_the_study(run, monkeypatch):
    def load_digits(spec, **options):
        dataset = load("digits")
        return type(dataset)(
            dataset.name, dataset.training, dataset.test, dataset.source, "The digits [it is]."
        )

    monkeypatch.setattr("hpsoft.data.load", load_digits)
    err = run("search", *SMALL).stderr
    assert err.splitlines()[0] == "Note: The digits [it is]."
    assert studies("hpsoft.journal")[0].name == "digits-sgd-grid"


def test_names_with_brackets_are_printed_as_they_are(run, folder):
    rng = np.random.default_rng(0)
    rows = [
        f"{a:.4f},{b:.4f},{name}"
        for a, b in rng.normal(size=(60, 2))
        for name in ("[red]x[/]", "\x1b[31mz")
    ]
    (folder / "[bold]d.csv").write_text("\n".join(["a,b,y", *rows]))
    args = ("--data", "[bold]d.csv", "--study", "[red]s[/]", "--set", "epochs=1")
    result = run("search", *args, "--set", "batch_size=8", "--set", "alpha=0", "--scale", "raw")
    assert "Study [red]s[/] in " in result.stderr
    assert "[red]s[/]" in run("studies").stdout
    out = run("final", "--study", "[red]s[/]").stdout
    assert "[red]x[/]" in out
    assert "\\x1b[31mz" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (None, "digits"),
        ("digits", "digits"),
        ("openml:61", "openml:61"),
        ("a.csv", "{here}/a.csv"),
        ("x.npy, y.npy", "{here}/x.npy,{here}/y.npy"),
    ],
)
def test_a_source_is_remembered_for_any_folder(spec, expected, folder):
    assert remembered(spec, load("digits")) == expected.format(here=folder)
