"""SGD with momentum: Polyak's heavy ball, and Nesterov's look ahead.

    v <- momentum v + g                      g: gradient of the mini-batch, with L2
    theta <- theta - learning_rate d         d = v, or g + momentum v after Nesterov

Arrays have any shape whose last axis goes with the hyperparameters'. What is stored is the
product u = momentum v, so that both kinds need no memory besides theta, u and g:

    heavy ball    d = g + u,    u <- momentum d
    Nesterov      u <- momentum (u + g),    d = g + u

Sources: B. T. Polyak, Some methods of speeding up the convergence of iteration methods (1964);
I. Sutskever, J. Martens, G. Dahl, G. Hinton, On the importance of initialization and momentum in
deep learning (2013), whose form of Nesterov's method this is, as in PyTorch's SGD.
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
    l2_strengths,
    zeros,
)


class Momentum(StepOptimizer):
    """Mini-batch SGD with momentum and a constant learning rate."""

    api_version = 1
    elementwise = True
    hyperparameters = (
        EPOCHS,
        BATCH_SIZE,
        Hyperparameter(
            "nesterov", Role.STRUCTURAL, int, 0, 1, summary="1: Nesterov's, 0: heavy ball"
        ),
        LEARNING_RATE,
        Hyperparameter(
            "momentum", Role.COLUMNAR, float, 0, 1, summary="share of a step that is kept"
        ),
        ALPHA,
        CLASS_WEIGHT,
    )

    def default_space(self, summary: DataSummary) -> Space:
        """Return 1152 points that fit the data.

        A constant gradient is followed 1 / (1 - momentum) times as fast as by SGD, so learning
        rates lie lower than SGD's: powers of two up to 1 / L, the bound on the curvature.
        """
        batches = {min(size, summary.n_samples) for size in (32, 128, 512)}
        return {
            "epochs": (5, 10, 20, 40),
            "batch_size": tuple(sorted(batches)),
            "nesterov": (1,),
            "learning_rate": tuple(
                float(f"{2.0**k / summary.curvature:.2g}") for k in range(-7, 1)
            ),
            "momentum": (0.5, 0.9),
            "alpha": l2_strengths(summary)[1:-1],
        }

    def init(self, problem: Problem, models: Models) -> State:
        """Return zero parameters, at rest."""
        return zeros(problem, models, "velocity")

    def step(self, state: State, gradient: Array, values: Mapping[str, Any]) -> None:
        """Step along the velocity; `velocity` holds momentum times it."""
        velocity = state["velocity"]
        if values["nesterov"]:
            velocity += gradient
            velocity *= values["momentum"]
            gradient += velocity
        else:
            gradient += velocity
            np.multiply(gradient, values["momentum"], out=velocity)
        gradient *= values["learning_rate"]
        state["parameters"] -= gradient
