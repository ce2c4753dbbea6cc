"""A study of ours: created, resumed, refused; stock Optuna reads it and continues it."""

import math
from dataclasses import replace

import numpy as np
import optuna
import pytest
from optuna.samplers import GridSampler
from optuna.trial import TrialState

from hpsoft.errors import StudyError
from hpsoft.study.certificate import certificate
from hpsoft.study.records import TrialRecord
from hpsoft.study.storage.connect import connect
from hpsoft.study.storage.location import locate


def stock(path, name="s"):
    """Open a study with Optuna alone, as any of its users would."""
    if path.suffix == ".db":
        return optuna.load_study(study_name=name, storage=f"sqlite:///{path}")
    backend = optuna.storages.journal.JournalFileBackend(str(path))
    return optuna.load_study(study_name=name, storage=optuna.storages.JournalStorage(backend))


def test_what_was_appended_is_read_back(open_store, records, diverged):
    """Every field of a trial survives, also of a diverged one."""
    store = open_store()
    given = [*records[:4], diverged(4)]
    assert store.append(given) == 5
    store.close()
    found = open_store().finished()
    assert found == {r.grid_id: replace(r, number=n) for n, r in enumerate(given)}
    assert found[4].diverged
    assert not found[3].diverged


def test_numpy_numbers_are_stored_as_numbers(open_store, records):
    """What an engine computes in float32 is JSON like any other."""
    half = np.float32(0.5)
    store = open_store()
    store.append([replace(records[0], value=half, accuracy=half, seconds=half)])
    found = store.finished()[0]
    assert (found.value, found.accuracy, found.seconds) == (0.5, 0.5, 0.5)


def test_a_finished_point_is_never_stored_twice(open_store, records):
    """Late and repeated results change nothing: not in one batch, not over batches, not
    resumed.
    """
    store = open_store()
    assert store.append([records[0], records[0], records[1]]) == 2
    assert store.append(records[:3]) == 1
    store.close()
    assert open_store().append(records) == len(records) - 3
    assert certificate(open_store("other")).n_finished == 0


def test_a_full_search_is_complete_and_exhausted_for_stock_optuna(
    storage, open_store, records, diverged, identity
):
    """`is_exhausted` is true, and every trial is what stock Optuna calls it."""
    store = open_store()
    store.append([*records[:-1], diverged(len(records) - 1)])
    held = certificate(store)
    assert (held.n_finished, held.n_grid, held.n_diverged) == (len(records), len(records), 1)
    assert (held.missing, held.duplicates, held.strangers) == (0, 0, 0)
    assert held.complete
    assert held.exhausted
    assert (held.fingerprint, held.seed, held.dtype) == ("f1n9e2", 0, "float32")
    study = stock(storage)
    assert GridSampler(identity.space).is_exhausted(study)
    assert study.best_value == min(r.value for r in records[:-1])
    assert [t.state for t in study.trials].count(TrialState.FAIL) == 1


def test_trials_equal_those_of_stock_optuna(storage, open_store, records, objective, identity):
    """Point by point the same parameters, distributions, values, reports and sampler
    attributes.
    """
    open_store().append(records)
    ours = {t.system_attrs["grid_id"]: t for t in stock(storage).trials}
    theirs = optuna.create_study(sampler=GridSampler(identity.space))
    theirs.optimize(objective)
    assert len(theirs.trials) == len(ours)
    for trial in theirs.trials:
        twin = ours[trial.system_attrs["grid_id"]]
        for name in ("params", "distributions", "value", "intermediate_values", "state"):
            assert getattr(twin, name) == getattr(trial, name), name
        assert twin.system_attrs == trial.system_attrs
        assert twin.duration.total_seconds() == pytest.approx(0.25)


def test_stock_optuna_finishes_a_half_done_study(
    storage, open_store, records, objective, identity
):
    """Plain `optimize` runs to the end; the certificate tells the points that it ran twice."""
    store = open_store()
    store.append(records[6:])
    study = stock(storage)
    study.sampler = GridSampler(identity.space)
    study.optimize(objective)
    assert study.sampler.is_exhausted(study)
    held = certificate(store)
    assert held.exhausted
    assert held.duplicates == len(study.trials) - len(records)
    assert held.complete == (held.duplicates == 0)
    assert {i: r.value for i, r in store.finished().items()} == {
        r.grid_id: r.value for r in records
    }


def test_trials_that_stock_optuna_adds_meanwhile_are_not_repeated(
    storage, open_store, records, objective, identity
):
    """The store looks again before it writes."""
    store = open_store()
    study = stock(storage)
    study.sampler = GridSampler(identity.space)
    study.optimize(objective, n_trials=5)
    assert store.append(records) == len(records) - 5
    assert certificate(store).complete


def test_what_a_crash_left_runs_again(storage, open_store, records, identity):
    """A FAIL that did not diverge and a RUNNING trial are no results; the latter is failed."""
    open_store().close()
    study = stock(storage)
    study.sampler = GridSampler(identity.space)
    study.tell(study.ask(), state=TrialState.FAIL)
    study.ask()
    store = open_store()
    assert store.finished() == {}
    assert [t.state for t in stock(storage).trials] == [TrialState.FAIL, TrialState.FAIL]
    assert [list(t.user_attrs) for t in stock(storage).trials] == [[], ["hpsoft_reaped"]]
    store.append(records)
    assert certificate(store).complete


