"""What the user says of missing values and of columns that are not numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from hpsoft.errors import DataError, unknown

ERROR, MEDIAN, MEAN, DROP_ROWS = "error", "median", "mean", "drop-rows"
ONE_HOT, DROP = "one-hot", "drop"
MISSING = (ERROR, MEDIAN, MEAN, DROP_ROWS)
CATEGORIES = (ERROR, ONE_HOT, DROP)
BEFORE, NOW = 1, 2  # rules of tables: BEFORE kept constant columns, and no `id` of text


@dataclass(frozen=True)
class Policy:
    """How columns become features; the defaults are those of the command line."""

    missing: str = ERROR  # one of MISSING
    categories: str = ONE_HOT  # one of CATEGORIES
    # Studies of older releases have no such key: their data are read as they were then.
    rules: int = field(default=NOW, compare=False)

    def check(self) -> None:
        """Check the values.

        Raises:
            DataError: there is no such one.
        """
        if self.missing not in MISSING:
            raise DataError(unknown("--missing", self.missing, MISSING))
        if self.categories not in CATEGORIES:
            raise DataError(unknown("--categories", self.categories, CATEGORIES))

    @property
    def fills(self) -> bool:
        """Whether missing values are filled in."""
        return self.missing in {MEDIAN, MEAN}

    def to_attribute(self) -> dict[str, Any]:
        """Return what a study keeps of it: only what is not the default, in JSON's types."""
        found = self.options()
        return found if self.rules == BEFORE else {**found, "rules": self.rules}

    def options(self) -> dict[str, Any]:
        """Return the options of the command line that are not the default, by name."""
        given = {"missing": (self.missing, ERROR), "categories": (self.categories, ONE_HOT)}
        return {name: mine for name, (mine, usual) in given.items() if mine != usual}

    def differences(self, here: "Policy") -> list[str]:
        """Return one phrase for every option in which another policy differs from this one."""
        return [
            f"--{name} {getattr(self, name)} there, {getattr(here, name)} here"
            for name in ("missing", "categories")
            if getattr(self, name) != getattr(here, name)
        ]

    @classmethod
    def from_attribute(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `to_attribute` has kept.

        Raises:
            TypeError: it has kept no such thing.
        """
        missing, categories = kept.get("missing", ERROR), kept.get("categories", ONE_HOT)
        rules = kept.get("rules", BEFORE)
        if missing not in MISSING or categories not in CATEGORIES or rules not in {BEFORE, NOW}:
            raise TypeError(
                f"missing, categories and rules of source are {missing!r}, "
                f"{categories!r} and {rules!r}"
            )
        return cls(missing, categories, rules)
