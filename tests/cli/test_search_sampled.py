"""`hpsoft search` by samplers, pruners and for a time: options, exit codes, what is said."""

import pytest

SMALL = ("--set", "epochs=1,2", "--set", "batch_size=256", "--set", "learning_rate=0.1,0.2",
         "--set", "alpha=0.001,0.01")  # fmt: skip
SEARCH = ("search", "--data", "digits", *SMALL)
NO_TIME = ("--timeout", "0.000001s")


def test_a_sampler_runs_as_many_trials_as_it_is_given(run, run_json):
    document = run_json(*SEARCH, "--sampler", "tpe", "--trials", 5, "--wave", 2)
    assert document["study"] == "digits-sgd-tpe"
    assert document["n_run"] == document["n_finished"] == 5
    assert document["certificate"]["sampler"] == "tpe"
    assert document["certificate"]["complete"] is False
    result = run(*SEARCH, "--sampler", "tpe", "--trials", 5, "--wave", 2, "--study", "other")
    assert "Inexact: not every point is tried.\n" in result.stderr
    assert "5/8 grid points tried: inexact" in result.stdout


def test_the_wave_decides_what_is_asked_for(run, run_json):
    """A wave of four is asked for before anything is told; one by one, TPE goes where it is
    better.
    """
    space = ("search", "--data", "digits", "--set", "epochs=1", "--set", "batch_size=256", "--set",
             "learning_rate=" + ",".join(str(k / 50) for k in range(1, 31)))  # fmt: skip
    tpe = ("--sampler", "tpe", "--trials", 12, "--sampler-option", "n_startup_trials=2")
    found = []
    for study, wave in (("a", 12), ("b", 12), ("c", 1)):
        run(*space, *tpe, "--wave", wave, "--study", study)
        trials = run_json("trials", "--study", study, "--top", 100)["trials"]
        found.append({trial["params"]["learning_rate"] for trial in trials})
    assert found[0] == found[1] != found[2]


def test_a_pruner_says_how_many_it_ended(run, run_json):
    args = (*SEARCH, "--pruner", "threshold", "--pruner-option", "upper=2.15")
    result = run(*args)
    assert "Inexact: points that look poor end early.\n" in result.stderr
    assert "8/8 grid points tried, 2 of them pruned: inexact" in result.stdout
    assert "(sampler grid, pruner threshold)" in result.stdout
    document = run_json(*args)
    assert (document["n_pruned"], document["certificate"]["complete"]) == (2, False)


def test_a_grid_that_time_did_not_suffice_for_says_so_and_is_no_failure(run, run_json):
    result = run(*SEARCH, *NO_TIME)
    assert "Warning: 0 of 8 trials: --timeout (1e-06 s) was up before any" in result.stderr
    assert "the same command would end like this again" in result.stderr
    assert "diverged" not in result.stderr  # of no trial at all
    assert "0/8 grid points have a finished trial" in result.stdout
    assert run_json(*SEARCH, *NO_TIME)["out_of_time"] is True
    document = run_json(*SEARCH)
    assert (document["n_run"], document["out_of_time"]) == (8, False)
    assert document["certificate"]["complete"] is True


@pytest.mark.parametrize("options", [(), ("--sampler", "random")])
def test_time_that_is_up_after_the_last_trial_cut_nothing(run, run_json, options):
    run(*SEARCH, *options, "--study", "all")
    document = run_json(*SEARCH, *options, "--study", "all", *NO_TIME)
    assert (document["n_finished"], document["out_of_time"]) == (8, False)


def test_time_that_sufficed_is_no_cause_for_a_warning(run):
    result = run(*SEARCH, "--timeout", "1h")
    assert "the time was up" not in result.stderr
    assert "8/8 grid points, each with exactly one finished trial" in result.stdout


def test_a_sampler_that_time_did_not_suffice_for_says_so(run):
    result = run(*SEARCH, "--sampler", "random", "--trials", 6, *NO_TIME)
    assert "Warning: 0 of 6 trials: --timeout (1e-06 s) was up before any" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--sampler", "tpee"), "Did you mean 'tpe'"),
        (("--pruner", "mediam"), "Did you mean 'median'"),
        (("--timeout", "soon"), "--timeout takes a time such as 90s"),
        (("--wave", "4"), "The grid sampler tries every point"),
        (("--sampler", "tpe", "--wave", "0"), "--wave"),
    ],
)
def test_options_that_make_no_sense_exit_with_2_and_write_nothing(run, folder, options, message):
    assert message in " ".join(run(*SEARCH, *options, code=2).stderr.split())
    assert list(folder.iterdir()) == []


MANY = ("search", "--data", "digits", "--sampler", "random", "--set", "alpha=log:1e-4:1",
        "--set", "epochs=1", "--set", "batch_size=256", "--dry-run", "--jobs", 1)  # fmt: skip


def test_a_dry_run_estimates_many_trials_from_some(run, run_json, monkeypatch):
    """2,000 points of one pass, of which a wave is drawn."""
    monkeypatch.setattr("hpsoft.engine.estimate._seconds_per_model_epoch", lambda *_: 0.01)
    document = run_json(*MANY, "--trials", 2000)
    assert (document["n_trials"], document["n_planned"]) == (2000, 512)
    assert document["model_epochs"] == 2000
    assert document["eta_seconds"] == pytest.approx(20.0)
    out = " ".join(run(*MANY, "--trials", 2000).stdout.split())
    assert "2,000 trials; 512 of them planned: 512 trials -> 512 models" in out
    assert "About 20 s and " in out
    assert "estimated from 512 points for all 2,000" in out
    assert "the sampler's, whose own time is not counted" in out


def test_a_dry_run_of_few_trials_plans_them_all(run, monkeypatch):
    monkeypatch.setattr("hpsoft.engine.estimate._seconds_per_model_epoch", lambda *_: 0.01)
    out = run(*MANY, "--trials", 300).stdout
    assert "300 trials -> 300 models" in out
    assert "About 3.0 s" in out
    assert "estimated from" not in out


def test_a_dry_run_says_that_time_will_end_it(run, monkeypatch):
    monkeypatch.setattr("hpsoft.engine.estimate._seconds_per_model_epoch", lambda *_: 0.01)
    out = " ".join(run(*MANY, "--trials", 2000, "--timeout", "5s").stdout.split())
    assert "--timeout ends it after 5.0 s" in out
    assert "--timeout" not in run(*MANY, "--trials", 2000, "--timeout", "25s").stdout
