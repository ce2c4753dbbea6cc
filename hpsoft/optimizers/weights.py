"""What each sample counts in the cost: by itself, and by its class.

    J_m = 1/n sum_i f_im loss_im + alpha_m / 2 |W_m|^2      f_im = w_i c_km,  k the class of i
    c_km = (n / (K n_k))^p_m, up to the factor that makes the mean of f_im over all samples 1

w_i is the weight of a sample, 1 in the mean; n_k is the sum of w over class k, n over all; K is
the number of classes; p is the hyperparameter `class_weight`. p = 1 is what scikit-learn calls
balanced. The gradient of a mini-batch B is 1/|B| sum_i f_im (p_i - y_i) x_i, over the samples of
B: it is not divided by the sum of their f, so its mean is the gradient of J.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsoft.errors import OptimizerError
from hpsoft.optimizers.protocol import Models, Optimizer, Problem, StepOptimizer
from hpsoft.softmax.classweight import class_factors
from hpsoft.softmax.probabilities import Array

POWER = "class_weight"


@dataclass(frozen=True, eq=False)
class Weighting:
    """The factors f of some models, as products; `None` stands for ones."""

    labels: NDArray[np.intp]  # (n_samples,)
    classes: Array | None  # (n_classes, n_models)
    samples: Array | None  # (n_samples,)

    def of(self, samples: NDArray[np.intp] | slice) -> Array:
        """Return the factors of some samples: a new array, (n, n_models) or (n, 1)."""
        if self.classes is None:
            assert self.samples is not None, "nothing is weighted: there is no Weighting then"
            return self.samples[samples][:, None].copy()
        found: Array = self.classes.take(self.labels[samples], 0)
        if self.samples is not None:
            found *= self.samples[samples][:, None]
        return found


def honours_weights(optimizer: Optimizer) -> bool:
    """Tell whether an optimizer honours weights of samples: it says so, or is handed gradients."""
    return isinstance(optimizer, StepOptimizer) or getattr(optimizer, "weighted", False) is True


def check_weighted(optimizer: Optimizer) -> None:
    """Check that an optimizer honours weights of samples.

    Raises:
        OptimizerError: it does not say so.
    """
    if not honours_weights(optimizer):
        kind = type(optimizer)
        raise OptimizerError(
            f"The optimizer {kind.__name__} of {kind.__module__} does not say that it honours the "
            "weights of samples, and would be trained as if all were alike. Leave --sample-weight "
            "out, or choose another --optimizer, such as sgd. Its author finds how in "
            "plugins/README.md: weighted = True."
        )


def weighting(
    problem: Problem, models: Models, dtype: DTypeLike | None = None
) -> Weighting | None:
    """Return what samples count for each model, in `dtype` or the problem's; None: all the same.

    A model's factors depend on its own hyperparameters only.
    """
    power = models.columns.get(POWER)
    dtype = problem.dtype if dtype is None else dtype
    classes = samples = None
    if power is not None and power.any():
        classes = class_factors(problem.labels, problem.n_classes, power, problem.sample_weight)
        classes = classes.astype(dtype)
    if problem.sample_weight is not None:
        samples = problem.sample_weight.astype(dtype)
    if classes is None and samples is None:
        return None
    return Weighting(problem.labels, classes, samples)