def test_trials_of_another_sampler_are_strangers(storage, open_store, records):
    """They are kept, told apart, and take no grid point."""
    store = open_store()
    study = stock(storage)
    study.sampler = optuna.samplers.RandomSampler(seed=0)
    study.optimize(lambda trial: trial.suggest_float("other", 0, 1), n_trials=2)
    assert store.append(records) == len(records)
    held = certificate(store)
    assert (held.strangers, held.complete) == (2, True)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_a_value_that_is_not_finite_diverged(storage, open_store, records, value):
    """It is a FAIL as in stock Optuna, and no reader ever meets an Infinity."""
    store = open_store()
    store.append([replace(records[0], value=value, intermediate={1: 2.0, 2: value})])
    found = store.finished()[0]
    assert found.diverged
    assert found.intermediate == {1: 2.0}
    assert stock(storage).trials[0].state == TrialState.FAIL


def test_an_infinite_value_from_stock_optuna_counts_as_diverged(storage, open_store, identity):
    """Stock Optuna takes inf for a result; here it is one that diverged."""
    store = open_store()
    study = stock(storage)
    study.sampler = GridSampler(identity.space)
    study.tell(study.ask(), math.inf)
    assert store.finished()[0].diverged


@pytest.mark.parametrize(
    ("change", "phrases"),
    [
        ({"fingerprint": "0ther"}, ["data set digits (f1n9e2) there, digits (0ther) here"]),
        ({"seed": 7}, ["seed 0 there, 7 here"]),
        ({"val_fraction": 0.5}, ["validation fraction 0.2 there, 0.5 here"]),
        ({"val_fraction": None}, ["validation fraction 0.2 there, given by the data here"]),
        ({"optimizer": "adam", "dtype": "float64"}, ["optimizer sgd", "dtype float32"]),
        ({"scale": "unit"}, ["scale raw there, unit here"]),
        (
            {"space": {"epochs": (1, 2), "alpha": (0.5,)}},
            ["values of alpha: 0.5, 1, 10 there, 0.5 here", "batch_size: 8, 16 there, none here"],
        ),
    ],
)
def test_another_search_under_the_same_name_is_refused(
    open_store, records, identity, change, phrases
):
    """The message lists what differs and the way out; the study stays as it was."""
    with open_store() as store:
        store.append(records[:2])
    with pytest.raises(StudyError, match="--study OTHER") as caught:
        open_store(identity=replace(identity, **change))
    for phrase in phrases:
        assert phrase in str(caught.value)
    assert len(open_store().finished()) == 2


def test_the_same_data_under_another_name_is_the_same_search(open_store, identity):
    """A file that was moved is no other data set."""
    open_store().close()
    assert open_store(identity=replace(identity, data="moved")).resumed


def test_a_new_study_is_new_and_a_resumed_one_is_not(open_store):
    """`resumed` tells the first opening from the later ones."""
    with open_store() as first:
        assert not first.resumed
    assert open_store().resumed


@pytest.mark.parametrize("name", ["best", "latest", "", "  "])
def test_names_that_mean_something_else_are_refused(open_store, name):
    """`--study best` could not be told from the best study."""
    with pytest.raises(StudyError, match="cannot be named"):
        open_store(name)


def test_versions_that_continue_a_search_are_recorded_once(open_store):
    """The certificate says under which versions the trials were made."""
    for version in ("5", "6", "6", "5", "7"):
        with open_store(versions={"optuna": version}) as store:
            held = certificate(store)
    assert held.versions == {"optuna": "5"}
    assert held.later_versions == ({"optuna": "6"}, {"optuna": "7"})
    assert store.description.identity.sampler == "grid"


def test_a_study_of_another_tool_is_refused(storage, open_store):
    """Trials, attributes or another direction: it is left as it was."""
    connection = connect(locate(storage), write=True)
    other = optuna.create_study(study_name="s", storage=connection.storage)
    other.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1)
    optuna.create_study(study_name="signed", storage=connection.storage).set_user_attr("a", 1)
    optuna.create_study(study_name="up", storage=connection.storage, direction="maximize")
    for name, message in [("s", "another tool"), ("signed", "another tool"), ("up", "minimise")]:
        with pytest.raises(StudyError, match=message):
            open_store(name)
        assert "hpsoft" not in stock(storage, name).user_attrs


def test_a_study_that_a_kill_left_empty_is_taken_over(storage, open_store):
    """Created but not yet signed: it holds nothing that could be lost."""
    connection = connect(locate(storage), write=True)
    optuna.create_study(study_name="s", storage=connection.storage)
    assert open_store().description.identity.fingerprint == "f1n9e2"


def test_a_changed_record_of_the_grid_is_noticed(storage, open_store):
    """A certificate is only given for the grid that the hash was made of."""
    store = open_store()
    attribute = store.description.to_attribute()
    stock(storage).set_user_attr("hpsoft", {**attribute, "space": {"alpha": [1.0]}})
    with pytest.raises(StudyError, match="was changed"):
        certificate(store)


def test_only_studies_of_ours_are_certified(storage, open_store):
    """Another tool's study has no grid to speak of."""
    store = open_store()
    connection = connect(locate(storage), write=True)
    optuna.create_study(study_name="theirs", storage=connection.storage)
    store.name = "theirs"
    with pytest.raises(StudyError, match="no grid to certify"):
        certificate(store)


def test_records_carry_the_point_of_their_grid_id(open_store):
    """A record whose parameters are not those of its id is a programming error."""
    with pytest.raises(AssertionError):
        open_store().append([TrialRecord({"alpha": 1.0}, 0, 0.5)])
