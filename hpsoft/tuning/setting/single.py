"""One model, trained from zero on all samples there are: that of `final`, and the estimator's."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass

import numpy as np

from hpsoft.data import Samples, Scaler
from hpsoft.data.splitting import take
from hpsoft.engine.points import Training, train_one
from hpsoft.engine.setup import TrainingSetup
from hpsoft.model.files import full_weights
from hpsoft.optimizers.categories import Choice
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.softmax.probabilities import Array
from hpsoft.tuning.setting.folds import make_fold


@dataclass(frozen=True, eq=False)
class Single:
    """A trained model of scaled features: logits are X @ weights + bias."""

    weights: Array  # (n_features, n_classes), in the dtype of the training
    bias: Array  # (n_classes,)
    converged: bool | None  # None: the optimizer does not say

    @property
    def sound(self) -> bool:
        """Whether all its numbers are finite: otherwise it diverged."""
        return bool(np.isfinite(self.weights).all() and np.isfinite(self.bias).all())


def single_setup(
    optimizer: Optimizer,
    samples: Samples,
    *,
    n_classes: int,
    scale: str,
    dtype: str,
    seed: int,
    by_weight: bool = False,
) -> tuple[TrainingSetup, Scaler]:
    """Return all samples, scaled, as what is trained on, and the scaler.

    `seed` is that of the order of samples; `by_weight` as in `make_fold`.

    Raises:
        HpsoftError: weights of samples that are all 0, or that the optimizer does not honour.
    """
    nothing = take(samples, np.arange(0))
    fold, scaler = make_fold(samples, nothing, scale=scale, dtype=dtype, by_weight=by_weight)
    return TrainingSetup(optimizer, (fold,), n_classes, np.dtype(dtype), seed), scaler


def train_single(
    setup: TrainingSetup, params: Mapping[str, Choice]
) -> Generator[Training, None, Single]:
    """Train, yielding a `Training` a pass, and return the model, which may have diverged.

    Raises:
        OptimizerError: the optimizer raised an exception.
    """
    state = yield from train_one(setup, params)
    converged = bool(state["converged"][0]) if "converged" in state else None
    return Single(*full_weights(state, setup.n_classes), converged)
