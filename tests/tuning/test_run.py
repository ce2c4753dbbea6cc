"""A search as a stream of events, each trial in the study before anyone hears of it."""

import signal

import numpy as np
import pytest
from hpsoft_sgd import SGD
from small_problem import reference_costs
from small_search import SmallSearch, stream, write_data

from hpsoft.engine.schedule import Started
from hpsoft.errors import StudyError
from hpsoft.study.study import trials
from hpsoft.tuning import run as run_module
from hpsoft.tuning.edges import edges
from hpsoft.tuning.events import Finished, Opened, Stored, Storing
from hpsoft.tuning.noise import standing


@pytest.fixture
def small(tmp_path):
    return SmallSearch(tmp_path, write_data(tmp_path))


def stored(small):
    return {record.grid_id: record for record in trials(str(small.folder / "s.journal"), "s")}


def assert_same(record, other):
    assert record.params == other.params
    assert record.diverged == other.diverged
    if not record.diverged:
        assert record.value == pytest.approx(other.value, rel=1e-9)
    assert record.intermediate == pytest.approx(other.intermediate, rel=1e-9)


def test_events_tell_what_happens(small):
    prepared = small.prepare()
    events = list(stream(prepared))
    opened, *middle, finished = events
    assert isinstance(opened, Opened)
    assert (opened.study, opened.n_grid, opened.n_finished, opened.best) == ("s", 36, 0, None)
    assert opened.storage.endswith("s.journal")
    assert (opened.plan.n_trials, opened.n_workers) == (36, 1)
    assert {type(event) for event in middle} == {Started, Storing, Stored}
    records = [record for event in middle if isinstance(event, Stored) for record in event.records]
    assert sorted(record.grid_id for record in records) == list(range(36))
    assert [e for e in middle if isinstance(e, Stored)][-1].n_finished == 36
    assert isinstance(finished, Finished)
    assert (finished.n_run, finished.study) == (36, "s")
    assert finished.certificate.complete
    assert finished.certificate.n_diverged == 12
    assert finished.seconds > 0
    # The diverged models left after their first pass, counted with the block that they were in.
    passes = 2 * (4 * 4 + 2 * 1)
    assert finished.flops == passes * prepared.setting.flops_per_model_epoch


def test_costs_are_those_of_the_one_model_loop(small):
    """Value, intermediate values and accuracy's range, for every trial of the grid."""
    setting = small.prepare().setting
    small.run()
    for record in stored(small).values():
        if record.params["learning_rate"] == 1e308:
            assert record.diverged
            assert record.intermediate == {}
            continue
        costs = reference_costs(setting, record.params)
        assert record.value == pytest.approx(costs[-1], rel=1e-9)
        expected = {e: costs[e - 1] for e in (1, 2, 4) if e <= record.params["epochs"]}
        assert record.intermediate == pytest.approx(expected, rel=1e-9)
        assert 0 <= record.accuracy <= 1
        assert record.seconds > 0


def test_leaderboard_and_edges_are_of_the_study(small):
    finished = small.run()
    values = [record.value for record in stored(small).values() if record.value is not None]
    assert [record.value for record in finished.leaderboard] == sorted(values)
    prepared = small.prepare()
    expected = edges(finished.leaderboard, prepared.grid.space, SGD.hyperparameters, 96)
    assert finished.edges == expected
    assert finished.standing == standing(finished.leaderboard, "epochs")


def test_trials_are_stored_before_they_are_told_of(small):
    for event in stream(small.prepare()):
        if isinstance(event, Stored):
            found = stored(small)
            assert {record.grid_id for record in event.records} <= set(found)
            assert len(found) == event.n_finished
            values = [record.value for record in found.values() if record.value is not None]
            assert event.best.value == min(values)


def test_a_finished_search_runs_nothing(small):
    small.run()
    before = stored(small)
    opened, finished = stream(small.prepare())
    assert (opened.n_finished, opened.plan.blocks, finished.n_run) == (36, (), 0)
    assert opened.best.value == finished.leaderboard[0].value
    assert finished.flops == 0
    assert stored(small) == before


