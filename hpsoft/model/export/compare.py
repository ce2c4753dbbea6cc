"""Random rows, and whether two ways to their logits agree."""

import numpy as np

from hpsoft.data.scale import ROWS
from hpsoft.errors import HpsoftError
from hpsoft.model.files import TrainedModel
from hpsoft.softmax.probabilities import Array

TOLERANCE = 1e-5  # of a row's largest logit
N_ROWS = 256
SEED = 0


class DisagreementError(HpsoftError):
    """An export does not compute what the model does."""


def random_rows(model: TrainedModel, n: int = N_ROWS) -> Array:
    """Return X (n, n_features) that is spread as the model's training data were, in float64."""
    rng = np.random.default_rng(SEED)
    X = rng.normal(size=(n, model.n_features))
    if model.scale == ROWS:
        return X
    columns = slice(None) if model.columns is None else model.columns.index
    X[:, columns] = X[:, columns] * model.divisor + model.shift
    return X


def gap(found: Array, ours: Array) -> float:
    """Return how far logits (n, n_classes) are from ours, relative to the largest of each row.

    Rows whose largest logit is below the mean of these count by the mean. NaN where one is NaN.
    """
    if found.shape != ours.shape:
        return float("inf")
    largest = np.abs(ours).max(axis=1)
    size = np.maximum(largest, largest.mean())
    off = np.abs(found - ours).max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.where(off == 0, 0.0, off / size).max())


def check_agreement(found: Array, ours: Array, what: str) -> None:
    """Check that logits (n, n_classes) are ours.

    Raises:
        DisagreementError: they are not.
    """
    if not (off := gap(found, ours)) <= TOLERANCE:
        raise DisagreementError(
            f"The logits of the {what} differ from the model's by {off:.2g} of the largest on "
            f"{len(ours)} random rows, more than {TOLERANCE:g}: nothing is written. Are the numbers "
            "of the model's file sound? Other formats: torch, onnx, sklearn, npz, safetensors."
        )
