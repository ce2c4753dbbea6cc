"""The space to search: which values of which hyperparameter, checked against the optimizer.

Sources, each over the one before: the optimizer's defaults, a named preset, a TOML file with a
`name = [values]` line each, and values that are given. Knows no Optuna and no grid.
"""

import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from hpsoft.errors import SpaceError, unknown
from hpsoft.optimizers.errors import optimizer_errors
from hpsoft.optimizers.protocol import Hyperparameter, Optimizer, Space, Value
from hpsoft.softmax.summary import DataSummary
from hpsoft.space.presets import preset_space
from hpsoft.space.ranges import Candidates, read_range


def build_space(
    hyperparameters: Sequence[Hyperparameter],
    defaults: Space,
    *,
    preset: str | None = None,
    file: Path | None = None,
    given: Mapping[str, object] | None = None,
) -> dict[str, Candidates]:
    """Return the values to try of each hyperparameter, ascending, in the optimizer's order.

    `given` has values, a list of them, or a range as a space file has it, by name.

    Raises:
        SpaceError: an unknown name, a value outside its domain, a repeated value, an empty list,
            or a file that cannot be read.
    """
    known = {parameter.name: parameter for parameter in hyperparameters}
    optional = {name for name, parameter in known.items() if parameter.default is not None}
    if preset is not None:  # what it leaves out is left out
        defaults = {name: values for name, values in defaults.items() if name not in optional}
    sources: list[tuple[str, Mapping[str, object]]] = [("the default space", defaults)]
    if preset is not None:
        sources.append((f"preset {preset} (made for sgd)", preset_space(preset)))
    if file is not None:
        sources.append((str(file), read_space_file(file)))
    sources.append(("--set", given or {}))
    merged: dict[str, Candidates] = {}
    for origin, space in sources:
        merged |= _checked(origin, space, known)
    if missing := [name for name in known if name not in {*merged, *optional}]:
        raise SpaceError(
            f"No values for {', '.join(missing)}: the optimizer has no default for it. "
            f"Give some with --set {missing[0]}=VALUE,VALUE."
        )
    return {name: merged[name] for name in known if name in merged}


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
    origin: str, space: Mapping[str, object], known: Mapping[str, Hyperparameter]
) -> dict[str, Candidates]:
    checked = {}
    for name, raw in space.items():
        if name not in known:
            raise SpaceError(f"In {origin}: {unknown('hyperparameter', name, known)}")
        try:
            checked[name] = _candidates(known[name], raw)
        except SpaceError as error:
            raise SpaceError(f"In {origin}: {error}") from error
    return checked


def _candidates(parameter: Hyperparameter, raw: object) -> Candidates:
    """Return ascending values: their order then never makes another grid of the same points."""
    if isinstance(raw, Mapping):
        return read_range(parameter, raw)
    values = list(raw) if isinstance(raw, Sequence) and not isinstance(raw, str) else [raw]
    if not values:
        raise SpaceError(f"{parameter.name} has no values. Leave it out to search its default.")
    checked = sorted(_check(parameter, value) for value in values)
    for value, following in pairwise(checked):
        if value == following:
            raise SpaceError(f"{parameter.name} lists {value!r} twice.")
    return tuple(checked)


def _check(parameter: Hyperparameter, value: object) -> Value:
    try:
        return parameter.check(value)
    except OverflowError as error:  # an integer beyond the range of float
        raise SpaceError(f"{parameter.name} takes numbers below 1.8e308.") from error
