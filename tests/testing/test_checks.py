"""Every check fails for an optimizer that breaks its rule, and says so."""

import warnings

import numpy as np
import pytest
from step_optimizers import Momentum, WholeMomentum

from hpsoft.optimizers import Hyperparameter, Role, zeros
from hpsoft.testing import CHECKS, Subject, run_checks


class Fraternising(WholeMomentum):
    """The learning rate of a model depends on its neighbours'."""

    def values(self, models, count):
        rates = models.columns["learning_rate"]
        return {**models.columns, "learning_rate": rates * 0 + rates.mean()}


class LooksAtItsPlace(WholeMomentum):
    """The first column learns a little less."""

    def values(self, models, count):
        rates = models.columns["learning_rate"].copy()
        rates[0] *= 1 - 1e-6
        return {**models.columns, "learning_rate": rates}


class NotElementwise(Momentum):
    """The norm of a slab is not that of all."""

    def step(self, state, gradient, values):
        gradient /= 1 + np.linalg.norm(gradient, axis=0)
        super().step(state, gradient, values)


class Random(Momentum):
    """Another result every time."""

    def step(self, state, gradient, values):
        gradient *= 1 + 1e-12 * np.random.default_rng().random()
        super().step(state, gradient, values)


class Tired(Momentum):
    """The object remembers how much it has worked."""

    worked = 0

    def step(self, state, gradient, values):
        self.worked += 1
        gradient *= 1 / self.worked
        super().step(state, gradient, values)


class KeepsItToItself(Momentum):
    """The velocity is in the object, not in the state."""

    velocity = None
    elementwise = False

    def init(self, problem, models):
        self.velocity = None
        return zeros(problem, models)

    def step(self, state, gradient, values):
        if self.velocity is None or self.velocity.shape != gradient.shape:
            self.velocity = np.zeros_like(gradient)
        super().step({**state, "velocity": self.velocity}, gradient, values)


class ModelsFirst(WholeMomentum):
    """An array whose last axis is not the models'."""

    def init(self, problem, models):
        return {**super().init(problem, models), "counts": np.zeros((len(models), 99))}


class NotAnArray(WholeMomentum):
    """A number where an array must be."""

    def init(self, problem, models):
        return {**super().init(problem, models), "rate": 0.1}


class ForgetsTheModels(WholeMomentum):
    """A mean over the models that is dropped with some of them."""

    def step(self, state, gradient, values):
        gradient += 1e-6 * gradient.mean(axis=-1, keepdims=True)
        super().step(state, gradient, values)


class HalfPrecision(Momentum):
    """Float32 where float64 was asked for."""

    def init(self, problem, models):
        return {
            name: array.astype(np.float32) for name, array in super().init(problem, models).items()
        }


class RoundsInSingle(Momentum):
    """Float32 is not as good as it can be."""

    def step(self, state, gradient, values):
        if gradient.dtype == np.float32:
            gradient *= 1.01
        super().step(state, gradient, values)


class Bytes(Momentum):
    """Treats bytes another way."""

    def init(self, problem, models):
        state = super().init(problem, models)
        state["parameters"] += problem.X.dtype == np.uint8
        return state


class ChangesItsHyperparameters(Momentum):
    """A schedule written into what it was given."""

    def values(self, models, count):
        models.columns["learning_rate"][:] *= 0.5
        return models.columns


class ChangesTheStructure(Momentum):
    """The same with what all models share."""

    def values(self, models, count):
        models.structure["batch_size"] = 3
        return models.columns


class Uphill(Momentum):
    """The wrong sign."""

    def step(self, state, gradient, values):
        np.negative(gradient, out=gradient)
        super().step(state, gradient, values)


class AnotherOptimum(Momentum):
    """L2 once more than the engine adds."""

    def step(self, state, gradient, values):
        gradient += values["alpha"] * state["parameters"]
        super().step(state, gradient, values)


class FixedBatch(Momentum):
    """More samples a step than there are."""

    def default_space(self, summary):
        return {**super().default_space(summary), "batch_size": (16,)}


class Repeats(Momentum):
    def default_space(self, summary):
        return {**super().default_space(summary), "momentum": (0.5, 0.5)}


class Incomplete(Momentum):
    def default_space(self, summary):
        return {"epochs": (1,)}


class OutOfDomain(Momentum):
    def default_space(self, summary):
        return {**super().default_space(summary), "momentum": (2.0,)}


class PromisesTooMuch(Momentum):
    """Momentum 1 is in its domain, but raises."""

    def step(self, state, gradient, values):
        if (values["momentum"] == 1).any():
            raise ZeroDivisionError("1 / (1 - momentum)")
        super().step(state, gradient, values)


class SpoilsItsNeighbours(WholeMomentum):
    """One NaN, and all are."""

    def step(self, state, gradient, values):
        super().step(state, gradient, values)
        state["parameters"] += 0 * state["parameters"].sum(axis=-1, keepdims=True)


