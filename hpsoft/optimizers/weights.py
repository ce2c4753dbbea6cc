"""What each sample counts in the cost: by itself, and by its class.

    J_m = 1/n sum_i f_im loss_im + alpha_m / 2 |W_m|^2      f_im = w_i c_km,  k the class of i
    c_km = (n / (K n_k))^p_m, up to the factor that makes the mean of f_im over all samples 1

w_i is the weight of a sample, 1 in the mean; n_k is the sum of w over class k, n over all; K is
the number of classes; p is the hyperparameter `class_weight`. p = 1 is what scikit-learn calls
balanced. The gradient of a mini-batch B is 1/|B| sum_i f_im (p_i - y_i) x_i, over the samples of
B: it is not divided by the sum of their f, so its mean is the gradient of J.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsoft.optimizers.protocol import Models, Problem
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


def weighting(problem: Problem, models: Models, dtype: DTypeLike = None) -> Weighting | None:
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


def class_factors(
    labels: NDArray[np.intp],
    n_classes: int,
    power: NDArray[np.float64],
    sample_weight: NDArray[Any] | None = None,
) -> NDArray[np.float64]:
    """Return the c of each class for some powers p, (n_classes, n_powers).

    1 throughout for p = 0, and 0 for a class without samples, or whose samples have no weight.
    """
    counts = np.bincount(labels, sample_weight, n_classes).astype(np.float64)
    there = counts > 0
    ratios = np.where(there, counts.sum() / np.where(there, counts, 1.0), 0.0)
    factors = np.where(there[:, None], ratios[:, None] ** power, 0.0)
    total = (counts[:, None] * factors).sum(axis=0)  # class by class: no column sees another
    return np.where(power == 0, 1.0, factors * (counts.sum() / total))
