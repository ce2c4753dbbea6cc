"""The L2 of an estimator in the units of other libraries, fitted or not."""

from typing import Any

from sklearn.utils.validation import check_is_fitted

from hpsoft.errors import SpaceValueError
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.softmax.l2 import ALPHA, l2_as


def strength(estimator: Any, unit: str, n_samples: float | None, n_classes: int | None) -> float:
    """Return alpha in a unit, for numbers of samples and classes; None: as it was fitted.

    Raises:
        SpaceError: an unknown unit, no alpha or one without an equivalent, or a number that is
            neither given nor known, or is none.
        NotFittedError: alpha is to be fitted to the data, and is not.
    """
    alpha, n, k = _known(estimator, n_samples, n_classes)
    for name, value, least in (("n_samples", n, 0), ("n_classes", k, 1)):
        if value is None:
            raise SpaceValueError(f"Say {name} as well: l2_as({unit!r}, {name}=...).")
        if not value > least:
            raise SpaceValueError(f"{name} takes numbers above {least}, not {value:g}.")
    decoupled = getattr(load_optimizer(estimator.optimizer), "decoupled", False)
    found = l2_as(unit, alpha, n, k, decoupled=decoupled)
    if found is None:
        raise SpaceValueError(
            f"No {unit} leads to the same model: {estimator.optimizer} takes alpha away from the "
            "weights by itself, decoupled from the cost. Its weight decay is "
            "'pytorch-decoupled-weight-decay'."
        )
    return found


def _known(
    estimator: Any, n_samples: float | None, n_classes: int | None
) -> tuple[float, Any, Any]:
    """Return alpha and the numbers, of the fit where they are not given; None: not known."""
    is_number = isinstance(estimator.alpha, int | float) and not isinstance(estimator.alpha, bool)
    if not hasattr(estimator, "model_") and is_number:
        return float(estimator.alpha), n_samples, n_classes
    check_is_fitted(estimator)
    if ALPHA not in estimator.params_:
        raise SpaceValueError(f"The optimizer {estimator.optimizer} has no L2, no alpha.")
    n = estimator.model_.metadata.get("n_train") if n_samples is None else n_samples
    k = len(estimator.classes_) if n_classes is None else n_classes
    return float(estimator.params_[ALPHA]), n, k