@pytest.mark.parametrize(("events", "n_from_zero"), [(1, 2), (4, 2), (7, 1), (8, 0)])
def test_a_search_left_early_goes_on_where_it_was(small, tmp_path, events, n_from_zero):
    """Its consumer stops listening; the next search has what is left and the same trials.

    A block's state is kept when the event after its trials is asked for.
    """
    running = stream(small.prepare())
    seen = [next(running) for _ in range(events)]
    n_tasks = sum(isinstance(event, Stored) for event in seen)
    running.close()
    n_before = len(stored(small))
    assert n_before < 36
    more = list(stream(small.prepare()))
    assert more[-1].n_run == 36 - n_before
    starts = [event.start for event in more if isinstance(event, Started)]
    assert len(starts) == 6 - n_tasks  # two blocks with three tasks each
    assert starts.count(0) == n_from_zero
    assert not list(tmp_path.glob("*.blocks"))
    other = SmallSearch(tmp_path, small.data)
    other.run(storage=str(tmp_path / "other.journal"))
    undisturbed = {r.grid_id: r for r in trials(str(tmp_path / "other.journal"), "s")}
    for grid_id, record in stored(small).items():
        assert_same(record, undisturbed[grid_id])


@pytest.mark.parametrize(
    "changes", [{"seed": 1}, {"val_fraction": 0.3}, {"dtype": "float32"}, {"study": "other"}]
)
def test_states_of_another_search_are_another_s(small, changes):
    mine, other = (run_module._checkpoints(small.prepare(**c)) for c in ({}, changes))
    assert vars(mine) == vars(run_module._checkpoints(small.prepare()))
    assert vars(mine) != vars(other)


def test_states_of_other_versions_are_not_used(small, monkeypatch):
    mine = run_module._checkpoints(small.prepare())
    monkeypatch.setattr(run_module, "_version", lambda name: "0")
    assert vars(mine) != vars(run_module._checkpoints(small.prepare()))


def test_ctrl_c_in_a_write_waits_for_its_end(small, monkeypatch):
    """The trials in hand are stored, and then the search is interrupted."""
    from hpsoft.study.writer import StudyStore

    append = StudyStore.append

    def interrupted(self, records):
        signal.raise_signal(signal.SIGINT)
        return append(self, records)

    monkeypatch.setattr(StudyStore, "append", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(stream(small.prepare()))
    assert len(stored(small)) > 0
    monkeypatch.undo()
    assert small.run().certificate.complete


def test_a_search_where_all_diverge_has_no_winner(small):
    finished = small.run(settings=("epochs=1,2", "batch_size=7", "learning_rate=1e308", "alpha=1"))
    assert (finished.leaderboard, finished.edges) == ([], [])
    assert finished.certificate.complete
    assert finished.certificate.n_diverged == 2


def test_another_search_under_the_same_name_is_refused(small):
    small.run()
    before = stored(small)
    with pytest.raises(StudyError, match="seed 0 there, 1 here"):
        small.run(seed=1)
    assert stored(small) == before


def test_results_do_not_depend_on_processes(small):
    """Two processes find what one found; blocks are cut otherwise for them."""
    small.run()
    path = str(small.folder / "two.journal")
    opened, *_, finished = stream(small.prepare(cores=3, least_seconds=0, storage=path))
    assert opened.n_workers == 3
    assert finished.certificate.complete
    ours = stored(small)
    for record in trials(path, "s"):
        assert_same(record, ours[record.grid_id])


def test_versions_name_all_that_a_result_may_depend_on(small):
    found = run_module.versions(small.prepare())
    assert found["numpy"] == np.__version__
    assert set(found) == {"hpsoft", "numpy", "optuna", "scipy", "python", "optimizer"}
    assert found["optimizer"].startswith("hpsoft ")
