"""Which part of data that have several is read."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from hpsoft.data.containers.arraynames import TITLES, WHOLE
from hpsoft.errors import DataError, unknown

ALL = "all"
CHOICES = ("train", "val", "test", ALL)
ORDER = (WHOLE, "train", "val", "test")

T = TypeVar("T")


class NoSuchPartError(DataError):
    """Data have not the part that is asked for; `divided`: but others."""

    def __init__(self, message: str, *, divided: bool) -> None:
        """Take what to say."""
        super().__init__(message)
        self.divided = divided


def check_part(part: str | None) -> None:
    """Check the word of the user.

    Raises:
        DataError: there is no such part.
    """
    if part is not None and part not in CHOICES:
        raise DataError(f"{unknown('part', part, CHOICES)} See --part.")


def chosen(
    parts: Mapping[str, T], part: str | None, where: str
) -> tuple[Sequence[T], tuple[str, ...]]:
    """Return the parts that are meant, and what is to be said of it.

    Without a word that is the test part, and where there is none, everything.

    Raises:
        NoSuchPartError: there is none.
    """
    there = [name for name in ORDER if name in parts]
    if WHOLE in there:
        there = [WHOLE]  # all samples; what else there is repeats them
    if part in {None, ALL} and (there == [WHOLE] or part == ALL or "test" not in there):
        return [parts[name] for name in there], ()
    wanted = part or "test"
    if wanted not in there:
        has = "no parts" if there == [WHOLE] else f"the parts {', '.join(there)}"
        raise NoSuchPartError(
            f"{where} has no {TITLES[wanted]} part, which --part {wanted} asks for: it has {has}. "
            f"Leave --part out, or take {ALL}.",
            divided=there != [WHOLE],
        )
    if part is None and len(there) > 1:
        others = ", ".join(name for name in there if name != wanted)
        note = (
            f"{where} has parts: the test part is predicted. --part names another ({others}), or "
            f"{ALL} of them."
        )
        return [parts[wanted]], (note,)
    return [parts[wanted]], ()
