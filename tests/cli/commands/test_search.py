"""`hpsoft search` from options to output."""

import json
import shlex
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from optuna.trial import create_trial

from hpsoft.data import load
from hpsoft.study.certificate import certified_records
from hpsoft.study.find import studies
from hpsoft.study.reader import load as load_study
from hpsoft.study.reader import open_storage

SMALL = ("--set", "epochs=1,2", "--set", "batch_size=256", "--set", "learning_rate=0.1,0.2",
         "--set", "alpha=0.001,0.01")  # fmt: skip
SEARCH = ("search", "--data", "digits", "--cv", "none", *SMALL)


def test_prints_leaderboard_winner_and_certificate(run):
    out = run(*SEARCH).stdout
    assert out.splitlines()[0].split() == [
        "trial", "epochs", "batch_size", "learning_rate", "alpha", "averaging", "cost", "accuracy"
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
        "out_of_time",
        "certificate",
        "metric", "by_accuracy",
        "winner", "leaderboard", "edges", "standing", "extension", "seconds", "gflops_per_second",
    }  # fmt: skip
    assert document["n_run"] == document["n_finished"] == document["n_grid"] == 8
    assert document["certificate"]["complete"] is True
    assert document["winner"] == document["leaderboard"][0]
    assert document["winner"].keys() == {
        "trial", "grid_id", "params", "value", "accuracy", "standard_error", "folds", "seconds",
        "status", "diverged", "converged", "pruned", "intermediate", "metric", "cross_entropy",
        "balanced_accuracy", "macro_f1", "top_5", "standard_errors",
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
    assert offered(err) == "hpsoft search --study digits-sgd-grid --extend"


def offered(err):
    """Return the command that looks beyond the edges."""
    return err.partition("To look there:\n")[2].splitlines()[0].strip()


SAMPLED = ("--sampler", "random", "--trials", "8")


def test_a_sampled_search_is_offered_another_study(run):
    err = run(*SEARCH, *SAMPLED).stderr
    assert "--set batch_size=256 --set learning_rate=0.1,0.2,0.4" in err
    assert "--trials 8" in err
    assert "--study digits-sgd-random-wider" in err


def test_a_database_grows_as_a_file_does(run):
    err = run(*SEARCH, "--storage", "s.db").stderr
    assert offered(err).endswith("s.db --extend")


def test_the_wider_search_that_is_offered_runs(run):
    _, *command = shlex.split(offered(run(*SEARCH).stderr))
    result = run(*command)
    assert "8 of 27 trials are there" in result.stderr
    assert "27/27 grid points, each with exactly one finished trial" in result.stdout
    assert "On other parts of the data the winner costs" in result.stderr


def test_the_wider_search_that_a_sampled_one_is_offered_runs(run):
    err = run(*SEARCH, *SAMPLED).stderr
    _, *command = shlex.split(offered(err))
    assert "8/27 grid points tried" in run(*command).stdout


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


def test_a_trial_that_is_lost_before_the_end_exits_with_1(run, monkeypatch):
    """The certificate reads the storage, not what the search remembers."""

    def lose_one(store):
        lines = Path("hpsoft.journal").read_text().splitlines(keepends=True)
        trial = next(line for line in lines if '"op_code":4' in line)
        lines.remove(trial)
        Path("hpsoft.journal").write_text("".join(lines))
        return certified_records(store)

    with monkeypatch.context() as patch:
        patch.setattr("hpsoft.tuning.run.certified_records", lose_one)
        result = run(*SEARCH, code=1)
    assert "Error: Study digits-sgd-grid is no exhaustive search: 1 grid point " in result.stderr
    assert "7/8 grid points have a finished trial" in result.stdout
    assert "8/8 grid points, each with exactly one" in run(*SEARCH).stdout


def test_a_point_with_two_finished_trials_exits_with_1(run, study):
    optuna_study = load_study(open_storage(None), study)
    optuna_study.add_trial(optuna_study.get_trials()[3])
    result = run(*SEARCH, code=1)
    assert "8/8 grid points have a finished trial; 1 finished trial more" in result.stdout
    assert "more than one finished trial of some grid points: 1 trial too many" in result.stderr
    assert "Search again under another name (--study)" in result.stderr


@pytest.mark.parametrize(
    ("n", "text"), [(1, "1 trial in the study is"), (2, "2 trials in the study are")]
)
def test_trials_that_are_not_of_the_grid_are_told_of(run, study, n, text):
    optuna_study = load_study(open_storage(None), study)
    for _ in range(n):
        optuna_study.add_trial(create_trial(value=-1.0))
    result = run(*SEARCH)
    assert f"{text} not of this grid" in result.stderr
    assert "8/8 grid points, each with exactly one finished trial" in result.stdout


def test_a_dry_run_of_a_grown_grid_plans_the_new_points(run, run_json):
    """Their ids are others than in the grid that the study holds."""
    args = ("search", "--data", "digits", "--set", "batch_size=256",
            "--set", "learning_rate=0.1,0.2", "--set", "alpha=0,0.001")  # fmt: skip
    run(*args, "--set", "epochs=2,4")
    planned = run_json(*args, "--set", "epochs=1,2,4", "--dry-run", "--jobs", 1)
    assert [planned[f"n_{what}"] for what in ("trials", "models", "blocks")] == [4, 4, 1]
    assert planned["blocks"][0]["horizons"] == [1]
    ran = run_json(*args, "--set", "epochs=1,2,4")
    assert ran["n_run"] == planned["n_trials"]


def test_a_dry_run_leaves_an_empty_database_empty(run_json, folder):
    (folder / "e.db").touch()
    assert run_json(*SEARCH, "--dry-run", "--storage", "e.db")["n_trials"] == 8
    assert (folder / "e.db").stat().st_size == 0


def test_a_dry_run_makes_no_missing_tables(run_json, folder):
    """A search that was killed while it made them left some."""
    with closing(sqlite3.connect("e.db")) as database:
        database.execute("CREATE TABLE studies (study_id INTEGER)")
        database.commit()
    before = (folder / "e.db").read_bytes()
    assert run_json(*SEARCH, "--dry-run", "--storage", "e.db")["n_trials"] == 8
    assert (folder / "e.db").read_bytes() == before


def test_a_dry_run_reads_a_torn_journal_and_mends_nothing(run_json, study, folder):
    """As on a medium that is read-only."""
    journal = folder / "hpsoft.journal"
    torn = journal.read_bytes()[:-9]
    journal.write_bytes(torn)
    journal.chmod(0o400)
    assert run_json(*SEARCH, "--dry-run")["n_trials"] == 1
    assert journal.read_bytes() == torn
    assert [path.name for path in folder.iterdir()] == ["hpsoft.journal"]


def test_the_fallback_is_told_first_and_names_the_study(run, monkeypatch):
    def load_digits(spec, **options):
        return replace(load("digits"), notes=("The digits [it is].",))

    monkeypatch.setattr("hpsoft.data.spec.load", load_digits)
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
