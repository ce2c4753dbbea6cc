"""`hpsoft probe`: features in, an honest number out."""

import numpy as np
import pytest
from hpsoft_newton import Newton
from small_search import write_data

from hpsoft.api import probing
from hpsoft.api.request import SearchRequest
from hpsoft.errors import DataError, OptimizerError
from hpsoft.report.text.console import notes
from hpsoft.study.storage.location import in_memory
from hpsoft.study.study import find_study


@pytest.fixture
def data(folder):
    return write_data(folder, n=200)


@pytest.fixture
def probed(data):
    return ("probe", data, "--cv", "3", "--jobs", "1")


def description(study="small-newton-grid-probe"):
    return find_study(None, study).description


def test_one_command_from_features_to_a_tested_model(run, run_json, probed, folder):
    found = run_json(*probed, "--model-out", "m.npz")
    study = found["study"]
    path, search, confirm = found["path"], found["search"], found["confirm"]
    assert path == sorted(path)
    assert search["certificate"]["complete"]
    assert search["n_grid"] == len(path) > 1
    assert confirm["confirmed"] == found["final"]["trial"]
    assert found["final"]["test"]["n"] == 40
    assert found["final"]["previous_test_uses"] == 0
    assert (folder / "m.npz").exists()
    assert found["card"]["study"] == study
    # An ordinary study: the other commands read it, and say the same.
    assert run_json("trials", "--study", study)["trials"]
    again = run_json("final", "--study", study, "--trial", "confirmed")
    assert again["test"]["cross_entropy"] == found["final"]["test"]["cross_entropy"]
    assert again["previous_test_uses"] == 1


def test_it_prints_path_confirmation_and_test(run, probed):
    result = run(*probed, "--set", "alpha=0.001,0.01,0.1", "--refine", "0")
    text = " ".join(result.stdout.split())
    for part in (
        "Winner: trial",
        "Over 3 times 3 folds",
        "test cross-entropy, unregularised",
        "hpsoft final",
    ):
        assert part in text
    assert text.index("Winner") < text.index("Over 3 times") < text.index("test cross-entropy")
    assert run(*probed, "--quiet", "--refine", "0", "--study", "q").stdout == ""


@pytest.mark.parametrize(("options", "n"), [((), 1), (("--top", "2"), 2)])
def test_a_winner_that_costs_next_to_nothing_is_confirmed_alone(run, run_json, folder, options, n):
    """Unless others are asked for."""
    labels = np.arange(90) % 3
    X = 9 * np.eye(3)[labels] + np.random.default_rng(0).normal(size=(90, 3))
    np.savez(folder / "sure.npz", X=X, y=labels)
    search = ("--set", "alpha=1e-4,1e-3", "--cv", "none", "--jobs", "1")
    found = run_json("probe", folder / "sure.npz", *search, *options)
    assert found["search"]["winner"]["value"] < 0.01
    assert len(found["confirm"]["trials"]) == n
    assert found["confirm"]["confirmed"] == found["final"]["trial"]


def test_the_path_grows_outwards_to_the_winner_then_inwards(run, run_json, probed):
    found = run_json(*probed, "--set", "alpha=10,100", "--refine", "1")
    outwards, inwards = probing.growths(description())
    assert outwards >= 1
    assert inwards <= 1
    assert found["path"][0] < 10
    best = found["search"]["winner"]["params"]["alpha"]
    assert best not in {found["path"][0], found["path"][-1]}


