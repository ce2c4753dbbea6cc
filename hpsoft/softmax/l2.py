"""The strength of L2 in the units of other libraries: pure conversions.

    ours           1/n sum_i loss_i + alpha/2 |W|^2           W (n_features, n_classes), no bias
    sklearn        C sum_i loss_i   + 1/2 |W|^2               LogisticRegression
    glmnet         1/n sum_i loss_i + lambda/2 |W|^2          its alpha = 0, standardize = FALSE
    PyTorch        gradient of the mean loss + weight_decay W

With two classes LogisticRegression and glmnet's binomial family have one vector w = W_1 - W_0,
where softmax regression has two, which are w/2 and -w/2 at the optimum: |W|^2 = |w|^2 / 2, so
their penalty on w is to be half of ours.

Weights of samples count in the ratios that they have, so n is the sum of weights that others are
given; those of `class_weight="balanced"` sum to n. alpha acts on the weights of the features as
they are scaled for the training: other libraries are to be given the scaled features.
"""

import math
from dataclasses import dataclass

from hpsoft.errors import SpaceError, unknown

ALPHA, SKLEARN, COUPLED = "alpha", "sklearn-C", "pytorch-weight-decay"
DECOUPLED, GLMNET = "pytorch-decoupled-weight-decay", "glmnet-lambda"
UNITS = (ALPHA, SKLEARN, COUPLED, DECOUPLED, GLMNET)


@dataclass(frozen=True)
class Strength:
    """A strength of L2 in one unit."""

    unit: str  # one of UNITS
    value: float | None  # None: there is no equivalent
    note: str  # what takes it, and under which condition it is the same


def to_sklearn(alpha: float, n_samples: float, n_classes: int) -> float:
    """Return C = 1 / (alpha n), of two classes 2 / (alpha n); infinity for alpha = 0.

    >>> to_sklearn(0.01, 1000, 3)
    0.1
    """
    return _vectors(n_classes) / (alpha * n_samples) if alpha > 0 else math.inf


def from_sklearn(C: float, n_samples: float, n_classes: int) -> float:
    """Return alpha = 1 / (C n), of two classes 2 / (C n); 0 for C = infinity.

    Raises:
        SpaceError: C is not above 0.
    """
    if not C > 0:
        raise SpaceError(f"C takes numbers above 0, not {C!r}: alpha is 1 / (C n).")
    return _vectors(n_classes) / (C * n_samples)


def _vectors(n_classes: int) -> float:
    """Return the weight vectors whose penalty others put on one: 2 of two classes, 1 of more."""
    return 2.0 if n_classes == 2 else 1.0


def l2_as(
    unit: str, alpha: float, n_samples: float, n_classes: int, *, decoupled: bool = False
) -> float | None:
    """Return a strength in one of UNITS; None where there is no equivalent.

    Raises:
        SpaceError: no such unit.
    """
    found = {one.unit: one for one in l2_table(alpha, n_samples, n_classes, decoupled=decoupled)}
    if unit not in found:
        raise SpaceError(unknown("unit of L2", unit, UNITS))
    return found[unit].value


def l2_table(
    alpha: float, n_samples: float, n_classes: int, *, decoupled: bool = False
) -> tuple[Strength, ...]:
    """Return a strength in every unit.

    Args:
        alpha: what `hpsoft` trained with.
        n_samples: that the other library trains on, or the sum of their weights.
        n_classes: two are a case of their own, see above.
        decoupled: the optimizer takes learning_rate alpha W away by itself, as AdamW does: its
            models are no optima of a cost with L2, and only decoupled weight decay is the same.
    """
    binary = n_classes == 2
    linear = "nn.Linear(n_features, 2)" if binary else "nn.Linear"
    family = 'family = "binomial"' if binary else 'family = "multinomial"'
    coupled = None if decoupled else alpha
    return (
        Strength(ALPHA, alpha, "hpsoft: mean loss + alpha/2 |W|^2"),
        Strength(
            SKLEARN,
            None if decoupled else to_sklearn(alpha, n_samples, n_classes),
            f"LogisticRegression(C=...): {2 if binary else 1} / (alpha n), n = {n_samples:,.15g}",
        ),
        Strength(COUPLED, coupled, f"SGD(weight_decay=...) on {linear}'s weight, mean loss"),
        Strength(DECOUPLED, alpha, _ADAMW if decoupled else _NOT_ADAMW),
        Strength(
            GLMNET,
            None if coupled is None else coupled / _vectors(n_classes),
            f"glmnet(alpha = 0, standardize = FALSE, {family})",
        ),
    )


_ADAMW = "AdamW(weight_decay=...): a step takes learning_rate alpha W away"
_NOT_ADAMW = "SGD alone, where both decays are the same; AdamW's optimum is another one"


def l2_document(table: tuple[Strength, ...]) -> dict[str, float | None]:
    """Return a table as JSON has it: unit -> value; None: no equivalent."""
    return {one.unit: one.value for one in table}
