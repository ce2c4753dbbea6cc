"""L2 decay as a scale: W_t = rho^t V_t, so that a step changes V by one product only.

A step of SGD is W <- rho W - G with rho = 1 - learning_rate * alpha, a pass over all of W for
its decay alone. With V = W / rho^t it is V <- V - G / rho^(t+1), and logits are rho^t (x V). The
scale is folded back (`V *= rho^t, t = 0`) before rho^t leaves the range where the dtype loses
nothing. rho may be negative, and a model's own scale never touches its neighbours.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array

# |log rho^t| up to which V neither overflows nor loses digits; float32 ends at exp(88).
LOG_RANGE = {np.dtype(np.float32): 40.0, np.dtype(np.float64): 300.0}
TABLE = 512  # powers that are kept, of one pass: small mini-batches of few features cost as little


class Decay:
    """The scales rho^t of all models of a block.

    Where some rho is so small that rho^1 leaves the range (rho = 0 is), the decay is `direct`:
    every step multiplies W by rho, and all scales are 1.
    """

    def __init__(self, rho: NDArray[np.float64], n_trained: int, dtype: np.dtype[Any]) -> None:
        """Take rho (n_models,) and the number of trained classes that each scale is tiled to."""
        self.rho = rho
        self.n_trained = n_trained
        self.dtype = dtype
        with np.errstate(divide="ignore"):
            steepness = float(np.abs(np.log(np.abs(rho))).max(initial=0.0))
        self.is_trivial = bool((rho == 1.0).all())
        self.direct = steepness > LOG_RANGE[dtype]
        self.longest = 1 if self.direct else int(LOG_RANGE[dtype] / max(steepness, 1e-9))
        self.steps = 0  # t, since the last fold
        self._first = np.ones((1, len(rho)))  # rho^0, rho^1, ..., as many as were asked for
        self._wide = self.tiled(self._first)

    @property
    def scales_logits(self) -> bool:
        """Whether logits have to be multiplied by rho^t at all."""
        return not (self.is_trivial or self.direct)

    def powers(self, n_steps: int) -> NDArray[np.float64]:
        """Return rho^t .. rho^(t + n_steps), shape (n_steps + 1, n_models)."""
        if self.direct:
            return np.ones((n_steps + 1, len(self.rho)))
        end = self.steps + n_steps + 1
        if end <= TABLE:
            return self.first(end)[self.steps :]
        return self.first(n_steps + 1) * self.rho**self.steps

    def scales(self, n_steps: int) -> Array:
        """Return the same for every trained class, (n_steps + 1, n_columns), in the dtype."""
        end = self.steps + n_steps + 1
        if self.direct or end > TABLE:
            return self.tiled(self.powers(n_steps))
        if len(self._wide) < end:
            self._wide = self.tiled(self.first(TABLE))
        return self._wide[self.steps : end]

    def first(self, n_powers: int) -> NDArray[np.float64]:
        """Return rho^0 .. rho^(n_powers - 1), and keep them."""
        if len(self._first) < n_powers:
            with np.errstate(all="ignore"):  # powers beyond the longest run are never used
                self._first = self.rho ** np.arange(max(n_powers, TABLE))[:, None]
        return self._first[:n_powers]

    def tiled(self, scale: NDArray[np.float64]) -> Array:
        """Repeat (..., n_models) for every trained class: (..., n_columns), in the dtype."""
        wide = np.empty((*scale.shape[:-1], self.n_trained, scale.shape[-1]), self.dtype)
        wide[...] = scale[..., None, :]
        return wide.reshape(*scale.shape[:-1], -1)

    def advance(self, n_steps: int, weights: Array) -> None:
        """Count steps about to be added to V; direct decay happens here."""
        if self.direct:
            weights *= self.tiled(self.rho)
        else:
            self.steps += n_steps

    def make_room(self, n_steps: int, weights: Array) -> None:
        """Fold the scale into V if n_steps more would leave the range."""
        if self.steps + n_steps > self.longest:
            self.fold(weights)

    def fold(self, weights: Array) -> None:
        """Multiply V (n_features, n_columns) by rho^t and start anew with t = 0."""
        if self.steps and not self.is_trivial:
            weights *= self.tiled(self.rho**self.steps)
        self.steps = 0