def test_it_goes_on_after_a_kill(run, run_json, probed, monkeypatch):
    """In the middle of the path: it ends as one that was never killed, with the same trials."""
    whole = run_json(*probed, "--set", "alpha=10,100", "--study", "whole")
    real, calls = probing.follow_search, []

    def killed(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(probing, "follow_search", killed)
    result = run(*probed, "--set", "alpha=10,100", code=130)
    assert "the same command again goes on" in " ".join(result.stderr.split())
    monkeypatch.setattr(probing, "follow_search", real)
    again = run_json(*probed, "--set", "alpha=10,100")
    assert again["path"] == whole["path"]
    assert again["confirm"]["confirmed"] == whole["confirm"]["confirmed"]
    assert again["final"]["test"] == whole["final"]["test"]


def test_the_test_is_of_the_trial_that_was_confirmed():
    """Of few noisy samples that is another than the winner of the search."""
    rng = np.random.default_rng(23)
    X = rng.normal(size=(60, 4))
    y = X[:, 0] + rng.normal(size=60) > 0
    strengths = {"alpha": [0.001, 0.01, 0.05, 0.2, 1]}
    request = SearchRequest(X, y, optimizer="newton", storage=in_memory(), cv="3", jobs=1,
                            test_fraction=0.2, space=strengths)  # fmt: skip
    found = probing.probe(probing.ProbeRequest(request, refine=0), notes(quiet=True))
    winner, confirmed = found.finished.leaderboard[0], found.confirmed.confirmed.trial
    assert winner.params["alpha"] != confirmed.params["alpha"]
    assert found.final.trial.number == confirmed.number
    assert found.final.params == confirmed.params


def test_trials_that_are_no_optima_are_compared_with_optima(run_json, probed):
    """Newton's trials are optima themselves, SGD's are not."""
    alphas = ("--refine", "0", "--top", "1", "--set", "alpha=0.001,0.01,0.1")
    one = ("--set", "epochs=3", "--set", "batch_size=32", "--set", "learning_rate=0.5")
    found = run_json(*probed, *alphas, "--optimizer", "sgd", *one)
    assert found["confirm"]["optima"]
    assert run_json(*probed, *alphas, "--optimizer", "newton")["confirm"]["optima"] == []


def test_it_begins_with_the_middle_of_the_usual_strengths(run_json, probed):
    """The weakest take most of the time, and are trained where the winner leads there."""
    usual = run_json("search", "--data", *probed[1:], "--optimizer", "newton", "--dry-run")[
        "space"
    ]["alpha"]
    run_json(*probed)
    (first, *_) = (*description().grown_from, None)
    begun = description().identity.space if first is None else probing.space_of(first)
    assert set(begun["alpha"]) < set(usual)
    assert min(usual) < min(begun["alpha"])
    assert max(begun["alpha"]) < max(usual)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--test-fraction", "0"), "A fraction of 0 cannot be held out"),
        (("--refine", "-1"), "--refine"),
        (("--top", "0"), "--top"),
        (("--set", "alpha=log:1e-3:1"), "needs listed values"),
        (("--optimizer", "nwton"), "Did you mean"),
        (("--model-out", "m.pickle"), ".safetensors"),
    ],
)
def test_what_cannot_be_probed_is_said_before_anything_is_written(
    run, probed, folder, options, said
):
    error = run(*probed, *options, code=2).stderr
    assert said in " ".join(error.split())
    assert not (folder / "hpsoft.journal").exists()


def test_data_have_to_be_named(run, folder):
    """Nobody means Fashion-MNIST by naming nothing."""
    error = run("probe", code=2).stderr
    assert "Missing argument 'DATA'" in " ".join(error.split())
    assert not list(folder.iterdir())


@pytest.mark.slow  # five seconds: the edges of all hyperparameters grow
def test_an_optimizer_that_stops_before_the_optimum_searches_its_space(run, run_json, probed):
    """As the help says: any with alpha."""
    options = ("--optimizer", "sgd", "--set", "epochs=1,2", "--set", "batch_size=32",
               "--set", "learning_rate=0.1", "--set", "averaging=0", "--refine", "0")  # fmt: skip
    found = run_json(*probed, *options)
    n_others, rest = divmod(found["search"]["n_grid"], len(found["path"]))
    assert (n_others >= 2, rest) == (True, 0)  # edges of these grow outwards as well
    assert "Any with alpha" in " ".join(run("probe", "--help").stdout.split())


def test_arrays_without_a_test_part_have_no_honest_number():
    """Of arrays nothing is held out by itself."""
    X = np.random.default_rng(0).normal(size=(60, 3))
    request = SearchRequest(X, X[:, 0] > 0, optimizer="newton", storage=in_memory())
    with pytest.raises(DataError, match="has no test part"):
        probing.probe(probing.ProbeRequest(request), notes(quiet=True))


def test_an_optimizer_without_l2_has_no_path(data, monkeypatch):
    monkeypatch.setattr(Newton, "hyperparameters", (Newton.hyperparameters[0],))
    monkeypatch.setattr(Newton, "default_space", lambda *_: {"iterations": (3,)})
    monkeypatch.setattr("hpsoft.api.running.check", lambda _: None)
    request = SearchRequest(str(data), optimizer="newton", cv="none")
    with pytest.raises(OptimizerError, match="has no alpha"):
        probing.probe(probing.ProbeRequest(request), notes(quiet=True))


def test_where_every_trial_diverges_the_path_ends(run, probed):
    """As confirm says it: there is nothing to confirm."""
    options = ("--optimizer", "sgd", "--set", "alpha=0", "--set", "learning_rate=1e308",
               "--set", "epochs=1", "--set", "batch_size=32")  # fmt: skip
    assert "no trial with a value" in " ".join(run(*probed, *options, code=2).stderr.split())


def test_search_refines_a_study_that_is_there(run, run_json, data):
    run("search", "--data", data, "--optimizer", "newton", "--cv", "none", "--study", "s",
        "--set", "alpha=1e-9,0.01,100", "-q")  # fmt: skip
    found = run_json("search", "--study", "s", "--refine")
    assert found["n_grid"] > 3
    assert found["certificate"]["complete"]
    error = run("search", "--study", "s", "--refine", "--extend", code=2).stderr
    assert "one way at a time" in " ".join(error.split())