class Raises(Momentum):
    def step(self, state, gradient, values):
        super().step(state, gradient, values)
        if not np.isfinite(state["parameters"]).all():
            raise FloatingPointError("overflow")


class Warns(Momentum):
    def step(self, state, gradient, values):
        super().step(state, gradient, values)
        if not np.isfinite(state["parameters"]).all():
            warnings.warn("Something overflows.", stacklevel=2)


class Hides:
    """Takes over; only the weights of a model that overflows are NaN."""

    api_version = 1
    hyperparameters = tuple(h for h in Momentum.hyperparameters if h.name != "batch_size")

    def default_space(self, summary):
        space = Momentum().default_space(summary)
        return {h.name: space[h.name] for h in self.hyperparameters}

    def init(self, problem, models):
        shape = (problem.n_classes, len(models))
        return {"weights": np.zeros((problem.X.shape[1], *shape)), "bias": np.zeros(shape)}

    def epoch(self, problem, models, state, index):
        state["weights"][..., models.columns["learning_rate"] > 1e20] = np.nan
        return state


class SingleSpoils(WholeMomentum):
    """In float32 alone, a neighbour's NaN is felt."""

    def step(self, state, gradient, values):
        super().step(state, gradient, values)
        lost = ~np.isfinite(state["parameters"]).all(axis=(0, 1))
        if lost.any() and gradient.dtype == np.float32:
            state["parameters"][..., ~lost] *= 1.1


class OtherVersion(Momentum):
    api_version = 0


BROKEN = [
    ("declared", OtherVersion, "speaks version 0"),
    ("fused_is_alone", Fraternising, ""),
    ("place_does_not_matter", LooksAtItsPlace, ""),
    ("place_does_not_matter", NotElementwise, ""),
    ("deterministic", Random, ""),
    ("deterministic", Tired, ""),
    ("snapshot_is_a_run", KeepsItToItself, ""),
    ("dropped_columns", ForgetsTheModels, ""),
    ("dropped_columns", ModelsFirst, "the last axis must be the 6 models"),
    ("saved_state", KeepsItToItself, ""),
    ("saved_state", NotAnArray, "state['rate'] is a float, not an array"),
    ("precisions", HalfPrecision, "asked for float64, the state has float32"),
    ("precisions", RoundsInSingle, ""),
    ("raw_pixels", Bytes, ""),
    ("inputs_untouched", ChangesItsHyperparameters, "learning_rate changed"),
    ("inputs_untouched", ChangesTheStructure, "batch_size changed"),
    ("descends", Uphill, ""),
    ("reaches_the_optimum", AnotherOptimum, ""),
    ("domains", FixedBatch, "more than there are samples"),
    ("domains", Repeats, "default values of momentum are repeated"),
    ("domains", Incomplete, "must have the declared names"),
    ("domains", OutOfDomain, "SpaceError: momentum = 2.0 is outside its domain 0 .. 1"),
    ("domains", PromisesTooMuch, "ZeroDivisionError"),
    ("divergence", SpoilsItsNeighbours, ""),
    ("divergence", SingleSpoils, ""),
    ("divergence", Raises, "FloatingPointError: overflow"),
    ("divergence", Warns, "in float32: warns Something overflows."),
    ("divergence", Hides, "nobody would notice"),
]


@pytest.mark.parametrize(
    ("check", "kind", "note"), BROKEN, ids=[f"{c}-{k.__name__}" for c, k, _ in BROKEN]
)
def test_the_check_finds_it(check, kind, note):
    (result,) = run_checks(Subject(kind), [check])
    assert result.passed is False
    assert note in result.note
    assert result.note or result.measured > result.tolerance


def test_every_check_has_something_that_it_finds():
    assert {check for check, *_ in BROKEN} == set(CHECKS)


class OneModel(Momentum):
    """No columnar hyperparameter, no L2, ten passes at most, everything in one step."""

    hyperparameters = (Hyperparameter("steps", Role.HORIZON, int, 1, 10),)

    def default_space(self, summary):
        return {"steps": (1, 10)}

    def values(self, models, count):
        return {"momentum": 0.0, "learning_rate": 0.2}


def test_an_optimizer_without_choices_is_checked_as_well():
    results = list(run_checks(Subject(OneModel, converges=False)))
    assert [r.check for r in results if r.passed is False] == []
    (optimum,) = [r for r in results if r.passed is None]
    assert optimum.check == "reaches_the_optimum"
    assert optimum.note == "it does not claim to converge"


class Plain(Momentum):
    """No L2: its optimum is that of the data alone."""

    hyperparameters = tuple(h for h in Momentum.hyperparameters if h.name != "alpha")

    def default_space(self, summary):
        space = super().default_space(summary)
        return {h.name: space[h.name] for h in self.hyperparameters}


def test_without_l2_the_optimum_is_that_of_the_data():
    assert [r.check for r in run_checks(Subject(Plain)) if not r.passed] == []
