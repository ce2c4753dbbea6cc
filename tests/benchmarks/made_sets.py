"""Data sets that are made: embeddings of many samples and classes, and a table that is wide."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def embeddings(path: Path) -> None:
    """Write 20,000 x 512 features of 50 classes: overlapping directions in correlated noise."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 50, 20_000)
    centres = rng.normal(size=(50, 512))
    mixing = rng.normal(size=(512, 512)) / np.sqrt(512)
    noise = rng.normal(size=(20_000, 512)) @ mixing
    np.savez(path, X=(0.2 * centres[labels] + noise).astype(np.float32), y=labels)


def wide(
    path: Path,
    n: int = 100,
    d: int = 5_000,
    n_classes: int = 2,
    informative: int = 50,
    seed: int = 0,
) -> None:
    """Write n x d features of 2 classes that 50 features tell apart, and 2,000 to test on.

    Of more classes, each has features of its own. A fifth of a hundred would test nothing: two
    good models differ by more than 20 samples tell.
    """
    rng = np.random.default_rng(seed)
    labels = np.arange(n + 2_000) % n_classes
    X = rng.normal(size=(n + 2_000, d)).astype(np.float32)
    for k in range(1 if n_classes == 2 else 0, n_classes):
        own = k - 1 if n_classes == 2 else k
        X[labels == k, own * informative : (own + 1) * informative] += 1
    write_parts(path, X, labels, n)


def spectra(path: Path) -> None:
    """Write 100 x 3,000 features of 20 hidden ones and noise: wide in shape only."""
    rng = np.random.default_rng(0)
    labels = np.arange(2_100) % 2
    hidden = rng.normal(size=(2_100, 20)) + 0.8 * labels[:, None]
    X = hidden @ rng.normal(size=(20, 3_000)) / np.sqrt(20) + 0.1 * rng.normal(size=(2_100, 3_000))
    write_parts(path, X.astype(np.float32), labels, 100)


def write_parts(path: Path, X: NDArray[Any], labels: NDArray[Any], n_train: int) -> None:
    """Write samples, of which the first are trained on."""
    parts = {"X_train": X[:n_train], "y_train": labels[:n_train]}
    np.savez(path, **parts, X_test=X[n_train:], y_test=labels[n_train:])


MADE: Mapping[str, Callable[[Path], None]] = {
    "embeddings": embeddings,
    "wide": wide,
    "wide60x2000": partial(wide, n=60, d=2_000, seed=1),
    "wide200x10000": partial(wide, n=200, d=10_000, n_classes=5, informative=60, seed=2),
    "wide100x1000": partial(wide, d=1_000, seed=3),
    "spectra": spectra,
}
