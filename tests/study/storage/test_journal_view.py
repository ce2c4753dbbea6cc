"""A journal read for some of its studies, held against stock Optuna's reading of the whole
file.
"""

import json
import math

import optuna
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.study import StudyDirection
from optuna.trial import TrialState, create_trial

from hpsoft.study.find import studies
from hpsoft.study.glance import glance
from hpsoft.study.reader import study_in
from hpsoft.study.resume import open_study
from hpsoft.study.storage.connect import connect
from hpsoft.study.storage.journal import JournalFile
from hpsoft.study.storage.location import locate
from hpsoft.study.summaries import summary_of

NAMES = ("a", "b", 'quoted "c"\\ ü')
FLOATS = st.floats() | st.just(math.nan)
SPACE = optuna.distributions.FloatDistribution(0, 1)


class Stock:
    """What stock Optuna writes, by steps that hypothesis draws; a step that it refuses is none."""

    def __init__(self, path):
        self.path = path
        self.storages = [self.fresh(), self.fresh()]

    def fresh(self):
        return JournalStorage(JournalFileBackend(str(self.path)))

    def take(self, step):
        kind, who, name, number, value = step
        storage = self.storages[who]
        try:
            study = storage.get_study_id_from_name(name) if kind != "study" else -1
            getattr(self, kind)(storage, study, name, number, value)
        except (LookupError, optuna.exceptions.OptunaError):
            pass

    def study(self, storage, _study, name, number, _value):
        storage.create_new_study([StudyDirection(1 + number % 2)], name)

    def drop(self, storage, study, _name, number, _value):
        if number == 0:
            storage.delete_study(study)

    def study_attribute(self, storage, study, _name, number, value):
        storage.set_study_user_attr(study, f"k{number}", ["study_id", {"op_code": 4}, str(value)])
        storage.set_study_system_attr(study, f"s{number}", number)

    def finished(self, storage, study, _name, number, value):
        state = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)[number % 3]
        finite = value if state == TrialState.COMPLETE and math.isfinite(value) else 0.5
        trial = create_trial(
            state=state,
            value=None if state == TrialState.FAIL else finite,
            params={"x": 0.25},
            distributions={"x": SPACE},
            user_attrs={"text": '"study_id":0,{}'},
            intermediate_values={1: value},
        )
        storage.create_new_trial(study, trial)

    def running(self, storage, study, _name, _number, _value):
        storage.create_new_trial(study)

    def _some(self, storage, study, number):
        return storage.get_all_trials(study)[number]._trial_id

    def param(self, storage, study, _name, number, _value):
        trial = self._some(storage, study, 0)
        storage.set_trial_param(trial, f"x{number}", 0.5, SPACE)

    def report(self, storage, study, _name, number, value):
        storage.set_trial_intermediate_value(self._some(storage, study, 0), number, value)

    def trial_attribute(self, storage, study, _name, number, value):
        storage.set_trial_user_attr(self._some(storage, study, 0), "u", [str(value)])
        storage.set_trial_system_attr(self._some(storage, study, 0), "s", number)

    def end(self, storage, study, _name, number, value):
        for trial in storage.get_all_trials(study, states=(TrialState.RUNNING,))[-1:]:
            storage.set_trial_state_values(trial._trial_id, TrialState.COMPLETE, [number])


STEPS = st.lists(
    st.tuples(
        st.sampled_from([name for name in vars(Stock) if not name.startswith("_") and name not in {"fresh", "take"}]),
        st.integers(0, 1), st.sampled_from(NAMES), st.integers(0, 3), FLOATS,
    ),
    max_size=40,
)  # fmt: skip


def told(storage, name):
    """Return everything that a storage says of a study, without ids."""
    by_name = {study.study_name: study for study in storage.get_all_studies()}
    if name not in by_name:
        return None
    study = by_name[name]
    trials = [dict(vars(t)) for t in storage.get_all_trials(study._study_id)]
    for trial in trials:
        del trial["_trial_id"]
    return repr((study.directions, study.user_attrs, study.system_attrs, trials))


