"""The order of the samples: a function of seed and pass alone, shared by all models and sizes."""

import numpy as np
from numpy.typing import NDArray


def sample_order(seed: int, epoch: int, n_samples: int) -> NDArray[np.intp]:
    """Return the permutation of 0 .. n_samples - 1 for pass `epoch` (0, 1, ...).

    Neither batch size nor model enters, so any two runs of one seed see the same samples.
    """
    return np.random.default_rng([seed, epoch]).permutation(n_samples)
