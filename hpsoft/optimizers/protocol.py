"""What an optimizer is to hpsoft: hyperparameters with roles, a first state, a pass over the data.

There are two kinds. A `StepOptimizer` is handed the gradient of each mini-batch: most methods are
a few lines that way. An `EpochOptimizer` takes over whole passes and may do anything.

Both train many models at once. The models of a block share their structural hyperparameters and
stand side by side on the *last* axis of every array of the state, between passes:

    state["weights"]   (n_features, n_classes or n_classes - 1, n_models)
    state["bias"]      (n_classes or n_classes - 1, n_models)
    state["converged"] (n_models,) bool, where the optimizer knows when a model is at its optimum
    any other array    (..., n_models), or a scalar array that all models share

With n_classes - 1 rows the last class is implied: its weights and bias are minus the sum of the
others, as they always are for updates that keep the sum over the classes at zero. A model's
columns depend on its own hyperparameters only, so the engine may drop columns between passes.

This module knows no engine, no search space and no data set; a plugin imports it and NumPy.
"""

import math
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeAlias, TypeGuard, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from hpsoft.errors import SpaceError, unknown
from hpsoft.softmax.probabilities import Array
from hpsoft.softmax.summary import DataSummary

State = dict[str, Array]
Value = int | float
Space = Mapping[str, Sequence[Value]]

API_VERSION = 1


def _is_number(value: object) -> TypeGuard[Value]:
    """Tell whether it is a number; True and False are none."""
    numbers = int | float | np.integer | np.floating
    return isinstance(value, numbers) and not isinstance(value, bool)


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
    larger_is_simpler: bool = False  # of models that are as good, the one to prefer
    summary: str = ""
    default: float | None = None  # its value where a space does not name it; None: spaces have to
    names: tuple[tuple[str, float], ...] = ()  # words for some values, that may be typed instead

    def __post_init__(self) -> None:
        """Refuse a declaration that would fail later, far from whoever wrote it.

        Raises:
            SpaceError: a field of the wrong type; a role may be given by its name.
        """
        for text in (self.name, self.summary):
            if not isinstance(text, str):
                raise SpaceError(f"Hyperparameter {self.name!r}: {text!r} is no text.")
        try:
            object.__setattr__(self, "role", Role(self.role))
        except ValueError:
            raise SpaceError(
                f"Hyperparameter {self.name}: the role is {', '.join(Role)}, not {self.role!r}."
            ) from None
        if self.kind not in {int, float}:
            raise SpaceError(f"Hyperparameter {self.name}: the kind is int or float.")
        if not (_is_number(self.low) and _is_number(self.high) and self.low <= self.high):
            raise SpaceError(
                f"Hyperparameter {self.name}: low and high are ascending numbers, not "
                f"{self.low!r} and {self.high!r}."
            )
        object.__setattr__(self, "names", tuple((str(word), value) for word, value in self.names))
        for value in (value for _, value in self.names):
            self.check(value)
        if self.default is not None:
            object.__setattr__(self, "default", self.check(self.default))

    def check(self, value: object) -> Value:
        """Return `value`, a number or a word for one, as this hyperparameter's kind.

        Raises:
            SpaceError: it is no number, or lies outside the domain.
        """
        words = dict(self.names)
        if isinstance(value, str) and value in words:
            value = words[value]
        if not _is_number(value):
            if isinstance(value, str) and words:
                raise SpaceError(f"{unknown(f'value of {self.name}', value, words)} Or a number.")
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
class Problem:
    """The training part as an optimizer sees it.

    `order(e)` is the permutation of the samples in pass e (0, 1, ...), the same for every block.
    """

    X: Array  # (n_samples, n_features), any numeric dtype
    labels: NDArray[np.intp]  # (n_samples,)
    n_classes: int
    dtype: np.dtype[Any]  # float32 or float64: the precision of the state
    order: Callable[[int], NDArray[np.intp]]
    # What each sample counts, (n_samples,), not negative and 1 in the mean; None: 1 each. Only
    # optimizers get it that say `weighted = True`, or are handed gradients. See `weighting`.
    sample_weight: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Models:
    """Hyperparameters of the models of one block."""

    n_models: int
    columns: Mapping[str, NDArray[np.float64]]  # columnar name -> (n_models,)
    structure: Mapping[str, Value] = field(default_factory=dict)  # structural name -> value

    def __len__(self) -> int:
        """Return the number of models."""
        return self.n_models

    def select(self, chosen: NDArray[Any] | Sequence[int] | slice) -> "Models":
        """Return some of the models, by mask or index."""
        columns = {name: values[chosen] for name, values in self.columns.items()}
        return Models(len(np.arange(self.n_models)[chosen]), columns, self.structure)


