"""A task: a block from one horizon value to the next."""

from dataclasses import replace

import numpy as np
import pytest
from hpsoft_sgd import SGD
from small_problem import (
    DIVERGING,
    GRID,
    in_folds,
    make_setup,
    make_trials,
    reference_cost,
    with_arrays,
)

from hpsoft.engine.plan import make_plan
from hpsoft.engine.pool import result
from hpsoft.engine.train import Task, models_of, select_models, train
from hpsoft.engine.workers import Processes
from hpsoft.errors import OptimizerError


class Faulty(SGD):
    """Fails in its third pass."""

    def epoch(self, problem, models, state, index):
        if index == 2:
            raise ValueError("operands could not be broadcast")
        return super().epoch(problem, models, state, index)


class Overwriting(SGD):
    """Turns the data that all blocks share about."""

    def __init__(self, what):
        self.what = what

    def epoch(self, problem, models, state, index):
        shared = getattr(problem, self.what)
        shared[...] = shared[::-1]
        return super().epoch(problem, models, state, index)


def one_block(**changes):
    grid = {**GRID, "batch_size": (5,), "averaging": (0, 1), **changes}
    return make_plan(SGD.hyperparameters, make_trials(grid)).blocks[0]


def first(block, stop):
    return Task(block, tuple(range(len(block.models))), None, 0, stop)


@pytest.mark.parametrize("horizon", [1, 2, 4])
@pytest.mark.parametrize("setting", [make_setup(), in_folds(make_setup())])
def test_scores_are_those_of_the_one_model_loop(setting, horizon):
    """On one part, or the means over folds."""
    block = one_block()
    snapshot = train(setting, first(block, horizon))
    for column, i in enumerate(snapshot.alive):
        params = dict(zip(block.column_names, block.models[i].columns, strict=True))
        expected = reference_cost(setting, {**params, "epochs": horizon, "batch_size": 5})
        assert snapshot.scores.cross_entropy[column] == pytest.approx(expected, rel=1e-9)


def test_a_snapshot_on_the_way_is_a_run_that_ends_there():
    """To 1, on to 2, on to 4 equals straight to 4, bit for bit."""
    setting, block = make_setup(), one_block()
    snapshot = train(setting, first(block, 1))
    for start, stop in ((1, 2), (2, 4)):
        snapshot = train(setting, Task(block, snapshot.alive, snapshot.states, start, stop))
    straight = train(setting, first(block, 4))
    np.testing.assert_array_equal(snapshot.scores.cross_entropy, straight.scores.cross_entropy)
    np.testing.assert_array_equal(snapshot.states[0]["weights"], straight.states[0]["weights"])


def test_diverging_models_leave_the_block():
    """They score NaN; the others' scores and states are those of a block without them."""
    setting = make_setup()
    block, sound = (
        one_block(learning_rate=(0.1, 0.3, DIVERGING)),
        one_block(learning_rate=(0.1, 0.3)),
    )
    snapshot, expected = train(setting, first(block, 4)), train(setting, first(sound, 4))
    lost = [model.columns[0] == DIVERGING for model in block.models]
    np.testing.assert_array_equal(np.isnan(snapshot.scores.cross_entropy), lost)
    np.testing.assert_array_equal(np.isnan(snapshot.scores.accuracy), lost)
    stay = ~np.array(lost)
    np.testing.assert_allclose(
        snapshot.scores.cross_entropy[stay], expected.scores.cross_entropy, rtol=1e-12
    )
    np.testing.assert_allclose(
        snapshot.states[0]["weights"], expected.states[0]["weights"], rtol=1e-9
    )


def test_a_model_that_diverges_on_one_fold_leaves_them_all():
    """It scores NaN; the others score, and go on, as in a block without it."""
    setting = in_folds(make_setup())
    second = setting.folds[1]
    bad = replace(second, X=np.where(second.X > 1, 1e150, second.X))  # only its own samples
    setting = replace(setting, folds=(setting.folds[0], bad, setting.folds[2]))
    rates = (1e-300, 1e-299, 1e300)
    block, sound = one_block(learning_rate=rates), one_block(learning_rate=rates[:2])
    snapshot, expected = train(setting, first(block, 4)), train(setting, first(sound, 4))
    stay = np.isfinite(snapshot.scores.cross_entropy)
    assert stay.tolist() == [model.columns[0] != rates[2] for model in block.models]
    assert np.isnan(snapshot.scores.accuracy[~stay]).all()
    np.testing.assert_allclose(
        snapshot.scores.by_fold["cross_entropy"][:, stay],
        expected.scores.by_fold["cross_entropy"],
        rtol=1e-12,
    )
    for ours, theirs in zip(snapshot.states, expected.states, strict=True):
        np.testing.assert_allclose(ours["weights"], theirs["weights"], rtol=1e-9)


