"""A fit: arrays and parameters that were asked for -> a trained model, and what it was made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.api.estimator.inputs import Weight, by_class, sample_weights
from hpsoft.api.estimator.parameters import point
from hpsoft.data import Samples
from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.number import Number
from hpsoft.data.memory.kinds import kind_of
from hpsoft.data.side.roles import WEIGHT
from hpsoft.data.summaries import max_squared_norm, summary
from hpsoft.engine.setup import TrainingSetup
from hpsoft.errors import DataValueError, SpaceValueError, unknown
from hpsoft.model.files import TrainedModel, about_features
from hpsoft.optimizers.hyperparameters import CLASS_WEIGHT, names_by_role
from hpsoft.optimizers.protocol import Role, Value
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.config import DTYPES
from hpsoft.tuning.setting.single import single_setup, train_single


@dataclass(frozen=True)
class Asked:
    """The parameters of an estimator; nothing is checked yet."""

    optimizer: str
    hyperparameters: Mapping[str, Any]  # values, or "auto"
    scale: str
    class_weight: float | str | Mapping[Any, float] | None
    dtype: Any
    seed: int
    features: tuple[str, ...] | None = None  # names of the columns of X; None: they have none


@dataclass(frozen=True, eq=False)
class Fitted:
    """A trained model, and what it was made of."""

    model: TrainedModel
    params: Mapping[str, Value]  # of every hyperparameter without a default, or given
    n_passes: int
    converged: bool | None  # None: the optimizer does not say


def fit(
    asked: Asked,
    X: NDArray[Any],
    labels: NDArray[np.intp],
    classes: NDArray[Any],
    sample_weight: Any,
) -> Fitted:
    """Train from zero, with labels as indices into the classes.

    Raises:
        HpsoftError: parameters or weights that make no sense, or a model that diverges.
    """
    optimizer = load_optimizer(asked.optimizer)
    weight = _weights(asked.class_weight, labels, classes, sample_weight)
    setup, scaler = single_setup(
        optimizer,
        _samples(X, labels, weight),
        n_classes=len(classes),
        scale=asked.scale,
        dtype=_precision(asked.dtype, X),
        seed=asked.seed,
        by_weight=True,
    )
    _check_range(setup, asked.scale)
    total = float(len(labels) if weight is None else weight.sum())
    params = _point(asked, setup, total)
    single = to_the_end(train_single(setup, params))
    if not single.sound:
        raise SpaceValueError(
            f"The model diverges with {_text(params)}. A smaller learning_rate, or "
            'learning_rate="auto", converges.'
        )
    metadata = {
        "classes": [str(name) for name in classes.tolist()],
        "label_kind": kind_of(classes),
        **_about_class_weight(asked.class_weight, classes),
        **_about_features(asked.features),
        "scale": scaler.kind,
        "params": dict(params),
        "data": "arrays",
        "n_train": total,
        "optimizer": asked.optimizer,
        "seed": asked.seed,
    }
    (horizon,) = names_by_role(optimizer.hyperparameters, Role.HORIZON)
    return Fitted(
        TrainedModel(single.weights, single.bias, **scaler.arrays(), metadata=metadata),
        params,
        int(params[horizon]),
        single.converged,
    )


def _about_class_weight(
    class_weight: float | str | Mapping[Any, float] | None, classes: NDArray[Any]
) -> dict[str, Any]:
    """Return weights by the names of classes; what is a hyperparameter is among these."""
    if not isinstance(class_weight, Mapping):
        return {}
    return {
        "class_weight": {
            str(value): float(class_weight[value])
            for value in classes.tolist()
            if value in class_weight
        }
    }


def _about_features(names: tuple[str, ...] | None) -> dict[str, Any]:
    """Return the names of numbers that stay as they are; no other columns were beside them."""
    if names is None:
        return about_features(None)
    return {**about_features(Encoding(tuple(map(Number, names)))), "beside": []}


def _weights(
    class_weight: float | str | Mapping[Any, float] | None,
    labels: NDArray[np.intp],
    classes: NDArray[Any],
    sample_weight: Any,
) -> Weight | None:
    """Return what each sample counts, by itself and by the weights that its class is given."""
    weight = sample_weights(sample_weight, len(labels))
    if isinstance(class_weight, Mapping):
        factors = by_class(class_weight, classes, labels)
        weight = factors if weight is None else weight * factors
    if weight is not None and np.count_nonzero(np.bincount(labels, weight)) < 2:
        raise DataValueError(
            "Samples of two classes or more need weights above 0: all the others weigh nothing, "
            "and would not be learnt from."
        )
    return weight


def _samples(X: NDArray[Any], labels: NDArray[np.intp], weight: Weight | None) -> Samples:
    return Samples(X, labels, {} if weight is None else {WEIGHT: weight})


def _precision(dtype: Any, X: NDArray[Any]) -> str:
    if isinstance(dtype, str) and dtype == "auto":
        return "float32" if X.dtype == np.float32 else "float64"
    try:
        name = np.dtype(dtype).name
    except TypeError:
        name = str(dtype)
    if dtype is None or name not in DTYPES:
        raise SpaceValueError(unknown("dtype", str(dtype), ("auto", *DTYPES)))
    return name


def _check_range(setup: TrainingSetup, scale: str) -> None:
    """Refuse features whose squares leave the range of the dtype, before the model diverges."""
    (fold,) = setup.folds
    found = max_squared_norm(fold.X)
    if not found < float(np.finfo(setup.dtype).max) / 1e6:
        raise DataValueError(
            f"The features are too large for {setup.dtype}: the squared norm of a sample is "
            f'{found:.3g} with scale="{scale}". Use scale="standard" or "unit".'
        )


def _point(asked: Asked, setup: TrainingSetup, total: float) -> dict[str, Value]:
    """Return the hyperparameters; what is "auto" fits the data as they are scaled and weighted."""
    given, power = dict(asked.hyperparameters), asked.class_weight
    if power is not None and not isinstance(power, Mapping):
        given[CLASS_WEIGHT.name] = power
    (fold,) = setup.folds
    powers = (CLASS_WEIGHT.check(given.get(CLASS_WEIGHT.name, 0)),)
    samples = _samples(fold.X, fold.labels, fold.weight)
    return point(setup.optimizer, given, summary(samples, "", setup.n_classes, powers), total)


def _text(params: Mapping[str, Value]) -> str:
    return ", ".join(f"{name}={value:g}" for name, value in params.items())
