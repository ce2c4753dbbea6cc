"""The slow reference that the fused kernel must equal: one model, all classes, one step at a time.

Nothing is shared with the plugin or the engine but the mathematics of `hpsoft.softmax`.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np

from hpsoft.softmax import cross_entropy, linear_logits, one_hot, softmax


def factors(labels, n_classes: int, class_weight: float = 0.0, sample_weight=None) -> np.ndarray:
    """Return what each sample counts, sample by sample: 1 in the mean."""
    weights = np.ones(len(labels)) if sample_weight is None else np.array(sample_weight, float)
    of_class = [weights[labels == k].sum() for k in range(n_classes)]
    total = sum(of_class)
    found = [
        weight * (total / (n_classes * of_class[label])) ** class_weight if weight else 0.0
        for weight, label in zip(weights, labels, strict=True)
    ]
    return np.array(found) * (len(labels) / sum(found))


def sgd_passes(
    X,
    labels,
    n_classes: int,
    *,
    order: Callable[[int], np.ndarray],
    epochs: int,
    batch_size: int,
    learning_rate: float,
    alpha: float,
    averaging: int = 0,
    class_weight: float = 0.0,
    sample_weight=None,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield weights (n_features, n_classes) and bias (n_classes,) after each pass.

    With averaging, their mean over the passes k = 1 .. t so far, with weights k (k + 1) ... (k +
    7).
    """
    passed = []
    X = np.asarray(X, np.float64)
    factor = factors(labels, n_classes, class_weight, sample_weight)
    weights, bias = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for epoch in range(epochs):
        samples = order(epoch)
        for first in range(0, len(samples), batch_size):
            rows = samples[first : first + batch_size]
            probabilities = softmax(linear_logits(X[rows], weights, bias))
            error = factor[rows, None] * (probabilities - one_hot(labels[rows], n_classes))
            step = X[rows].T @ error / len(rows) + alpha * weights
            weights = weights - learning_rate * step
            bias = bias - learning_rate * error.sum(axis=0) / len(rows)
        passed.append((weights, bias))
        yield _mean(passed) if averaging else (weights, bias)


def _mean(passed):
    counts = np.array([math.prod(range(k, k + 8)) for k in range(1, len(passed) + 1)], float)
    shares = counts / counts.sum()
    return tuple(np.tensordot(shares, np.array(arrays), 1) for arrays in zip(*passed, strict=True))


def sgd(X, labels, n_classes: int, **options) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and bias after the last pass."""
    *_, last = sgd_passes(X, labels, n_classes, **options)
    return last


def validation_costs(X, labels, X_validation, labels_validation, n_classes: int, **options):
    """Return the cross-entropy on the validation samples after pass 1, 2, ..."""
    X_validation = np.asarray(X_validation, np.float64)
    return [
        float(cross_entropy(linear_logits(X_validation, *model), labels_validation))
        for model in sgd_passes(X, labels, n_classes, **options)
    ]