def test_a_block_that_diverges_whole_ends_early():
    passes = []

    class Counting(SGD):
        def epoch(self, problem, models, state, index):
            passes.append(index)
            return super().epoch(problem, models, state, index)

    block = one_block(learning_rate=(DIVERGING,))
    snapshot = train(make_setup(optimizer=Counting()), first(block, 1000))
    assert len(passes) < 5
    assert np.isnan(snapshot.scores.cross_entropy).all()
    assert snapshot.states[0]["bias"].shape[-1] == 0


def test_a_model_whose_scores_alone_overflow_leaves_too():
    """Finite weights, but logits of the validation samples that are not."""
    setting = with_arrays(
        make_setup(),
        X_validation=np.full((3, 4), np.inf),
        labels_validation=np.zeros(3, int),
    )
    snapshot = train(setting, first(one_block(), 1))
    assert np.isnan(snapshot.scores.cross_entropy).all()
    assert snapshot.states[0]["weights"].shape[-1] == 0


def test_keep_takes_models_and_leaves_shared_scalars():
    state = {"weights": np.arange(12.0).reshape(2, 2, 3), "step": np.array(7)}
    kept = select_models(state, np.array([True, False, True]))
    np.testing.assert_array_equal(kept["weights"], state["weights"][..., [0, 2]])
    assert kept["weights"].flags.c_contiguous
    assert kept["step"] == 7


def test_models_without_columnar_hyperparameters_still_count():
    block = one_block()
    assert len(models_of(block, ())) == 0
    assert models_of(block, [2, 0]).columns["learning_rate"].tolist() == [
        block.models[2].columns[0],
        block.models[0].columns[0],
    ]


def test_flops_count_both_products_of_a_pass():
    assert make_setup(n=48).flops_per_model_epoch == 2 * (2 * 48 * 4 * 3)
    folds = in_folds(make_setup(n=48))  # each trains on two thirds
    assert folds.flops_per_model_epoch == 2 * (2 * 3 * 32 * 4 * 3)


def test_an_exception_in_a_plugin_names_the_plugin():
    """Other tasks are as they were; the exception itself is the cause, for HPSOFT_DEBUG."""
    setting = replace(make_setup(), optimizer=Faulty())
    assert train(setting, first(one_block(), 2)).horizon == 2
    with pytest.raises(
        OptimizerError, match=r"Faulty of .*test_train failed: ValueError: operands"
    ):
        train(setting, first(one_block(), 4))


def test_an_exception_in_a_plugin_comes_back_from_a_worker_process():
    setting = replace(make_setup(), optimizer=Faulty())
    with Processes(setting, 2) as workers:
        with pytest.raises(OptimizerError, match=r"Faulty of .*test_train failed"):
            result(workers.submit(first(one_block(), 4)))
        assert result(workers.submit(first(one_block(), 1))).horizon == 1


@pytest.mark.parametrize("what", ["X", "labels"])
def test_a_plugin_cannot_change_the_data(what):
    """Another block would train on it: that is told, and the arrays stay as they were."""
    setting = replace(make_setup(), optimizer=Overwriting(what))
    before = getattr(setting.folds[0], what).copy()
    with pytest.raises(OptimizerError, match="read-only"):
        train(setting, first(one_block(), 1))
    np.testing.assert_array_equal(getattr(setting.folds[0], what), before)


def test_all_tasks_of_a_setting_see_the_same_arrays():
    """An optimizer may keep what it found out about X for its next task, as Newton does."""
    setting = in_folds(make_setup())
    assert [problem.X for problem in setting.problems] == [
        pytest.approx(fold.X) for fold in setting.folds
    ]
    assert all(a.X is b.X for a, b in zip(setting.problems, setting.problems, strict=True))


def test_what_a_snapshot_leaves_to_do():
    """Diverged models are out; of the others those go on that have a later trial."""
    block = one_block(learning_rate=(0.1, 1e308))
    snapshot = train(make_setup(), Task(block, tuple(range(len(block.models))), None, 0, 2))
    sound = [i for i, m in enumerate(block.models) if 1e308 not in m.columns]
    assert snapshot.model_epochs == 2 * len(block.models)
    assert snapshot.sound.tolist() == sound
    assert len(sound) == snapshot.states[0]["bias"].shape[-1] < len(block.models)
    assert snapshot.going_on.tolist() == [block.models[i].horizon > 2 for i in sound]
    end = replace(snapshot, horizon=block.models[0].horizon)
    assert not end.going_on.any()
