"""Hyperparameters: those that many optimizers share, under one name, role and domain."""

from collections.abc import Iterable

from hpsoft.optimizers.categories import Declared
from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.softmax.summary import DataSummary

WEAKEST = 1e-4  # of the usual strengths of L2, for n alpha and standardised features
RATIO = 8.0  # of one strength to the next

EPOCHS = Hyperparameter(
    "epochs", Role.HORIZON, int, 1, 1_000_000, summary="passes over the training data"
)
BATCH_SIZE = Hyperparameter(
    "batch_size", Role.STRUCTURAL, int, 1, within_samples=True, larger_is_simpler=True,
    summary="samples a step",
)  # fmt: skip
LEARNING_RATE = Hyperparameter(
    "learning_rate", Role.COLUMNAR, float, 0, above_low=True, summary="length of a step"
)
AVERAGING = Hyperparameter(
    "averaging", Role.COLUMNAR, int, 0, 1, default=0,
    summary="1: the model is the mean over the passes, late ones counting most; 0: the last pass",
)  # fmt: skip
ALPHA = Hyperparameter(
    "alpha", Role.COLUMNAR, float, 0, larger_is_simpler=True,
    summary="strength of L2 on the weights",
)  # fmt: skip
CLASS_WEIGHT = Hyperparameter(
    "class_weight", Role.COLUMNAR, float, 0, 1, default=0, names=(("none", 0), ("balanced", 1)),
    summary="class k counts (n / (K n_k))^class_weight: 0 (none) all alike, 1 (balanced) equal sums",
)  # fmt: skip


def names_by_role(hyperparameters: Iterable[Declared], role: Role) -> tuple[str, ...]:
    """Return the names of the hyperparameters with that role, in their declared order."""
    return tuple(h.name for h in hyperparameters if h.role is role)


def l2_strengths(summary: DataSummary) -> tuple[float, ...]:
    """Return 8 values of alpha: strengths of L2 that so many samples can tell apart.

    What n samples say of the weights grows with n and with the square of the features, so alpha is
    measured in mean_square / n: from 1e-4, next to nothing, in steps of 8, to 210, which leaves
    next to nothing of the weights. n alpha is what scikit-learn calls 1 / C.
    """
    weakest = WEAKEST * (summary.mean_square or 1.0) / summary.n_samples
    return tuple(float(f"{weakest * RATIO**k:.2g}") for k in range(8))
