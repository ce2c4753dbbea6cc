"""A search with class weights, and what stays as it was without them."""

import numpy as np
import pytest
from reference_sgd import validation_costs

from hpsoft.engine.setup import sample_order
from hpsoft.errors import SpaceError
from hpsoft.space.grid import grid_hash
from hpsoft.study.study import find_study

TWO = ("epochs=2", "batch_size=7", "learning_rate=0.05", "alpha=0.01")


def test_costs_are_those_of_the_one_model_loop(small):
    """For each power; validation counts all samples alike."""
    finished = small.run(settings=(*TWO, "class_weight=none,0.5,balanced"))
    found = {trial.params["class_weight"]: trial.value for trial in finished.leaderboard}
    assert set(found) == {0.0, 0.5, 1.0}
    setting = small.prepare(settings=TWO).setting
    (fold,) = setting.folds
    for power, value in found.items():
        costs = validation_costs(
            fold.X, fold.labels, fold.X_validation, fold.labels_validation, 3,
            order=lambda e: sample_order(0, e, len(fold.labels)), epochs=2, batch_size=7,
            learning_rate=0.05, alpha=0.01, class_weight=power, averaging=1,
        )  # fmt: skip
        assert value == pytest.approx(costs[-1], rel=1e-9)


def test_a_grid_without_class_weights_is_as_before(small):
    """Names, values and hash: `class_weight` is in a space only where it is asked for."""
    prepared = small.prepare(settings=TWO)
    assert "class_weight" not in prepared.grid.space
    assert grid_hash(prepared.identity.space) == "9e61b41d85401f1f"
    assert prepared.design.plan().blocks[0].column_names == (
        "learning_rate", "alpha", "class_weight", "averaging",
    )  # fmt: skip
    assert prepared.design.plan().blocks[0].models[0].columns == (0.05, 0.01, 0.0, 1.0)


def test_none_is_what_a_search_without_them_finds(small):
    """To the last digit."""
    plain = small.run(settings=TWO, study="plain").leaderboard[0].value
    asked = small.run(settings=(*TWO, "class_weight=none"), study="asked").leaderboard[0].value
    assert plain == asked


def test_stored_values_are_numbers(small):
    small.run(settings=(*TWO, "class_weight=balanced"))
    study = find_study(str(small.folder / "s.journal"), "s")
    assert [trial.params["class_weight"] for trial in study.trials] == [1.0]
    assert study.description.identity.space["class_weight"] == (1.0,)


def test_default_rates_are_safe_for_heavy_classes(small, tmp_path):
    """Rare samples that are large are the curvature where classes weigh alike."""
    rng = np.random.default_rng(0)
    X, labels = rng.normal(size=(400, 3)), (np.arange(400) % 40 == 0).astype(int)
    X[labels == 1] *= 8
    np.savez(tmp_path / "rare.npz", X=X, y=labels)
    small.data = tmp_path / "rare.npz"
    plain, weighted = (
        small.prepare(settings=settings).identity.space["learning_rate"]
        for settings in ((), ("class_weight=none,balanced",))
    )
    assert max(weighted) < max(plain) / 2
    power = small.prepare(settings=("class_weight=balanced",)).identity.space["learning_rate"]
    assert power == weighted


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("balancd", "No value of class_weight 'balancd'.*Did you mean 'balanced'"),
        ("1.5", "class_weight = 1.5 is outside its domain 0 .. 1"),
        ("none,0", "class_weight lists 0.0 twice"),
    ],
)
def test_odd_powers_are_refused(small, value, message):
    with pytest.raises(SpaceError, match=message):
        small.prepare(settings=(*TWO, f"class_weight={value}"))
