"""A small problem in memory."""

import numpy as np
import pytest
from small_search import write_data

SPACE = {
    "epochs": [1, 2, 4],
    "batch_size": [7, 32],
    "learning_rate": [0.05, 0.5],
    "alpha": [0, 0.01],
}


@pytest.fixture(scope="module")
def arrays(tmp_path_factory):
    """Features (150, 6) and labels of three classes, as names."""
    with np.load(write_data(tmp_path_factory.mktemp("data"))) as file:
        X, y = file["X"], file["y"]
    y[::10] = "bee"  # which is rare otherwise
    return X, y


@pytest.fixture
def options():
    """Of a search that takes a moment."""
    return {"space": SPACE, "dtype": "float64", "cv": "none", "progress": False}
