"""The space to search: which values of which hyperparameter, checked against the optimizer.

Sources, each over the one before: the optimizer's defaults, a named preset, a TOML file with a
`name = [values]` line each, and values that are given. Knows no Optuna and no grid.
"""

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from hpsoft.data.featuresets.given import TABLE
from hpsoft.errors import SpaceError, unknown
from hpsoft.optimizers.categories import FEATURE_SET, Category, Choice, Declared
from hpsoft.optimizers.errors import optimizer_errors
from hpsoft.optimizers.protocol import Optimizer, Space
from hpsoft.softmax.summary import DataSummary
from hpsoft.space.presets import find_preset
from hpsoft.space.ranges import Candidates, Range, read_range
from hpsoft.space.strength import known_names, with_alpha


def build_space(
    hyperparameters: Sequence[Declared],
    defaults: Mapping[str, object],
    *,
    preset: str | None = None,
    n_samples: float = 1,
    n_classes: int = 3,
    decoupled: bool = False,
    file: Path | None = None,
    given: Mapping[str, object] | None = None,
) -> dict[str, Candidates]:
    """Return the values to try of each hyperparameter, ascending, in the optimizer's order.

    `given` has values, a list of them, or a range as a space file has it, by name. `n_samples` of
    `n_classes` are trained on: C, of presets too, is a strength of L2 for all of them together,
    which an optimizer whose alpha is `decoupled` from the cost has not.

    Raises:
        SpaceError: an unknown name, a value outside its domain, a repeated value, an empty list,
            or a file that cannot be read.
    """
    known = {parameter.name: parameter for parameter in hyperparameters}
    optional = {name for name, parameter in known.items() if parameter.default is not None}
    if preset is not None:  # what it leaves out is left out
        defaults = {name: values for name, values in defaults.items() if name not in optional}
    optional |= {name for name, one in known.items() if isinstance(one, Category)}
    sources: list[tuple[str, Mapping[str, object]]] = [("the default space", defaults)]
    for origin, space in _asked(preset, known, file, given):
        with _told_of(origin):
            sources.append(
                (origin, with_alpha(space, known, n_samples, n_classes, decoupled=decoupled))
            )
    merged: dict[str, Candidates] = {}
    others = known_names(known, decoupled=decoupled)
    for origin, space in sources:
        merged |= _checked(origin, space, known, others)
    if missing := [name for name in known if name not in {*merged, *optional}]:
        raise SpaceError(
            f"No values for {', '.join(missing)}: the optimizer has no default for it. "
            f"Give some with --set {missing[0]}=VALUE,VALUE."
        )
    return {name: merged[name] for name in known if name in merged}


def build_words(
    offers: Sequence[Category],
    usual: Mapping[str, Sequence[str]],
    *,
    preset: str | None = None,
    file: Path | None = None,
    given: Mapping[str, object] | None = None,
) -> dict[str, tuple[str, ...]]:
    """Return the words to try of the hyperparameters of the data, of those that have some.

    Raises:
        SpaceError: as `build_space`.
    """
    known = {one.name: one for one in offers}
    merged = {name: tuple(sorted(words)) for name, words in usual.items()}
    for origin, space in _asked(preset, known, file, given):
        mine = {name: values for name, values in space.items() if name in known}
        for name, words in _checked(origin, mine, known).items():
            assert not isinstance(words, Range), "words have none"
            merged[name] = tuple(str(word) for word in words)
    return {name: merged[name] for name in known if name in merged}


def _asked(
    preset: str | None,
    known: Container[str],
    file: Path | None,
    given: Mapping[str, object] | None,
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield what the user asks for, and where, each over the one before."""
    if preset is not None:
        chosen = find_preset(preset)
        yield f"preset {preset} (made for {chosen.made_for})", chosen.values(known)
    if file is not None:
        space = read_space_file(file)
        yield str(file), {name: values for name, values in space.items() if name != TABLE}
    yield "--set", given or {}


def default_space(optimizer: Optimizer, facts: DataSummary) -> Space:
    """Return an optimizer's default space for some data, not yet checked.

    Raises:
        OptimizerError: it raises an exception, or returns no mapping of names.
    """
    with optimizer_errors(optimizer):
        space: object = optimizer.default_space(facts)
        if not isinstance(space, Mapping) or not all(isinstance(name, str) for name in space):
            raise TypeError(f"default_space must return a dict from name to values, not {space!r}")
        return space


def read_space_file(path: Path) -> dict[str, object]:
    """Return the table of a TOML space file, not yet checked.

    Raises:
        SpaceError: the file cannot be read, or is not TOML (the message names the line).
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpaceError(f"Cannot read the space file {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SpaceError(f"The space file {path} is not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise SpaceError(
            f"The space file {path} is not valid TOML: {error}. "
            "It takes a line `name = [values]` for each hyperparameter."
        ) from error


def _checked(
    origin: str,
    space: Mapping[str, object],
    known: Mapping[str, Declared],
    others: Sequence[str] = (),  # names that stand for some of these
) -> dict[str, Candidates]:
    checked = {}
    for name, raw in space.items():
        if name not in known:
            raise SpaceError(f"In {origin}: {_unknown(name, (*known, *others))}")
        with _told_of(origin):
            checked[name] = _candidates(known[name], raw)
    return checked


@contextmanager
def _told_of(origin: str) -> Iterator[None]:
    """Say where a fault is."""
    try:
        yield
    except SpaceError as error:
        raise SpaceError(f"In {origin}: {error}") from error


def _unknown(name: str, known: Iterable[str]) -> str:
    if name == FEATURE_SET:
        return (
            "there are no feature sets to choose from. Name some columns first: --feature-set "
            "NAME=0:1024, or a table [feature_sets] in the --space file."
        )
    return unknown("hyperparameter", name, known)


def _candidates(parameter: Declared, raw: object) -> Candidates:
    """Return ascending values: their order then never makes another grid of the same points."""
    if isinstance(raw, Mapping):
        if isinstance(parameter, Category):
            raise SpaceError(f"{parameter.name} takes {', '.join(parameter.words)}, and no range.")
        return read_range(parameter, raw)
    values = list(raw) if isinstance(raw, Sequence) and not isinstance(raw, str) else [raw]
    if not values:
        raise SpaceError(f"{parameter.name} has no values. Leave it out to search its default.")
    checked = sorted(_check(parameter, value) for value in values)
    for value, following in pairwise(checked):
        if value == following:
            raise SpaceError(f"{parameter.name} lists {value!r} twice.")
    return tuple(checked)


def _check(parameter: Declared, value: object) -> Choice:
    try:
        return parameter.check(value)
    except OverflowError as error:  # an integer beyond the range of float
        raise SpaceError(f"{parameter.name} takes numbers below 1.8e308.") from error
