"""Words that mean `missing` by the user's word, in all columns or in one: COLUMN=WORD."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from hpsoft.data.tables.numerals import is_missing
from hpsoft.errors import DataError, unknown

OPTION = "--missing-values"


@dataclass(frozen=True)
class Words:
    """What says `missing` in one column, besides the usual words."""

    texts: frozenset[str]  # in lower case
    numbers: tuple[float, ...]  # those of them that are numbers

    @classmethod
    def of(cls, words: Collection[str], number: Callable[[str], float]) -> "Words":
        """Return words, and the numbers that they are."""
        found = (number_or_none(word, number) for word in words)
        return cls(
            frozenset(word.casefold() for word in words),
            tuple(value for value in found if value is not None),
        )

    def are(self, text: str, number: Callable[[str], float]) -> bool:
        """Tell whether a text is one of them, or the same number."""
        if text.strip().casefold() in self.texts:
            return True
        return bool(self.numbers) and number_or_none(text, number) in self.numbers


def number_or_none(text: str, number: Callable[[str], float]) -> float | None:
    """Return the number that a text stands for; None: it is none."""
    try:
        return number(text)
    except ValueError:
        return None


def split_word(given: str, features: Collection[str]) -> tuple[str | None, str]:
    """Return the column that a word is for, None for all, and the word."""
    column, mark, rest = given.partition("=")
    return (column, rest) if mark and rest and column in features else (None, given)


def words_by_column(
    given: Sequence[str], number: Callable[[str], float], features: Sequence[str]
) -> Mapping[str, Words]:
    """Return what says `missing` in each feature; COLUMN=WORD does so in one."""
    split = [split_word(whole, features) for whole in given]
    found = {name: [word for column, word in split if column in {None, name}] for name in features}
    return {name: Words.of(words, number) for name, words in found.items() if words}


def words_nowhere(
    given: Sequence[str], occurs: Callable[[str], bool], columns: Sequence[str], where: str
) -> tuple[str, ...]:
    """Return a note on words that occur in no feature, but for the usual ones.

    Raises:
        DataError: one names a column that is none of `columns`, where these have names.
    """
    odd = [word for word in given if not occurs(word)]
    for word in odd:
        column, mark, _ = word.partition("=")
        if mark and columns and column not in columns:
            raise DataError(f"{where}: {unknown('column', column, columns)} See {OPTION}.")
    odd = [word for word in odd if not is_missing(word.rpartition("=")[2])]
    if not odd:
        return ()
    return (f"{OPTION} {','.join(odd)} occurs in no feature of {where}, and changes nothing.",)
