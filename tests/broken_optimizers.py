"""Optimizers that break one rule of the contract each."""

import warnings
from dataclasses import replace

import numpy as np
from hpsoft_sgd import SGD
from step_optimizers import Momentum, WholeMomentum

from hpsoft.optimizers import Hyperparameter, Role, zeros


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


class LeavesOutTheShortBatch(SGD):
    """A pass ends with the last whole mini-batch."""

    def epoch(self, problem, models, state, index):
        size = int(models.structure["batch_size"])
        whole = len(problem.labels) // size * size
        fewer = replace(problem, order=lambda e: problem.order(e)[:whole])
        return super().epoch(fewer, models, state, index)


class HasItsOwnOrder(SGD):
    def epoch(self, problem, models, state, index):
        own = np.arange(len(problem.labels))
        return super().epoch(replace(problem, order=lambda e: own), models, state, index)


class IgnoresTheRate(Momentum):
    def values(self, models, count):
        return {**models.columns, "learning_rate": 0 * models.columns["learning_rate"] + 0.1}


class OnePercentMore(WholeMomentum):
    """L2 is a hundredth too strong."""

    def step(self, state, gradient, values):
        gradient[:-1] += 0.01 * values["alpha"] * state["parameters"][:-1]
        super().step(state, gradient, values)


class ManyFeatures(WholeMomentum):
    """With many features it takes another way, on which models see their neighbours."""

    def step(self, state, gradient, values):
        if len(gradient) > 256:
            gradient += 1e-6 * gradient.mean(axis=-1, keepdims=True)
        super().step(state, gradient, values)


class SpoilsOneEnd(Momentum):
    """Its switch, off by default, goes uphill."""

    hyperparameters = (
        *Momentum.hyperparameters,
        Hyperparameter("switch", Role.STRUCTURAL, int, 0, 1),
    )

    def default_space(self, summary):
        return {**super().default_space(summary), "switch": (0,)}

    def step(self, state, gradient, values):
        gradient *= 1 - 2 * values["switch"]
        super().step(state, gradient, values)
