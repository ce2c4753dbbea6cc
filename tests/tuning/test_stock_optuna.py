"""Ours and stock Optuna's are one study: the same trials, and each goes on where the other was."""

import math

import numpy as np
import optuna
import pytest
from sklearn.datasets import load_digits
from small_problem import reference_costs
from small_search import SmallSearch, stream

from hpsoft.cli.values import parse_settings
from hpsoft.data import load
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.prepare import prepare
from hpsoft.tuning.run import search

SETTINGS = ("epochs=1,2", "batch_size=16,50", "learning_rate=0.1,1,1e308", "alpha=0,0.001")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The first 200 digits."""
    X, y = load_digits(return_X_y=True)
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    np.savez(path, X=X[:200].astype(np.uint8), y=y[:200])
    return path


@pytest.fixture
def prepared(data, tmp_path):
    return SmallSearch(tmp_path, data).prepare(settings=SETTINGS)


def stock_study(prepared, storage=None):
    """Return the study, as a user of Optuna would, and the objective of the one-model loop."""
    space = {name: list(values) for name, values in prepared.grid.space.items()}

    def objective(trial):
        params = {name: trial.suggest_categorical(name, values) for name, values in space.items()}
        if params["learning_rate"] == 1e308:
            return math.nan
        costs = reference_costs(prepared.setting, params)
        for epoch in (1, 2):
            if epoch <= params["epochs"]:
                trial.report(costs[epoch - 1], epoch)
        return costs[-1]

    sampler = optuna.samplers.GridSampler(space)
    if storage is None:
        return optuna.create_study(sampler=sampler), objective
    return optuna.load_study(study_name="s", storage=storage, sampler=sampler), objective


def journal(tmp_path):
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    return JournalStorage(JournalFileBackend(str(tmp_path / "s.journal")))


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.ERROR)


def by_grid_id(study):
    """Return the first trial of every point."""
    found = {}
    for trial in study.get_trials():
        found.setdefault(trial.system_attrs["grid_id"], trial)
    return found


def assert_same_value(trial, stock):
    assert (trial.value is None) == (stock.value is None)
    if trial.value is not None:
        assert trial.value == pytest.approx(stock.value, rel=1e-9)


def assert_same(ours, theirs):
    """Compare two studies trial for trial."""
    assert set(ours) == set(theirs)
    for grid_id, trial in ours.items():
        stock = theirs[grid_id]
        assert trial.params == stock.params
        assert trial.distributions == stock.distributions
        assert trial.state == stock.state
        assert trial.system_attrs["search_space"] == stock.system_attrs["search_space"]
        assert_same_value(trial, stock)
        assert trial.intermediate_values == pytest.approx(stock.intermediate_values, rel=1e-9)


def test_the_study_is_the_one_that_plain_optuna_finds(prepared, tmp_path):
    """Every point once, with the values of the one-model loop; the sampler sees it exhausted."""
    study, objective = stock_study(prepared)
    study.optimize(objective, n_trials=24)
    finished = search(prepared)
    ours, _ = stock_study(prepared, journal(tmp_path))
    assert_same(by_grid_id(ours), by_grid_id(study))
    assert len(ours.trials) == len(study.trials) == 24
    assert ours.sampler.is_exhausted(ours)
    assert ours.best_params == study.best_params
    assert finished.leaderboard[0].params == ours.best_params


@pytest.mark.parametrize("n_events", [4, 6])
def test_stock_optuna_continues_our_search(prepared, tmp_path, n_events):
    """To exhaustion; then hpsoft sees it finished, and it is the search of one of them alone.

    Up to trial number n_grid the stock sampler takes the number for the grid id without looking,
    so it repeats points that ours stored under other numbers. Their values agree.
    """
    running = stream(prepared)
    for _ in range(n_events):
        next(running)
    running.close()
    study, objective = stock_study(prepared, journal(tmp_path))
    n_before = len(study.trials)
    assert 0 < n_before < 24
    assert not study.sampler.is_exhausted(study)
    study.optimize(objective)  # the sampler stops it
    assert study.sampler.is_exhausted(study)
    alone, objective = stock_study(prepared)
    alone.optimize(objective)
    expected = by_grid_id(alone)
    assert_same(by_grid_id(study), expected)
    for trial in study.get_trials():
        stock = expected[trial.system_attrs["grid_id"]]
        assert_same_value(trial, stock)
    # A FAIL of plain Optuna does not say that the model diverged: such points run again.
    told = {t.system_attrs["grid_id"] for t in study.trials if "diverged" in t.user_attrs}
    failed = {i for i, trial in expected.items() if trial.state.name == "FAIL"} - told
    finished = search(prepared)
    assert finished.n_run == len(failed)
    assert finished.certificate.exhausted
    assert finished.certificate.strangers == 0


def test_we_continue_a_search_of_stock_optuna(prepared, tmp_path):
    """Ours was begun by us, stock Optuna did some points, and we do the rest, none twice."""
    next(running := stream(prepared))
    running.close()
    study, objective = stock_study(prepared, journal(tmp_path))
    study.optimize(objective, n_trials=7)
    finished_there = sum(trial.state.name == "COMPLETE" for trial in study.trials)
    finished = search(prepared)
    assert finished.n_run == 24 - finished_there
    assert finished.certificate.exhausted
    assert finished.certificate.duplicates == 0
    assert study.sampler.is_exhausted(study)
    for trial in study.get_trials(states=[optuna.trial.TrialState.COMPLETE]):
        costs = reference_costs(prepared.setting, trial.params)
        assert trial.value == pytest.approx(costs[-1], rel=1e-9)


def test_default_search_of_the_embedded_digits_agrees_in_float32(tmp_path):
    """A few points of the real default grid against the float64 loop, to 1e-4."""
    data = load("digits").training
    settings = ("epochs=1,3", "batch_size=64,1024")
    config = SearchConfig(
        space=parse_settings(settings), storage=str(tmp_path / "s.journal"), jobs=1
    )
    prepared = prepare(config, data, {})
    finished = search(prepared)
    for record in finished.leaderboard[:5]:
        costs = reference_costs(prepared.setting, record.params)
        assert record.value == pytest.approx(costs[-1], rel=1e-4)
