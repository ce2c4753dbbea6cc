"""Values as they are typed: of hyperparameters, and of options of samplers and pruners."""

import ast
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hpsoft.data.featuresets.given import TABLE, Items, parse_sets, read_table
from hpsoft.errors import SpaceError
from hpsoft.optimizers.protocol import Value
from hpsoft.space.build import read_space_file
from hpsoft.space.ranges import LOG, UNIFORM

WORD = re.compile(r"[^\W\d_][\w.+-]*")
_WORDS = {"true": True, "false": False, "none": None}


def parse_settings(settings: Iterable[str]) -> dict[str, object]:
    """Return the values of settings such as `alpha=1,10`, or the range of `alpha=log:1:10`.

    Raises:
        SpaceError: a setting has another form, or two are for one name.
    """
    space: dict[str, object] = {}
    for setting in settings:
        name, equals, values = setting.partition("=")
        name = name.strip()
        if not name or not equals:
            raise SpaceError(f"--set takes NAME=VALUE,VALUE..., not {setting!r}.")
        if name in space:
            raise SpaceError(f"--set {name} is given twice. Join them: --set {name}=VALUE,VALUE.")
        space[name] = _parse_range(name, values) or [
            _number_or_word(name, text) for text in values.split(",") if values.strip()
        ]
    return space


def _number_or_word(name: str, text: str) -> Value | str:
    """Return a number, or a word: some hyperparameters have names for values."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    if WORD.fullmatch(text.strip()):
        return text.strip()
    raise SpaceError(f"--set {name}: {text.strip()!r} is not a number.")


def _parse_range(name: str, text: str) -> dict[str, object] | None:
    """Return the table that `log:1e-9:1e-5` or `uniform:5:40:5` stands for; None for a list.

    Raises:
        SpaceError: it begins as a range and is none.
    """
    kind, *numbers = (part.strip() for part in text.split(":"))
    if kind not in {LOG, UNIFORM}:
        return None
    try:
        low, high, *step = (_number(number) for number in numbers)
    except ValueError:
        low, high, step = 0, 0, [0, 0]
    if len(step) > 1:
        raise SpaceError(
            f"--set {name}: a range is log:LOW:HIGH or uniform:LOW:HIGH:STEP, not {text!r}."
        )
    return {kind: [low, high]} | ({"step": step[0]} if step else {})


def _number(text: str) -> Value:
    try:
        return int(text)
    except ValueError:
        return float(text)


def feature_sets(options: Iterable[str], space_file: Path | None = None) -> dict[str, Items]:
    """Return the feature sets of a space file and, over these, of --feature-set.

    Raises:
        SpaceError: one of them is written wrongly, or the file cannot be read.
    """
    table = {} if space_file is None else read_space_file(space_file).get(TABLE, {})
    return read_table(table, str(space_file)) | parse_sets(options)


def parse_options(settings: Iterable[str], flag: str) -> dict[str, Any]:
    """Return options given as `name=value`: numbers, true, false, none, or words.

    Raises:
        SpaceError: one has no `=`, a name comes twice, or a value is no number or word.
    """
    options: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not name or not equals:
            raise SpaceError(f"{flag} takes NAME=VALUE, not {setting!r}.")
        if name in options:
            raise SpaceError(f"{flag} {name} is given twice.")
        value = options[name] = _value(text)
        if not isinstance(value, bool | int | float | str | None) or (
            isinstance(value, float) and not math.isfinite(value)
        ):
            raise SpaceError(
                f"{flag} {name} takes a finite number, true, false, none or a word, not {text!r}."
            )
    return options


def _value(text: str) -> Any:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
