"""Adam, AdamW and AMSGrad: steps scaled by running means of the gradient and of its square.

    m <- beta1 m + (1 - beta1) g             c1 = 1 - beta1^t
    v <- beta2 v + (1 - beta2) g^2           c2 = 1 - beta2^t
    theta <- theta - learning_rate (m / c1) / (sqrt(v / c2) + epsilon)        step t = 1, 2, ...

AMSGrad puts the largest v so far in the place of v. Adam has L2 in g; AdamW shrinks the weights
by 1 - learning_rate alpha before the step instead. The bias has neither.

Arrays have any shape whose last axis goes with the hyperparameters'. Stored are the sums
m / (1 - beta1) and v / (1 - beta2), and the constants of a step are gathered, which leaves

    theta <- theta - size m' / (sqrt(v') + margin)

    root = sqrt((1 - beta2) / c2)    size = learning_rate (1 - beta1) / (c1 root)
                                     margin = epsilon / root

Sources: D. P. Kingma, J. Ba, Adam (2015), arXiv 1412.6980; I. Loshchilov, F. Hutter, Decoupled
weight decay regularization (2019), arXiv 1711.05101; S. J. Reddi, S. Kale, S. Kumar, On the
convergence of Adam and beyond (2018), arXiv 1904.09237.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hpsoft.optimizers import (
    ALPHA,
    BATCH_SIZE,
    CLASS_WEIGHT,
    EPOCHS,
    LEARNING_RATE,
    Array,
    DataSummary,
    Hyperparameter,
    Models,
    Problem,
    Role,
    Space,
    State,
    StepOptimizer,
    Value,
    l2_strengths,
    zeros,
)

LARGEST_BETA = 0.999999  # at 1 nothing would ever be learnt


class Adam(StepOptimizer):
    """Adam, with L2 in the gradient."""

    api_version = 1
    elementwise = True
    hyperparameters = (
        EPOCHS,
        BATCH_SIZE,
        Hyperparameter("amsgrad", Role.STRUCTURAL, int, 0, 1, summary="1: the largest v so far"),
        LEARNING_RATE,
        Hyperparameter(
            "beta1", Role.COLUMNAR, float, 0, LARGEST_BETA, summary="memory of the gradient"
        ),
        Hyperparameter(
            "beta2", Role.COLUMNAR, float, 0, LARGEST_BETA, summary="memory of its square"
        ),
        Hyperparameter(
            "epsilon", Role.COLUMNAR, float, 0, above_low=True, summary="added to the root"
        ),
        ALPHA,
        CLASS_WEIGHT,
    )

    def default_space(self, summary: DataSummary) -> Space:
        """Return 576 points that fit the data.

        A step changes each weight by about the learning rate, so a logit by that times ||x||_1,
        of which sqrt(2 L n_features) is the size: rates are powers of two about its inverse.
        """
        norm = np.sqrt(2 * summary.curvature * summary.n_features)
        batches = {min(size, summary.n_samples) for size in (32, 128, 512)}
        return {
            "epochs": (5, 10, 20, 40),
            "batch_size": tuple(sorted(batches)),
            "amsgrad": (0,),
            "learning_rate": tuple(float(f"{2.0**k / norm:.2g}") for k in range(-6, 2)),
            "beta1": (0.9,),
            "beta2": (0.999,),
            "epsilon": (1e-8,),
            "alpha": self._strengths(summary),
        }

    def _strengths(self, summary: DataSummary) -> tuple[float, ...]:
        return l2_strengths(summary)[1:-1]

    def init(self, problem: Problem, models: Models) -> State:
        """Return zero parameters and sums."""
        largest = ["largest"] if models.structure["amsgrad"] else []
        return zeros(problem, models, "sum", "squares", *largest)

    def values(self, models: Models, count: int) -> Mapping[str, Array | Value]:
        """Return the constants of step `count`, each (n_models,)."""
        columns = models.columns
        rate, beta1, beta2 = (columns[n] for n in ("learning_rate", "beta1", "beta2"))
        root = np.sqrt((1 - beta2) / (1 - beta2**count))
        return {
            "beta1": beta1,
            "beta2": beta2,
            "size": rate * (1 - beta1) / (1 - beta1**count) / root,
            "margin": columns["epsilon"] / root,
            "keep": 1 - rate * columns["alpha"],
        }

    def step(self, state: State, gradient: Array, values: Mapping[str, Any]) -> None:
        """Take one step; the gradient becomes the step's denominator, then the step."""
        total, squares = state["sum"], state["squares"]
        total *= values["beta1"]
        total += gradient
        np.square(gradient, out=gradient)
        squares *= values["beta2"]
        squares += gradient
        if "largest" in state:
            squares = np.maximum(state["largest"], squares, out=state["largest"])
        np.sqrt(squares, out=gradient)
        gradient += values["margin"]
        np.divide(total, gradient, out=gradient)
        gradient *= values["size"]
        state["parameters"] -= gradient


class AdamW(Adam):
    """Adam with decoupled weight decay: alpha times learning_rate is what a step takes away."""

    decoupled = True

    def _strengths(self, summary: DataSummary) -> tuple[float, ...]:
        """Return shares of the weights; steps are as long as the learning rate for any data."""
        return (0.0, *(10.0**k for k in range(-3, 2)))

    def step(self, state: State, gradient: Array, values: Mapping[str, Any]) -> None:
        """Shrink the weights, then step."""
        state["parameters"] *= values["keep"]
        super().step(state, gradient, values)
