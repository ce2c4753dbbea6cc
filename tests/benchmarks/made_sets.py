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
    """Write 100 x 5,000 features of 2 classes that 50 features tell apart."""
    rng = np.random.default_rng(0)
    labels = np.arange(100) % 2
    X = rng.normal(size=(100, 5_000))
    X[:, :50] += labels[:, None]
    np.savez(path, X=X.astype(np.float32), y=labels)


MADE: Mapping[str, Callable[[Path], None]] = {"embeddings": embeddings, "wide": wide}
