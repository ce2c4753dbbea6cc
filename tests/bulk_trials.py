"""Finished trials of every kind, and what a database holds of them."""

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import optuna
import sqlalchemy
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState, create_trial

from hpsoft.study.storage.bulk import add_trials
from hpsoft.study.storage.connect import connect
from hpsoft.study.storage.location import locate

DISTRIBUTIONS = {
    "rate": FloatDistribution(1e-5, 10.0, log=True),
    "share": FloatDistribution(0.0, 1.0, step=0.25),
    "epochs": IntDistribution(1, 64, log=True),
    "batch": IntDistribution(0, 64, step=8),
    "kind": CategoricalDistribution([None, True, 2, 2.5, "a b"]),
}
TABLES = (
    "trials", "trial_values", "trial_params", "trial_user_attributes",
    "trial_system_attributes", "trial_intermediate_values", "trial_heartbeats",
)  # fmt: skip


def trial_of(state=TrialState.COMPLETE, value=0.1, params=None, way=(), user=None, system=None):
    """Return a finished trial, which took 90 seconds."""
    params = {"rate": 0.1 + 0.2, "epochs": 3, "kind": "a b"} if params is None else params
    trial = create_trial(
        state=state,
        value=value,
        params=params,
        distributions={name: DISTRIBUTIONS[name] for name in params},
        intermediate_values=dict(way),
        user_attrs=user or {},
        system_attrs=system or {},
    )
    trial.datetime_complete = datetime.fromisoformat("2026-07-02T00:00:30.750000")
    trial.datetime_start = trial.datetime_complete - timedelta(seconds=90)
    return trial


def all_kinds():
    """Return trials that ended in every way, with every kind of value."""
    inf = math.inf
    space = {"search_space": {"rate": [0.1, 1.0], "kind": ["ä", None]}, "grid_id": 3}
    every = {"rate": 1e-5, "share": 0.75, "epochs": 64, "batch": 16, "kind": None}
    return [
        trial_of(),
        trial_of(value=-inf, params=every, way={1: math.nan, 2: inf, 4: -inf, 3: 1 / 3}),
        trial_of(value=inf, user={"folds": [0.1, 1e-300], "ü": None}, system=space),
        trial_of(TrialState.PRUNED, None, way={1: 2.5}, user={"diverged": False}, system=space),
        trial_of(TrialState.PRUNED, 2.5, {**every, "kind": True}),
        trial_of(TrialState.FAIL, None, {"kind": 2.5}, way={1: math.nan}, user={"diverged": True}),
        trial_of(TrialState.FAIL, None, {}),
    ]


def rows(engine, study):
    """Return what a database holds of a study's trials, by table and in order, without ids."""
    found = {}
    with engine.connect() as session:
        for table in TABLES:
            query = (
                f"SELECT t.*, trials.number AS at FROM {table} t JOIN trials USING (trial_id) "
                "JOIN studies s ON s.study_id = trials.study_id WHERE study_name = :study "
                "ORDER BY 1"
            )
            answer = session.execute(sqlalchemy.text(query), {"study": study}).mappings()
            those = [{k: v for k, v in row.items() if not k.endswith("_id")} for row in answer]
            found[table] = those
    return found


def check_like_optuna(url):
    """Store the same trials in both ways: the same rows, and stock Optuna reads the same."""
    connection = connect(locate(url), write=True, keep=True)
    storage, trials = connection.storage, all_kinds()
    for name in ("ours", "theirs"):
        optuna.create_study(study_name=name, storage=storage)
    theirs = storage.get_study_id_from_name("theirs")
    for trial in trials:
        storage.create_new_trial(theirs, trial)
    assert add_trials(storage, "ours", trials[:3])
    assert add_trials(storage, "ours", trials[3:])
    wanted = rows(storage.engine, "theirs")
    assert len(wanted["trials"]) == len(trials)
    assert len(wanted["trial_intermediate_values"]) == 6
    assert rows(storage.engine, "ours") == wanted
    connection.close()
    again = connect(locate(url), write=False, keep=True)
    read = [_read(again, name) for name in ("ours", "theirs")]
    assert read[0] == read[1]
    assert [trial[0] for trial in read[0]] == list(range(len(trials)))
    again.close()


def _read(connection, name):
    study = optuna.load_study(study_name=name, storage=connection.storage)
    return [
        (t.number, t.state, repr(t.values), t.params, t.distributions, t.user_attrs,
         t.system_attrs, repr(sorted(t.intermediate_values.items())), t.datetime_start,
         t.datetime_complete)
        for t in study.get_trials()
    ]  # fmt: skip


def check_race(url):
    """Two that write one study at once, one of them stock Optuna: numbers are 0 to n - 1."""
    connection = connect(locate(url), write=True, keep=True)
    study = optuna.create_study(study_name="raced", storage=connection.storage)

    ready = Barrier(2)  # opening takes longer than writing

    def stock():
        other = connect(locate(url), write=True, keep=True)
        theirs = optuna.load_study(study_name="raced", storage=other.storage)
        ready.wait()
        for _ in range(6):
            theirs.add_trial(trial_of())
        other.close()

    with ThreadPoolExecutor() as threads:
        running = threads.submit(stock)
        ready.wait()
        for _ in range(6):
            assert add_trials(connection.storage, "raced", [trial_of()] * 4)
        running.result()
    assert [trial.number for trial in study.get_trials()] == list(range(30))
    connection.close()
