"""Errors as Python has them: of arguments they are a ValueError too, and speak of arguments."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from hpsoft.errors import (
    ArgumentValueError,
    DataError,
    DataValueError,
    HpsoftError,
    OptimizerError,
    OptimizerValueError,
    SpaceError,
    SpaceValueError,
    StudyError,
    StudyValueError,
)

_TWINS: tuple[tuple[type[HpsoftError], type[HpsoftError]], ...] = (
    (DataError, DataValueError),
    (SpaceError, SpaceValueError),
    (OptimizerError, OptimizerValueError),
    (StudyError, StudyValueError),
)
_WORDS = (
    "accuracy|auto|confirmed|drop-rows|drop|float64|json|l2-rows|mean|median|md|newton|none"
    "|one-hot|raw|standard|top-5|tpe|unit"
)
# A command; or an option, and its value where that cannot be the next word of the sentence.
_SAID = re.compile(
    r"`hpsoft (?P<command>[a-z]+)(?P<rest>[^`]*)`"
    r"|--set (?P<name>\w+)=(?P<values>[\w.+-]+(?:,[\w.+-]+)*)(?![\w:.+-])"
    r"|--(?P<option>[a-z][a-z-]*[a-z])\b"
    rf"(?: (?P<value>\d+(?:\.\d+)?\b|'[^']*'|[A-Z]+\b|(?:{_WORDS})(?![\w-])))?"
)
_CALLED = {"set": "space", "data": "X"}
_LISTS = {"drop", "keep", "features", "categorical"}
_METHODS = {
    "card": "card()",
    "confirm": "confirm()",
    "final": "final()",
    "optimum": "optimum()",
    "trials": "trials",
}


def in_python(text: str, called: Mapping[str, str] | None = None) -> str:
    """Return a message with arguments in the place of options, and methods in that of commands.

    `called` are the names of options that an object calls otherwise.

    >>> in_python("Try --jobs 1, or --val-fraction. Give no more: --set batch_size=8,16")
    'Try jobs=1, or val_fraction. Give no more: space={"batch_size": [8, 16]}'
    >>> in_python("Run `hpsoft confirm --study s` first, or --missing median (or mean).")
    'Run `result.confirm()` first, or missing="median" (or mean).'
    """
    names = {**_CALLED, **(called or {})}
    return _SAID.sub(lambda found: _said(found, names), text)


def _said(found: re.Match[str], names: Mapping[str, str]) -> str:
    if command := found["command"]:
        return f"`result.{_METHODS[command]}`" if command in _METHODS else found[0]
    if found["name"]:
        values = ", ".join(map(_literal, found["values"].split(",")))
        return f'space={{"{found["name"]}": [{values}]}}'
    option, value = found["option"], found["value"]
    name = names.get(option, option.replace("-", "_"))
    if value is None:
        return name
    if found.string.endswith("No ", 0, found.start()):  # what there is not
        return f"{name} {value}"
    told = _literal(value)
    return f"{name}=[{told}]" if option in _LISTS else f"{name}={told}"


def _literal(value: str) -> str:
    """Return a value as Python has it; words for numbers, N and K, stay as they are."""
    is_number = re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", value) is not None
    plain = is_number or value.startswith("'") or value in {"N", "K", "VALUE"}
    return value if plain else f'"{value}"'


@contextmanager
def python_errors(called: Mapping[str, str] | None = None) -> Iterator[None]:
    """Raise what is a fault of the arguments as a ValueError too; a TypeError stays one."""
    try:
        yield
    except HpsoftError as error:
        told = in_python(str(error), called)
        if not isinstance(error, ValueError | TypeError):
            for kind, twin in _TWINS:
                if isinstance(error, kind):
                    raise twin(told) from error
            if type(error) is HpsoftError:  # a path, or the file of a model
                raise ArgumentValueError(told) from error
        error.args = (told,)
        raise
