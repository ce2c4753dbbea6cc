"""hpsoft: one pass of a block of 64 models, as its worker processes run it."""

import numpy as np
from hpsoft_sgd import SGD

from hpsoft.engine.train import select_models
from hpsoft.model.files import full_weights
from hpsoft.optimizers.protocol import Models, Problem
from rivals.base import Rival


class HpsoftKernel(Rival):
    """The optimizer plugin, without the engine around it."""

    title = "hpsoft"

    def run(self, order: np.ndarray, batch_size: int) -> None:
        """Train all models side by side."""
        work, sgd = self.work, SGD()
        columns = {"learning_rate": work.learning_rate, "alpha": work.alpha}
        models = Models(self.n_models, columns, {"batch_size": batch_size})
        problem = Problem(work.X, work.labels, work.n_classes, np.dtype("f4"), lambda _: order)
        self.state = sgd.epoch(problem, models, sgd.init(problem, models), 0)

    def weights(self, index: int) -> np.ndarray:
        """Return the weights of a model, the implied class too."""
        return full_weights(select_models(self.state, np.array([index])), self.work.n_classes)[0]
