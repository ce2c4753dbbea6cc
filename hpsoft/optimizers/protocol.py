"""What an optimizer is to hpsoft: hyperparameters with roles, a first state, and a pass over the data.

An optimizer trains many models at once. The models of a block share their structural
hyperparameters and stand side by side on the *last* axis of every array of the state:

    state["weights"]   (n_features, n_classes or n_classes - 1, n_models)
    state["bias"]      (n_classes or n_classes - 1, n_models)
    any other array    (..., n_models), or a scalar array that all models share

With n_classes - 1 rows the last class is implied: its weights and bias are minus the sum of the
others, as they always are for updates that keep the sum over the classes at zero. A model's
columns depend on its own hyperparameters only, so the engine may drop columns between passes.

This module knows no engine, no search space and no data set; a plugin imports it and NumPy.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from hpsoft.errors import SpaceError

Array = NDArray[Any]
State = dict[str, Array]
Value = int | float
Space = Mapping[str, Sequence[Value]]

API_VERSION = 1


class Role(StrEnum):
    """What a hyperparameter does to the work."""

    HORIZON = "horizon"  # a later value continues an earlier one
    COLUMNAR = "columnar"  # one value a model, broadcast over the columns of a block
    STRUCTURAL = "structural"  # changes the order or shape of the work: a block of its own


@dataclass(frozen=True)
class Hyperparameter:
    """A named number with its role and domain: low <= value <= high."""

    name: str
    role: Role
    kind: type[int] | type[float]
    low: float
    high: float = math.inf
    above_low: bool = False  # True: the domain is open below, low < value
    within_samples: bool = False  # True: at most the number of samples that are trained on
    summary: str = ""

    def check(self, value: object) -> Value:
        """Return `value` as this hyperparameter's kind.

        Raises:
            SpaceError: it is no number, or lies outside the domain.
        """
        if isinstance(value, bool) or not isinstance(
            value, int | float | np.integer | np.floating
        ):
            raise SpaceError(f"{self.name} takes numbers, not {value!r}.")
        if not math.isfinite(value) or (self.kind is int and value != int(value)):
            what = "whole" if self.kind is int else "finite"
            raise SpaceError(f"{self.name} takes {what} numbers, not {value!r}.")
        if not self.low <= value <= self.high or (self.above_low and value == self.low):
            raise SpaceError(f"{self.name} = {value!r} is outside its domain {self.domain}.")
        return self.kind(value)

    @property
    def domain(self) -> str:
        """The domain as text: `> 0`, `>= 1`, `0 .. 1` or `> 0, <= 1`."""
        low = f"{'>' if self.above_low else '>='} {self.low:g}"
        if math.isinf(self.high):
            return low
        return f"{low}, <= {self.high:g}" if self.above_low else f"{self.low:g} .. {self.high:g}"


@dataclass(frozen=True)
class DataSummary:
    """The few numbers of a data set that a default space may depend on."""

    name: str
    n_samples: int  # of the part trained on
    n_features: int
    n_classes: int
    curvature: float  # largest eigenvalue of X.T X / (2 n), bound of the cross-entropy's Hessian
    max_squared_norm: float  # largest ||x||^2 of a sample: bounds the curvature of one sample


@dataclass(frozen=True)
class Problem:
    """The training part as an optimizer sees it.

    `order(e)` is the permutation of the samples in pass e (0, 1, ...), the same for every block.
    """

    X: Array  # (n_samples, n_features), any numeric dtype
    labels: NDArray[np.intp]  # (n_samples,)
    n_classes: int
    dtype: np.dtype[Any]  # float32 or float64: the precision of the state
    order: Callable[[int], NDArray[np.intp]]


@dataclass(frozen=True)
class Models:
    """Hyperparameters of the models of one block."""

    n_models: int
    columns: Mapping[str, NDArray[np.float64]]  # columnar name -> (n_models,)
    structure: Mapping[str, Value] = field(default_factory=dict)  # structural name -> value

    def __len__(self) -> int:
        """Return the number of models."""
        return self.n_models


@runtime_checkable
class Optimizer(Protocol):
    """An optimizer that takes over whole passes over the data."""

    api_version: int
    hyperparameters: tuple[Hyperparameter, ...]

    def default_space(self, summary: DataSummary) -> Space:
        """Return the values to search when the user names none."""
        ...

    def init(self, problem: Problem, models: Models) -> State:
        """Return the state before the first pass."""
        ...

    def epoch(self, problem: Problem, models: Models, state: State, index: int) -> State:
        """Return the state after pass `index`; the given state's arrays may be reused.

        A model whose numbers leave the range of the dtype gets NaN in all its columns; that is
        how the engine learns that it diverged. Its neighbours must not notice.
        """
        ...
