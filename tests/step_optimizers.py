"""Step optimizers for tests: momentum in all ways that the protocol allows."""

import numpy as np

from hpsoft.optimizers import Hyperparameter, Role, StepOptimizer, zeros


class Momentum(StepOptimizer):
    """v <- momentum v + g; theta <- theta - learning_rate v."""

    api_version = 1
    elementwise = True
    hyperparameters = (
        Hyperparameter("epochs", Role.HORIZON, int, 1),
        Hyperparameter("batch_size", Role.STRUCTURAL, int, 1, within_samples=True),
        Hyperparameter("learning_rate", Role.COLUMNAR, float, 0, above_low=True),
        Hyperparameter("momentum", Role.COLUMNAR, float, 0, 1),
        Hyperparameter("alpha", Role.COLUMNAR, float, 0),
    )

    def default_space(self, summary):
        rate = 0.1 / summary.curvature
        return {
            "epochs": (1, 2, 10),
            "batch_size": (min(16, summary.n_samples),),
            "learning_rate": (rate, 2 * rate),
            "momentum": (0.0, 0.5, 0.9),
            "alpha": (summary.curvature / 100,),
        }

    def init(self, problem, models):
        return zeros(problem, models, "velocity")

    def step(self, state, gradient, values):
        velocity = state["velocity"]
        velocity *= values["momentum"]
        velocity += gradient
        state["parameters"] -= values["learning_rate"] * velocity


class WholeMomentum(Momentum):
    """The same, handed everything at once."""

    elementwise = False


class Decoupled(Momentum):
    """L2 as decay of the weights, and the step's share of it prepared in `values`."""

    decoupled = True

    def values(self, models, count):
        columns = models.columns
        return {**columns, "keep": 1 - columns["learning_rate"] * columns["alpha"]}

    def step(self, state, gradient, values):
        state["parameters"] *= values["keep"]
        super().step(state, gradient, values)


class WholeDecoupled(Decoupled):
    """The same, handed everything at once: the bias is its own business."""

    elementwise = False

    def step(self, state, gradient, values):
        state["parameters"][:-1] *= values["keep"]
        Momentum.step(self, state, gradient, values)


class Averaged(Momentum):
    """The mean of all iterates is the model; `count` reaches the step as a plain number."""

    answer = "average"

    def init(self, problem, models):
        return zeros(problem, models, "velocity", "average")

    def values(self, models, count):
        return {**models.columns, "weight": np.float64(1 / count)}

    def step(self, state, gradient, values):
        super().step(state, gradient, values)
        state["average"] += values["weight"] * (state["parameters"] - state["average"])
