"""Ranges of a hyperparameter, for samplers that can draw between listed values.

learning_rate = { log = [1e-9, 1e-5] }         in a space file: uniform in the logarithm
momentum = { uniform = [0, 0.99] }
epochs = { uniform = [5, 40], step = 5 }
--set learning_rate=log:1e-9:1e-5              the same on the command line
--set epochs=uniform:5:40:5
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from hpsoft.errors import SpaceError
from hpsoft.optimizers.categories import Choice
from hpsoft.optimizers.protocol import Hyperparameter, Value

LOG, UNIFORM = "log", "uniform"
RUNGS = 8  # values of a range of horizons at which a pruner decides


@dataclass(frozen=True)
class Range:
    """All numbers low <= value <= high of a kind, or every `step` of them."""

    low: Value
    high: Value
    log: bool = False
    step: Value | None = None

    @property
    def setting(self) -> str:
        """The range as `--set` takes it."""
        parts = [LOG if self.log else UNIFORM, repr(self.low), repr(self.high)]
        return ":".join(parts if self.step is None else [*parts, repr(self.step)])


Candidates: TypeAlias = tuple[Choice, ...] | Range  # numbers, or words


def read_range(parameter: Hyperparameter, raw: Mapping[str, object]) -> Range:
    """Return the range of a table such as `{log = [1e-9, 1e-5]}`.

    Raises:
        SpaceError: it is no range, or leaves the hyperparameter's domain.
    """
    name = parameter.name
    kinds = [kind for kind in (LOG, UNIFORM) if kind in raw]
    bounds = raw[kinds[0]] if len(kinds) == 1 else None
    if (
        set(raw) - {LOG, UNIFORM, "step"}
        or not isinstance(bounds, Sequence)
        or isinstance(bounds, str)
        or len(bounds) != 2
    ):
        raise SpaceError(
            f"{name} takes a list of values, or a range: {{log = [low, high]}} or "
            "{uniform = [low, high], step = s}."
        )
    low, high = (parameter.check(bound) for bound in bounds)
    step = raw.get("step")
    checked = None if step is None else _step(parameter, step)
    if not low < high:
        raise SpaceError(f"{name}: the range {low:g} to {high:g} is empty.")
    if kinds == [LOG] and (low <= 0 or step is not None):
        raise SpaceError(f"{name}: a log range begins above 0 and has no step.")
    if checked is not None and checked > high - low:
        raise SpaceError(f"{name}: no step of {checked:g} fits between {low:g} and {high:g}.")
    last = high if checked is None else _last(parameter, low, high, checked)
    return Range(low, last, log=kinds == [LOG], step=checked)


def _last(parameter: Hyperparameter, low: Value, high: Value, step: Value) -> Value:
    """Return the last value that steps from `low` reach; in decimals, as they were written."""
    start, end, width = (Decimal(repr(number)) for number in (low, high, step))
    return parameter.kind(start + (end - start) // width * width)


def _step(parameter: Hyperparameter, step: object) -> Value:
    whole = parameter.kind is int
    if isinstance(step, bool) or not isinstance(step, int if whole else int | float) or step <= 0:
        what = "whole number" if whole else "number"
        raise SpaceError(f"{parameter.name}: the step of a range is a {what} above 0.")
    return parameter.kind(step)


def to_plain(candidates: Candidates) -> Any:
    """Return candidates in JSON's types."""
    return asdict(candidates) if isinstance(candidates, Range) else list(candidates)


def from_plain(plain: Any) -> Candidates:
    """Return the candidates that `to_plain` wrote.

    Raises:
        TypeError: it wrote no such thing.
    """
    if isinstance(plain, str):
        raise TypeError(f"candidates are {plain!r}")
    found: Candidates = Range(**plain) if isinstance(plain, Mapping) else tuple(plain)
    if isinstance(found, Range):
        values: tuple[Any, ...] = (found.low, found.high)
        values += () if found.step is None else (found.step,)
    else:
        values = found
    kinds = {type(value) for value in values}
    words = kinds == {str} and not isinstance(found, Range)
    if not kinds or not (words or kinds <= {int, float}):
        raise TypeError(f"candidates are {plain!r}")
    return found


def numbers_of(candidates: Candidates) -> tuple[Value, ...]:
    """Return the listed numbers, or the ends of a range."""
    values = (candidates.low, candidates.high) if isinstance(candidates, Range) else candidates
    return tuple(value for value in values if not isinstance(value, str))


def largest(candidates: Candidates) -> Value:
    """Return the largest candidate."""
    return max(numbers_of(candidates))


def mean(candidates: Candidates) -> float:
    """Return the mean of listed values, the middle of a range."""
    values = numbers_of(candidates)
    return sum(values) / len(values)


def rungs(candidates: Candidates) -> tuple[int, ...]:
    """Return the horizon values at which a pruner decides: all listed ones, some of a range."""
    if not isinstance(candidates, Range):
        return tuple(int(value) for value in candidates)
    low, high, step = int(candidates.low), int(candidates.high), int(candidates.step or 1)
    n = (high - low) // step
    return tuple(sorted({low + n * i // RUNGS * step for i in range(1, RUNGS)} | {high}))


def is_grown(there: Mapping[str, Candidates], here: Mapping[str, Candidates]) -> bool:
    """Tell whether a grid has all values of another one, and more."""
    listed = not any(isinstance(c, Range) for c in (*there.values(), *here.values()))
    return (
        listed
        and there.keys() == here.keys()
        and dict(there) != dict(here)
        and all(set(there[name]) <= set(here[name]) for name in there)  # type: ignore[arg-type]
    )