class _Declared(Protocol):
    """What both kinds of optimizer say of themselves.

    An optimizer that honours `Problem.sample_weight` says so by an attribute `weighted = True`,
    which need not be there; one with class weights declares the hyperparameter CLASS_WEIGHT. The
    gradients that a StepOptimizer is handed are weighted by both already.
    """

    api_version: int  # of this protocol, as a number: 1
    hyperparameters: tuple[Hyperparameter, ...]

    @abstractmethod
    def default_space(self, summary: DataSummary) -> Space:
        """Return the values to search when the user names none."""

    @abstractmethod
    def init(self, problem: Problem, models: Models) -> State:
        """Return the state before the first pass."""


@runtime_checkable
class StepOptimizer(_Declared, Protocol):
    """An optimizer that turns the gradient of a mini-batch into a step. Subclass it.

    The engine forms the mini-batches (structural `batch_size`; without one, a pass is one step)
    and the gradient of each model's mean cross-entropy, adds alpha * weights for a columnar
    `alpha`, and finds out who diverged. Here weights and bias are one array:

        state["parameters"]  (n_features + 1, n_classes, n_models), the bias in the last row

    `init` returns it with whatever else is remembered, see `zeros`; all arrays must stay finite.
    """

    # True: entries of `parameters` do not see each other. The engine then steps a few rows at a
    # time, while they are in the cache: twice as fast. Every array of the state must have the
    # shape of `parameters`, and `step` gets matrices: rows of all of them, one column for each
    # (class, model), and values (n_columns,). Code that broadcasts along the last axis fits both.
    elementwise: bool = False
    # True: `step` regularises by `alpha` itself, as AdamW does. The bias has none: elementwise
    # steps get it by itself with alpha = 0, others must leave out the last row.
    decoupled: bool = False
    # The array of the state that is the model: another one where an average is the answer.
    answer: str = "parameters"

    def values(self, models: Models, count: int) -> Mapping[str, Array | Value]:  # noqa: ARG002
        """Return what `step` needs of the hyperparameters in step `count` = 1, 2, ...

        Arrays are (n_models,) in float64; `step` gets them in the dtype of the state. By default
        these are the hyperparameters themselves.
        """
        return {**models.structure, **models.columns}

    @abstractmethod
    def step(self, state: State, gradient: Array, values: Mapping[str, Any]) -> None:
        """Change the arrays of the state in place, by gradient (shape of `parameters`).

        The gradient may be overwritten. What overflows may become inf or NaN: warnings are off.
        """


@runtime_checkable
class EpochOptimizer(_Declared, Protocol):
    """An optimizer that takes over whole passes over the data, gradient and all."""

    @abstractmethod
    def epoch(self, problem: Problem, models: Models, state: State, index: int) -> State:
        """Return the state after pass `index`; the given state's arrays may be reused.

        A model whose numbers leave the range of the dtype gets NaN in all its columns; that is
        how the engine learns that it diverged. Its neighbours must not notice.
        """


Optimizer: TypeAlias = EpochOptimizer | StepOptimizer


def zeros(problem: Problem, models: Models, *names: str) -> State:
    """Return zero `parameters`, and zero arrays of their shape by these names."""
    shape = (problem.X.shape[1] + 1, problem.n_classes, len(models))
    return {name: np.zeros(shape, problem.dtype) for name in ("parameters", *names)}
