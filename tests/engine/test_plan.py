"""From trials to models to blocks, by roles alone."""

import numpy as np
import pytest
from hpsoft_sgd import SGD
from hypothesis import given
from hypothesis import strategies as st
from small_problem import GRID, make_trials

from hpsoft.engine.plan import MODELS_PER_BLOCK, Block, make_plan
from hpsoft.optimizers.hyperparameters import names_by_role
from hpsoft.optimizers.protocol import Hyperparameter, Role

EIGHT = {
    "epochs": tuple(range(5, 45, 5)),
    "batch_size": tuple(2**k for k in range(3, 11)),
    "learning_rate": tuple(range(1, 9)),
    "alpha": tuple(range(8)),
}


COLUMNS = ("learning_rate", "alpha", "class_weight", "averaging")


def plan(trials, **options):
    return make_plan(SGD.hyperparameters, trials, **options)


def answered(made) -> list[int]:
    return sorted(i for block in made.blocks for m in block.models for i in m.trials.values())


def test_roles_collapse_the_grid():
    """4096 trials are 512 models in 8 blocks, each run once to its largest horizon."""
    made = plan(make_trials(EIGHT))
    assert (made.n_trials, made.n_models, len(made.blocks)) == (4096, 512, 8)
    assert made.horizon == "epochs"
    assert made.model_epochs == 512 * 40
    assert [block.structure for block in made.blocks] == [
        {"batch_size": size} for size in EIGHT["batch_size"]
    ]
    assert all(block.horizons == EIGHT["epochs"] for block in made.blocks)
    assert all(block.column_names == COLUMNS for block in made.blocks)


def test_every_trial_is_where_its_values_are():
    trials = dict(make_trials())
    for block in plan(trials.items(), n_workers=3, models_per_block=4).blocks:
        for model in block.models:
            for horizon, index in model.trials.items():
                columns = dict(zip(block.column_names, model.columns, strict=True))
                params = {**trials[index], "class_weight": 0, "averaging": 0}
                assert params == {"epochs": horizon, **block.structure, **columns}


@given(st.permutations(make_trials()), st.integers(1, 5), st.integers(1, 9), st.integers(0, 36))
def test_order_of_trials_is_irrelevant_and_each_has_one_place(order, workers, largest, n):
    """Any subset in any order, cut for any number of workers, into blocks of any width."""
    options = {"n_workers": workers, "models_per_block": largest}
    made = plan(order[:n], **options)
    assert made == plan(sorted(order[:n], key=lambda trial: trial[0]), **options)
    assert answered(made) == sorted(index for index, _ in order[:n])
    assert made.n_trials == n
    assert all(0 < len(block.models) <= largest for block in made.blocks)
    assert [block.index for block in made.blocks] == list(range(len(made.blocks)))


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7, 12])
def test_blocks_are_cut_until_every_worker_has_one(workers):
    """Six models for each of two batch sizes: up to twelve blocks."""
    made = plan(make_trials(), n_workers=workers)
    assert len(made.blocks) >= workers
    sizes = [len(block.models) for block in made.blocks]
    assert max(sizes) - min(sizes) <= 1


def test_more_workers_than_models():
    assert len(plan(make_trials(), n_workers=100).blocks) == 12


def test_wide_structure_is_cut_into_equal_blocks():
    trials = make_trials({**GRID, "batch_size": (5,), "alpha": tuple(range(50))})
    sizes = [len(block.models) for block in plan(trials).blocks]
    assert sum(sizes) == 150
    assert max(sizes) <= MODELS_PER_BLOCK
    assert max(sizes) - min(sizes) <= 1


def test_models_of_a_resumed_search_have_their_own_horizons():
    """What is left of each model, not the whole block, says how far it goes."""
    trials = [t for t in make_trials() if not (t[1]["alpha"] == 0.0 and t[1]["epochs"] > 1)]
    for block in plan(trials).blocks:
        assert block.horizons == (1, 2, 4)
        assert {m.columns[1]: m.horizon for m in block.models} == {0.0: 1, 0.1: 4}
        assert block.model_epochs == 3 * 1 + 3 * 4


def test_no_trials_no_blocks():
    made = plan([])
    assert (made.blocks, made.n_trials, made.n_models, made.model_epochs) == ((), 0, 0, 0)


def test_an_optimizer_without_structure_or_columns_has_one_model():
    passes = Hyperparameter("passes", Role.HORIZON, int, 1)
    made = make_plan([passes], [(7, {"passes": 3}), (8, {"passes": np.int64(1)})])
    (block,) = made.blocks
    assert (block.structure, block.column_names, made.horizon) == ({}, (), "passes")
    assert block.models[0].trials == {3: 7, 1: 8}


def test_what_a_trial_leaves_out_has_its_default():
    passes = Hyperparameter("passes", Role.HORIZON, int, 1)
    rate = Hyperparameter("rate", Role.COLUMNAR, float, 0, default=0.5)
    size = Hyperparameter("size", Role.STRUCTURAL, int, 1, default=8)
    made = make_plan([passes, rate, size], [(0, {"passes": 3}), (1, {"passes": 3, "rate": 0.1})])
    (block,) = made.blocks
    assert block.structure == {"size": 8}
    assert [model.columns for model in block.models] == [(0.1,), (0.5,)]


def test_names_come_in_declared_order():
    assert names_by_role(SGD.hyperparameters, Role.COLUMNAR) == COLUMNS


def test_blocks_of_one_structure_share_a_key():
    """However their values were ordered."""
    values = {"batch_size": 5, "amsgrad": 1}
    turned = dict(reversed(values.items()))
    keys = {Block(i, structure, (), ()).key for i, structure in enumerate((values, turned))}
    assert keys == {(("amsgrad", 1), ("batch_size", 5))}