def spelled_otherwise(path):
    """Write every other line as other programs spell JSON."""
    lines = path.read_text().splitlines()
    lines[::2] = [json.dumps(json.loads(line)) for line in lines[::2]]
    path.write_text("".join(line + "\n" for line in lines))


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(steps=STEPS, more=STEPS, chosen=st.sets(st.sampled_from(NAMES)), other=st.booleans())
def test_chosen_studies_are_what_stock_optuna_reads(tmp_path, steps, more, chosen, other):
    """Also read on after more was written, and in whatever spelling of JSON."""
    path = tmp_path / "studies.journal"
    path.unlink(missing_ok=True)
    stock = Stock(path)
    for step in [("study", 0, name, 0, 0.0) for name in NAMES] + steps:
        stock.take(step)
    if other:
        spelled_otherwise(path)
        stock.storages = [stock.fresh(), stock.fresh()]
    ours = connect(locate(path), write=False).of(*chosen)
    first = ours.storage
    for step in more:
        stock.take(step)
    whole = stock.fresh()
    for name in chosen:
        assert told(first, name) == told(whole, name)
    assert {s.study_name for s in first.get_all_studies()} <= chosen
    expected = {s.study_name: s.user_attrs for s in whole.get_all_studies()}
    assert ours.attributes() == expected


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(steps=STEPS, more=STEPS, chosen=st.sampled_from(NAMES))
def test_what_is_written_through_a_view_stock_optuna_reads(tmp_path, steps, more, chosen):
    """Numbers are those of the file, also where others write in turn."""
    path, reference = tmp_path / "view.journal", tmp_path / "whole.journal"
    for file in (path, reference):
        file.unlink(missing_ok=True)
    mine, theirs = Stock(path), Stock(reference)
    for step in [("study", 0, name, 0, 0.0) for name in NAMES] + steps:
        mine.take(step)
    reference.write_bytes(path.read_bytes())
    theirs.storages = [theirs.fresh(), theirs.fresh()]
    mine.storages = [connect(locate(path), write=True).of(chosen).storage, mine.fresh()]
    for kind, who, name, number, value in more:
        name = chosen if who == 0 else name  # noqa: PLW2901 -- a view writes its own study
        mine.take((kind, who, name, number, value))
        theirs.take((kind, who, name, number, value))
    for name in NAMES:
        assert undated(told(mine.fresh(), name)) == undated(told(theirs.fresh(), name))


def undated(text):
    """Leave out the times at which two journals were written one after the other."""
    import re

    return text and re.sub(r"datetime\.datetime\([\d, ]*\)", "T", text)


def test_numbers_are_those_of_the_file(tmp_path):
    """Two finished neighbours come first; what is written behind them belongs to the right
    trial.
    """
    path = tmp_path / "a.journal"
    stock = Stock(path)
    for name in NAMES[:2]:
        stock.take(("study", 0, name, 0, 0.0))
        for _ in range(3):
            stock.take(("finished", 0, name, 0, 0.5))
    view = connect(locate(path), write=True).of("mine").storage
    study = view.create_new_study([StudyDirection.MINIMIZE], "mine")
    trial = view.create_new_trial(study)
    view.set_trial_user_attr(trial, "u", 1)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [lines[-2]["study_id"], lines[-1]["trial_id"]] == [2, 6]
    assert (study, trial) == (0, 0)


def test_a_reader_that_was_interrupted_starts_over(tmp_path):
    """What it had got before is not handed out twice, and nothing is left out."""
    path = tmp_path / "a.journal"
    stock = Stock(path)
    for name in NAMES:
        stock.take(("study", 0, name, 0, 0.0))
    journal = JournalFile(path, {"a", "b"})
    assert next(journal.read_logs(0))["study_name"] == "a"
    assert [record["study_name"] for record in journal.read_logs(1)] == ["b"]


@pytest.fixture
def storage(tmp_path):
    """A journal: a glance is at its bytes."""
    return tmp_path / "studies.journal"


def closely(path):
    """Return the summaries by way of Optuna, of every study."""
    connection = connect(locate(path), write=False)
    names = sorted(connection.attributes())
    view = connection.of(*names)
    return [summary_of(study_in(view, name)) for name in names]


def test_a_glance_says_what_a_close_look_does(storage, identity, records, diverged):
    """Of finished, unfinished, pruned and diverged trials, ties, repetitions and strangers."""
    from dataclasses import replace

    tied = [replace(record, value=0.5) for record in records]
    pruned = [*records[:3], replace(records[3], value=None, accuracy=None, pruned=True)]
    plain = {
        "whole": records, "part": records[:3], "none": [], "tied": tied, "pruned": pruned,
        "diverged": [diverged(n) for n in range(3)],
        "folds": [replace(r, folds=(0.1, 0.25), converged=True) for r in records],
    }  # fmt: skip
    for name, stored in plain.items():
        with open_study(storage, name, identity, versions={}) as store:
            store.append(stored)
    assert set(glance(storage).tallies) == set(plain)
    study = optuna.load_study(
        study_name="part", storage=JournalStorage(JournalFileBackend(str(storage)))
    )
    study.add_trial(create_trial(value=-5.0))
    study = optuna.load_study(study_name="whole", storage=study._storage)
    study.add_trial(study.get_trials()[3])
    optuna.create_study(study_name="theirs", storage=study._storage).ask()
    assert set(glance(storage).tallies) == set(plain) - {"part"}
    assert studies(storage) == closely(storage)


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(steps=STEPS, n=st.integers(0, 12))
def test_a_glance_between_lines_of_stock_optuna(tmp_path, identity, records, steps, n):
    """Whoever writes what where: the list is that of a close look."""
    path = tmp_path / "studies.journal"
    path.unlink(missing_ok=True)
    for name in NAMES[:2]:
        with open_study(path, name, identity, versions={}) as store:
            store.append(records[:n])
    stock = Stock(path)
    for step in steps:
        stock.take(step)
    assert repr(studies(path)) == repr(closely(path))
