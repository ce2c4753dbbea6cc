"""Hyperparameters of the data, whose values are words: what a block of models sees.

An optimizer declares numbers; these two stand beside them wherever trials are planned, kept and
shown. Both are structural: a block of their own for each value.

    feature_set  a name of some columns of X
    scale        how these are scaled, see hpsoft.data.scale
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from hpsoft.errors import SpaceError, unknown
from hpsoft.optimizers.protocol import Hyperparameter, Role, Value

FEATURE_SET, SCALE = "feature_set", "scale"
NAMES = (FEATURE_SET, SCALE)
SUMMARIES = {
    FEATURE_SET: "the columns that a model sees, by the name of --feature-set",
    SCALE: "how the features are scaled, fitted on what is trained on",
}

Choice: TypeAlias = Value | str


@dataclass(frozen=True)
class Category:
    """A structural hyperparameter with words for values; none is larger or simpler."""

    name: str
    words: tuple[str, ...]

    role: ClassVar[Role] = Role.STRUCTURAL
    default: ClassVar[None] = None
    within_samples: ClassVar[bool] = False
    larger_is_simpler: ClassVar[bool] = False

    @property
    def summary(self) -> str:
        """What it is, in words."""
        return SUMMARIES[self.name]

    def check(self, value: object) -> str:
        """Return `value`, one of the words.

        Raises:
            SpaceError: it is none.
        """
        if not isinstance(value, str):
            raise SpaceError(f"{self.name} takes {', '.join(self.words)}, not {value!r}.")
        if value not in self.words:
            raise SpaceError(unknown(f"value of {self.name}", value, self.words))
        return value


Declared: TypeAlias = Hyperparameter | Category
Key: TypeAlias = tuple[tuple[str, str], ...]


def view_of(params: Mapping[str, Choice]) -> Key:
    """Return what decides which data a trial or a block sees: names and words, hashable.

    A number of one of these names is an optimizer's own.
    """
    found = ((name, params.get(name)) for name in NAMES)
    return tuple((name, word) for name, word in found if isinstance(word, str))


def categories(space: Mapping[str, Iterable[Choice] | object]) -> tuple[Category, ...]:
    """Return the categories of a space: of its names those whose values are words."""
    found = []
    for name in NAMES:
        values = space.get(name, ())
        words = tuple(values) if isinstance(values, tuple) else ()
        if words and all(isinstance(word, str) for word in words):
            found.append(Category(name, tuple(str(word) for word in words)))
    return tuple(found)


def declared(
    hyperparameters: Iterable[Hyperparameter], space: Mapping[str, object]
) -> tuple[Declared, ...]:
    """Return the hyperparameters of a space: those of the data first, then the optimizer's."""
    return (*categories(space), *hyperparameters)


def numbers(params: Mapping[str, Choice]) -> dict[str, Value]:
    """Return the hyperparameters of an optimizer: all that are numbers."""
    return {name: value for name, value in params.items() if not isinstance(value, str)}
