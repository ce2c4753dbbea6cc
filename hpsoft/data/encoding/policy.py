"""What the user says of missing values and of columns that are not numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from hpsoft.errors import DataError, unknown

ERROR, MEDIAN, MEAN, DROP_ROWS = "error", "median", "mean", "drop-rows"
ONE_HOT, DROP = "one-hot", "drop"
MISSING = (ERROR, MEDIAN, MEAN, DROP_ROWS)
CATEGORIES = (ERROR, ONE_HOT, DROP)
_LISTS = ("categorical", "missing_values")
# Rules of tables: BEFORE kept constant columns, and no `id` of text; SHARED filled gaps in by all
# training rows, whatever was held out.
BEFORE, SHARED, NOW = 1, 2, 3


@dataclass(frozen=True)
class Policy:
    """How columns become features; the defaults are those of the command line."""

    missing: str = ERROR  # one of MISSING
    categories: str = ONE_HOT  # one of CATEGORIES
    categorical: tuple[str, ...] = ()  # columns whose numbers are names, by name or position
    missing_values: tuple[str, ...] = ()  # words, or COLUMN=WORD, that say `missing` too
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
        if self.categorical and self.categories != ONE_HOT:
            raise DataError(
                f"--categorical {self.categorical[0]} makes features of the values of a column, and "
                f"--categories {self.categories} allows no such column. Leave one of them out; "
                "--drop COLUMN leaves a single column of text out."
            )
        if not all(map(str.strip, self.missing_values)):
            raise DataError(
                "--missing-values has an empty word, and empty cells are missing anyway. Separate "
                "words by single commas: --missing-values unknown,-999."
            )

    @property
    def fills(self) -> bool:
        """Whether missing values are filled in."""
        return self.missing in {MEDIAN, MEAN}

    def to_attribute(self) -> dict[str, Any]:
        """Return what a study keeps of it: only what is not the default, in JSON's types."""
        found: dict[str, Any] = {
            name: getattr(self, name)
            for name, usual in (("missing", ERROR), ("categories", ONE_HOT))
            if getattr(self, name) != usual
        }
        found |= {name: list(getattr(self, name)) for name in _LISTS if getattr(self, name)}
        return found if self.rules == BEFORE else {**found, "rules": self.rules}

    def options(self) -> dict[str, Any]:
        """Return the options of the command line that are not the default, by name."""
        given = {"missing": (self.missing, ERROR), "categories": (self.categories, ONE_HOT)}
        found: dict[str, Any] = {n: mine for n, (mine, usual) in given.items() if mine != usual}
        if self.categorical:
            found["categorical"] = list(self.categorical)
        if self.missing_values:
            found["missing-values"] = ",".join(self.missing_values)
        return found

    def differences(self, here: "Policy") -> list[str]:
        """Return one phrase for every option in which another policy differs from this one."""
        mine, other = self.options(), here.options()
        usual = {"missing": ERROR, "categories": ONE_HOT}
        return [
            f"--{name} {_said(mine.get(name, usual.get(name)))} there, "
            f"{_said(other.get(name, usual.get(name)))} here"
            for name in ("missing", "categories", "categorical", "missing-values")
            if mine.get(name) != other.get(name)
        ]

    def fill_difference(self, here: "Policy") -> list[str]:
        """Return a phrase where gaps are filled in, and from other rows in another policy."""
        if not (self.fills and here.fills) or (self.rules < NOW) == (here.rules < NOW):
            return []
        by = {True: "all training rows", False: "the rows that each split trains on"}
        there, here_ = (by[policy.rules < NOW] for policy in (self, here))
        return [f"gaps filled in by {there} there, by {here_} here"]

    @classmethod
    def from_attribute(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `to_attribute` has kept.

        Raises:
            TypeError: it has kept no such thing.
        """
        missing, categories = kept.get("missing", ERROR), kept.get("categories", ONE_HOT)
        rules = kept.get("rules", BEFORE)
        if (
            missing not in MISSING
            or categories not in CATEGORIES
            or rules not in {BEFORE, SHARED, NOW}
        ):
            raise TypeError(
                f"missing, categories and rules of source are {missing!r}, "
                f"{categories!r} and {rules!r}"
            )
        lists = {name: kept.get(name, []) for name in _LISTS}
        for name, words in lists.items():
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise TypeError(f"{name} of source is {words!r}")
        categorical, missing_values = (tuple(words) for words in lists.values())
        return cls(missing, categories, categorical, missing_values, rules)


def _said(value: object) -> str:
    """Return the value of an option in words."""
    if value is None:
        return "not given"
    return ",".join(value) if isinstance(value, list) else str(value)


def words_of(given: Iterable[str]) -> tuple[str, ...]:
    """Return the words of `--missing-values`, which are separated by commas."""
    return tuple(word.strip() for text in given for word in text.split(","))
