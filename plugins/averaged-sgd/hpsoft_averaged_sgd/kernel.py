"""The mean of all iterates of a pass of SGD, on SGD's own blocked kernel.

With rho = 1 - learning_rate * alpha and X_k.T G_k what step k = 1 .. n of a pass adds,

    W_t = rho W_{t-1} + X_t.T G_t = rho^t W_0 + sum_{k <= t} rho^(t-k) X_k.T G_k

    sum_{t=1}^n W_t = (sum_{t=1}^n rho^t) W_0 + sum_k c_k X_k.T G_k,
    c_k = sum_{t=k}^n rho^(t-k) = 1 + rho + ... + rho^(n-k)

so the sum of the iterates is one more product of a slab's rows with its steps, each multiplied by
the c_k of its mini-batch; no iterate is ever written. The kernel's steps are in the units of its
decay scale: G = D * rho^(t+j+1). The bias has no decay: rho = 1, c_k = n - k + 1.
"""

import numpy as np
from hpsoft_sgd.blas import add_transposed_product
from hpsoft_sgd.decay import Decay
from hpsoft_sgd.kernel import MiniBatch, Pass
from numpy.typing import NDArray

from hpsoft.optimizers import Array


class AveragingPass(Pass):
    """A pass of SGD that also has the mean of the iterates after each of its steps.

    mean         (n_features, n_trained, n_models)
    mean_bias    (n_trained, n_models)
    """

    def run(
        self,
        X: Array,
        labels: NDArray[np.intp],
        order: NDArray[np.intp],
        weights: Array,
        bias: Array,
        learning_rate: Array,
        decay: Decay,
    ) -> NDArray[np.bool_]:
        """Pass once over the samples; return the models that diverged: their mean is undefined."""
        n = self.left = -(-len(order) // self.batch_size)  # iterates still to come
        self.weighted = np.empty((self.slab, self.weights.shape[1]), bias.dtype)
        with np.errstate(all="ignore"):
            first = decay.rho * geometric(decay.rho, np.array([n]))
            self.total = weights.reshape(self.weights.shape) * self._tile(first[0])
            self.total_bias = n * bias.reshape(-1)
            diverged = super().run(X, labels, order, weights, bias, learning_rate, decay)
            self.mean = (self.total / n).reshape(-1, self.n_trained, self.n_models)
            self.mean_bias = (self.total_bias / n).reshape(bias.shape)
        return diverged

    def add_steps(self, rows: Array, steps: Array, layout: list[MiniBatch]) -> None:
        """Add the steps to the weights, and to the sum as often as iterates will have them."""
        units = self._tile(self.decay.powers(len(layout))[1:])
        counts = self.left - np.arange(len(layout))
        factors = self._tile(geometric(self.decay.rho, counts))
        weighted, first = self.weighted[: len(rows)], 0
        for batch, unit, count, factor in zip(layout, units, counts, factors, strict=True):
            part = weighted[first : first + len(batch.logits)]
            np.multiply(batch.logits, unit, out=part)
            self.total_bias += self.ones[: len(part)] @ part * part.dtype.type(count)
            part *= factor
            first += len(part)
        self.left -= len(layout)
        add_transposed_product(rows, weighted, self.total)
        super().add_steps(rows, steps, layout)

    def _tile(self, columns: Array) -> Array:
        """Repeat (n, n_models) for every trained class, in the dtype of the weights."""
        return np.tile(columns, self.n_trained).astype(self.weights.dtype)


def geometric(rho: Array, counts: Array) -> Array:
    """Return 1 + rho + ... + rho^(count - 1) for rho (n_models,), counts (n,): (n, n_models).

    For rho near 1 the closed form subtracts nearly equal numbers, so it goes through logarithms.
    """
    times = counts[:, None].astype(np.float64)
    with np.errstate(all="ignore"):
        near = np.expm1(times * np.log1p(rho - 1)) / (rho - 1)
        far = (rho**times - 1) / (rho - 1)
    return np.where(rho == 1, times, np.where(rho > 0.5, near, far))
