"""Small convex problems to try optimizers on.

Their arrays are read-only, as they are in a search. One is wide: with many features some
optimizers take another way, as SGD's blocked kernel does.
"""

import numpy as np

from hpsoft.engine.setup import sample_order
from hpsoft.optimizers.protocol import Problem
from hpsoft.softmax.probabilities import Array

N_SAMPLES, N_FEATURES, N_CLASSES = 47, 5, 3
WIDE = 260  # features of a wide problem


def make_problem(
    dtype: str = "float64",
    *,
    raw: bool = False,
    seed: int = 0,
    n_samples: int = N_SAMPLES,
    n_features: int = N_FEATURES,
) -> Problem:
    """Return a problem whose classes overlap, so that its optimum is finite.

    `raw` features are whole numbers 0 .. 255, as uint8.
    """
    rng = np.random.default_rng([seed, 20])
    X: Array = rng.normal(size=(n_samples, n_features))
    noise = 2 * rng.gumbel(size=(n_samples, N_CLASSES))
    labels = (X @ rng.normal(size=(n_features, N_CLASSES)) + noise).argmax(axis=1)
    labels[:N_CLASSES] = range(N_CLASSES)
    if raw:
        X = np.clip(X * 40 + 128, 0, 255).astype(np.uint8)
    for array in (X, labels):
        array.flags.writeable = False
    return Problem(
        X, labels, N_CLASSES, np.dtype(dtype), lambda e: sample_order(seed, e, n_samples)
    )
