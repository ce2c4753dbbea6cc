"""Text: one feature a level, one for all rare levels; levels never seen are zeros.

As scikit-learn's OneHotEncoder(handle_unknown="ignore", min_frequency=...), where a missing text
is a level of its own.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.encoding.table import Coded

NOTHING = ""  # the level of missing texts; no other level is empty
MOST_LEVELS = 100  # with a feature of their own: the most frequent ones
RARE_SHARE, RARE_COUNT = 100, 10  # a level is rare below 1 % of the rows, if that is below 10 rows
SHOWN = 4


@dataclass(frozen=True)
class Category:
    """A column of texts, fitted: a feature for each level, and one for the rare ones if any."""

    TYPE: ClassVar = "category"
    is_text: ClassVar = True

    name: str
    levels: tuple[str, ...]  # in the order of their features; NOTHING: missing
    rare: tuple[str, ...] = field(default=(), repr=False)  # that share the last feature

    @property
    def features(self) -> tuple[str, ...]:
        """Names of its features."""
        names = tuple(f"{self.name}={level or '(missing)'}" for level in self.levels)
        return (*names, f"{self.name}=(rare)") if self.rare else names

    @property
    def taken_for(self) -> str:
        """What it is taken for."""
        return "text"

    @property
    def becomes(self) -> str:
        """What is done to it, in words."""
        n, levels = len(self.features), [level or "(missing)" for level in self.levels]
        shown = levels if len(levels) <= SHOWN else [*levels[: SHOWN - 1], "..."]
        if self.rare:
            n_rare = len(self.rare)
            shown.append(f"{n_rare:,} rare ones together" if n_rare > 1 else "1 rare one")
        return f"{n} feature{'s' if n != 1 else ''} of 0 and 1: {', '.join(shown)}"

    @cached_property
    def _places(self) -> dict[str, int]:
        places = {level: k for k, level in enumerate(self.levels)}
        return places | dict.fromkeys(self.rare, len(self.levels))

    def places(self, column: Coded) -> NDArray[np.int64]:
        """Return the feature (n,) that is 1 in each row, -1 where the text was never seen."""
        lookup = np.array([self._places.get(t, -1) for t in (*column.levels, NOTHING)], np.int64)
        return lookup[column.codes]  # the code of a missing text is -1: the last one

    def apply(self, column: Coded) -> NDArray[np.uint8]:
        """Return zeros and ones (n, n_features): a row of zeros for a text never seen."""
        places = self.places(column)
        out = np.zeros((len(column), len(self.features)), np.uint8)
        known = np.flatnonzero(places >= 0)
        out[known, places[known]] = 1
        return out


def fewest(n_rows: int) -> int:
    """Return how many of the rows a level must have to be no rare one: 2 to 10."""
    return min(max(-(-n_rows // RARE_SHARE), 2), RARE_COUNT)


def fit_category(name: str, column: Coded, most_levels: int = MOST_LEVELS) -> Category:
    """Fit to the training rows: levels by name, a missing text last; rare ones, and those beyond
    the most frequent `most_levels`, gathered.
    """
    counts = column.counts()
    texts = (*column.levels, NOTHING)
    found = sorted(
        (k for k in range(len(texts)) if counts[k]), key=lambda k: (texts[k] == NOTHING, texts[k])
    )
    frequent = [k for k in found if counts[k] >= fewest(len(column))]
    if len(frequent) > most_levels:
        frequent = sorted(frequent, key=lambda k: -counts[k])[:most_levels]
    kept = set(frequent)
    return Category(
        name,
        tuple(texts[k] for k in found if k in kept),
        tuple(texts[k] for k in found if k not in kept),
    )
