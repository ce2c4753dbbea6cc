"""Finding a side column among the arrays of a container, of every part of the data."""

import re
from collections.abc import Callable, Iterable, Mapping

from hpsoft.data.containers.arraynames import PARTS
from hpsoft.data.side.roles import ROLES
from hpsoft.data.side.values import SideValues
from hpsoft.errors import DataError, unknown
from hpsoft.softmax.probabilities import Array


def side_arrays(
    wanted: Mapping[str, str], names: Iterable[str], read: Callable[[str], Array], where: str
) -> tuple[dict[str, SideValues], set[str]]:
    """Return the side columns that are wanted by role, and the names of the arrays they are in.

    The array of the name is that of the training part; that of another part has the part's name
    before or behind it, or in the place of `train`: patient, patient_test or test_patient.

    Raises:
        DataError: there is no array of the name.
    """
    names = list(names)
    found, used = {}, set()
    for role, name in wanted.items():
        parts = {part: _of_part(name, part, names) for part in PARTS}
        train = name if name in names else parts["train"]
        if train is None:
            raise DataError(f"{where}: {unknown('array', name, names)} See {ROLES[role].option}.")
        others = [parts[part] for part in ("val", "test")]
        val, test = (None if other is None else read(other) for other in others)
        found[role] = SideValues(name, read(train), val, test)
        used |= {train, *(other for other in others if other is not None)}
    return found, used


def _of_part(name: str, part: str, names: list[str]) -> str | None:
    """Return the array that is called so of a part."""
    base = _without(name, PARTS["train"])
    for other in names:
        if other != name and _without(other, PARTS[part]) == base and _bare(other) != base:
            return other
    return None


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _without(name: str, words: tuple[str, ...]) -> str:
    """Return the bare name without a part's word before or behind it."""
    bare = _bare(name)
    for word in words:
        if bare.startswith(word) and bare != word:
            return bare.removeprefix(word)
        if bare.endswith(word) and bare != word:
            return bare.removesuffix(word)
    return bare
