"""Momentum and Adam: hpsoft's plugins, 64 models in the engine's fused passes, and PyTorch's
loop.
"""

from abc import abstractmethod

import numpy as np

from hpsoft.engine.minibatches import passes
from hpsoft.engine.train import select_models
from hpsoft.model.files import full_weights
from hpsoft.optimizers.protocol import Models, Problem, StepOptimizer
from rivals.base import Rival
from rivals.torch_programs import TorchLoop

MOMENTUM = 0.9
BETAS, EPSILON = (0.9, 0.999), 1e-8
MOMENTUM_RATE, ADAM_RATE = 0.1, 10.0  # times SGD's learning rate: steps of about the same length


class HpsoftSteps(Rival):
    """One pass of a plugin that takes one step at a time."""

    @abstractmethod
    def plugin(self) -> tuple[StepOptimizer, dict[str, float], dict[str, int]]:
        """Return the plugin, its columnar values besides SGD's, and its structural ones."""

    def run(self, order: np.ndarray, batch_size: int) -> None:
        """Train all models side by side."""
        work, (optimizer, values, structure) = self.work, self.plugin()
        columns = {name: np.full(self.n_models, value) for name, value in values.items()}
        columns["learning_rate"] = columns.pop("rate") * work.learning_rate
        columns["alpha"] = work.alpha
        models = Models(self.n_models, columns, {"batch_size": batch_size, **structure})
        in_order = np.arange(len(order))  # `order` may be a part of the samples
        problem = Problem(
            work.X[order], work.labels[order], work.n_classes, np.dtype("f4"), lambda _: in_order
        )
        training = passes(optimizer)
        self.state = training.epoch(problem, models, training.init(problem, models), 0)

    def weights(self, index: int) -> np.ndarray:
        """Return the weights of a model."""
        return full_weights(select_models(self.state, np.array([index])), self.work.n_classes)[0]


class HpsoftMomentum(HpsoftSteps):
    """plugins/momentum, the heavy ball."""

    title = "hpsoft momentum, 64 models"
    needs = "hpsoft_momentum"

    def plugin(self) -> tuple[StepOptimizer, dict[str, float], dict[str, int]]:
        """Return the heavy ball."""
        from hpsoft_momentum import Momentum

        return Momentum(), {"rate": MOMENTUM_RATE, "momentum": MOMENTUM}, {"nesterov": 0}


class HpsoftAdam(HpsoftSteps):
    """plugins/adam, with L2 in the gradient."""

    title = "hpsoft adam, 64 models"
    needs = "hpsoft_adam"

    def plugin(self) -> tuple[StepOptimizer, dict[str, float], dict[str, int]]:
        """Return Adam as in its paper."""
        from hpsoft_adam import Adam

        values = {"rate": ADAM_RATE, "beta1": BETAS[0], "beta2": BETAS[1], "epsilon": EPSILON}
        return Adam(), values, {"amsgrad": 0}


class TorchMomentum(TorchLoop):
    """torch.optim.SGD with momentum."""

    title = "PyTorch nn.Linear + SGD(momentum), one model"

    def optimizer(self, groups: list[dict], learning_rate: float) -> object:
        """Return SGD with momentum."""
        import torch

        return torch.optim.SGD(groups, lr=MOMENTUM_RATE * learning_rate, momentum=MOMENTUM)


class TorchAdam(TorchLoop):
    """torch.optim.Adam."""

    title = "PyTorch nn.Linear + Adam, one model"

    def optimizer(self, groups: list[dict], learning_rate: float) -> object:
        """Return Adam."""
        import torch

        return torch.optim.Adam(groups, lr=ADAM_RATE * learning_rate, betas=BETAS, eps=EPSILON)
