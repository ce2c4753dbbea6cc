"""Optimizers against the reference mathematics: sound ones pass, each fault has its row."""

import numpy as np
import pytest
from hpsoft_newton import Newton
from hpsoft_sgd import SGD

from hpsoft.maths.optimizer_checks import check_optimizer


class Broken(SGD):
    """SGD with one fault."""

    def __init__(self, fault):
        self.fault, self.passes = fault, 0

    def epoch(self, problem, models, state, index):
        before = state["weights"].copy()
        if self.fault == "raises":
            raise ValueError("no")
        state = super().epoch(problem, models, state, index)
        weights = state["weights"]
        if self.fault == "uphill":
            weights[...] = 2 * before - weights
        elif self.fault == "no L2":
            weights += models.columns["learning_rate"] * models.columns["alpha"] * before
        elif self.fault == "neighbours":
            weights[...] = weights.mean(axis=-1, keepdims=True)
        elif self.fault == "remembers":
            self.passes += 1
            weights *= 1 - 1e-6 * self.passes
        elif self.fault == "nan":
            weights[...] = np.nan
        return state


def failed(optimizer, **changes):
    results = list(check_optimizer("it", optimizer, optimizer, **changes))
    assert len(results) == 4
    return [r.identity.removeprefix("it: ") for r in results if not r.passed]


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("optimizer", [SGD, Newton])
def test_sound_optimizers_pass(optimizer, seed):
    assert failed(optimizer(), seed=seed) == []


@pytest.mark.parametrize(
    ("fault", "rows"),
    [
        ("uphill", ["cost falls", "gradient vanishes"]),
        ("no L2", ["gradient vanishes"]),
        ("neighbours", ["models independent"]),
        ("nan", ["cost falls", "gradient vanishes", "models independent", "run is its parts"]),
        ("raises", ["cost falls", "gradient vanishes", "models independent", "run is its parts"]),
    ],
)
def test_each_fault_is_found(fault, rows):
    found = failed(Broken(fault))
    assert set(rows) <= set(found)
    assert fault in {"uphill", "nan", "raises"} or found == rows


def test_what_is_remembered_outside_of_the_state_is_found():
    """The second run differs from the first."""
    assert "run is its parts" in failed(Broken("remembers"))


def test_what_an_optimizer_raises_is_told():
    assert {r.note for r in check_optimizer("it", Broken("raises"), Broken("raises"))} == {
        "ValueError: no"
    }
