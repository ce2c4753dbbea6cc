"""Data sets that are made: embeddings of many samples and classes, and a table that is wide."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np


def embeddings(path: Path) -> None:
    """Write 20,000 x 512 features of 50 classes: overlapping directions in correlated noise."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 50, 20_000)
    centres = rng.normal(size=(50, 512))
    mixing = rng.normal(size=(512, 512)) / np.sqrt(512)
    noise = rng.normal(size=(20_000, 512)) @ mixing
    np.savez(path, X=(0.2 * centres[labels] + noise).astype(np.float32), y=labels)


def wide(path: Path) -> None:
    """Write 100 x 5,000 features of 2 classes that 50 features tell apart, and 2,000 to test on.

    A fifth of a hundred would test nothing: two good models differ by more than 20 samples tell.
    """
    rng = np.random.default_rng(0)
    labels = np.arange(2_100) % 2
    X = rng.normal(size=(2_100, 5_000)).astype(np.float32)
    X[:, :50] += labels[:, None]
    parts = {
        "X_train": X[:100],
        "y_train": labels[:100],
        "X_test": X[100:],
        "y_test": labels[100:],
    }
    np.savez(path, **parts)


MADE: Mapping[str, Callable[[Path], None]] = {"embeddings": embeddings, "wide": wide}
