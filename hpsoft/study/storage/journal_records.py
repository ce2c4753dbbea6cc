"""What a record of a journal must hold, before Optuna replays it.

Optuna looks into a record when it applies it, and takes most values as they come. A line that
another program has changed, or a disk, is told here: what is wrong, in a few words.
"""

import re
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

Record = dict[str, Any]

DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?(?:[+-]\d\d:\d\d)?"
_DATE = re.compile(DATE)


class Operation(IntEnum):
    """The operations of Optuna's journals, by their `op_code`."""

    CREATE_STUDY = 0
    DELETE_STUDY = 1
    SET_STUDY_USER_ATTR = 2
    SET_STUDY_SYSTEM_ATTR = 3
    CREATE_TRIAL = 4
    SET_TRIAL_PARAM = 5
    SET_TRIAL_STATE_VALUES = 6
    SET_TRIAL_INTERMEDIATE_VALUE = 7
    SET_TRIAL_USER_ATTR = 8
    SET_TRIAL_SYSTEM_ATTR = 9
    DISCARD_TRIALS = 10  # changes nothing


def fault(record: object) -> str | None:
    """Return what is wrong with a parsed line, None where Optuna can apply it."""
    if not isinstance(record, dict):
        return "it is no JSON object"
    op = record.get("op_code")
    if type(op) is not int or op not in _FIELDS:
        return f"op_code {op!r} is none of Optuna's"
    fields = _FIELDS[Operation(op)]
    for name, (is_right, must_be) in fields.items():
        if name not in record:
            if name in _OPTIONAL.get(op, ()):
                continue
            return f"{name} is missing"
        if not is_right(record[name]):
            return f"{name} must be {must_be}"
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_number(value: Any) -> bool:
    return type(value) is float or type(value) is int


def _is_value(value: Any) -> bool:
    return value is None or _is_number(value)


def _is_values(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(map(_is_number, value)))


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def _is_directions(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(d in (1, 2) for d in value)


def _is_one(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1


def _is_steps(value: Any) -> bool:
    return isinstance(value, dict) and all(
        step.lstrip("-").isdecimal() and _is_number(at) for step, at in value.items()
    )


_Check = tuple[Callable[[Any], bool], str]
_COUNT: _Check = (_is_count, "a whole number")
_NUMBER: _Check = (_is_number, "a number")
_TEXT: _Check = (_is_text, "text")
_STATE: _Check = (lambda v: _is_count(v) and v <= 4, "a state, 0 to 4")
_VALUES: _Check = (_is_values, "null or numbers")
_DATE_OR_NULL: _Check = (lambda v: v is None or _is_date(v), "a date and time, or null")
_ATTRIBUTE: _Check = (_is_one, "an object with one attribute")
_OBJECT: _Check = (lambda v: isinstance(v, dict), "an object")
_TEXTS: _Check = (lambda v: isinstance(v, dict) and all(map(_is_text, v.values())), "texts")
_NUMBERS: _Check = (
    lambda v: isinstance(v, dict) and all(map(_is_number, v.values())),
    "an object with numbers",
)

_ANY: dict[str, _Check] = {"worker_id": _TEXT}
_STUDY = _ANY | {"study_id": _COUNT}
_TRIAL = _ANY | {"trial_id": _COUNT}
_OPTIONAL: Mapping[int, frozenset[str]] = {
    Operation.CREATE_TRIAL: frozenset(
        [
            "state",
            "value",
            "values",
            "datetime_complete",
            "distributions",
            "params",
            "user_attrs",
            "system_attrs",
            "intermediate_values",
        ]
    ),
    Operation.SET_TRIAL_STATE_VALUES: frozenset({"datetime_start", "datetime_complete"}),
}
_FIELDS: Mapping[Operation, dict[str, _Check]] = {
    Operation.CREATE_STUDY: _ANY
    | {"study_name": _TEXT, "directions": (_is_directions, "a list of 1 and 2")},
    Operation.DELETE_STUDY: _STUDY,
    Operation.SET_STUDY_USER_ATTR: _STUDY | {"user_attr": _ATTRIBUTE},
    Operation.SET_STUDY_SYSTEM_ATTR: _STUDY | {"system_attr": _ATTRIBUTE},
    Operation.CREATE_TRIAL: _STUDY
    | {
        "datetime_start": _DATE_OR_NULL,
        "state": _STATE,
        "value": (_is_value, "a number or null"),
        "values": _VALUES,
        "datetime_complete": (_is_date, "a date and time"),
        "distributions": _TEXTS,
        "params": _NUMBERS,
        "user_attrs": _OBJECT,
        "system_attrs": _OBJECT,
        "intermediate_values": (_is_steps, "numbers by their steps"),
    },
    Operation.SET_TRIAL_PARAM: _TRIAL
    | {"param_name": _TEXT, "param_value_internal": _NUMBER, "distribution": _TEXT},
    Operation.SET_TRIAL_STATE_VALUES: _TRIAL
    | {
        "state": _STATE,
        "values": _VALUES,
        "datetime_start": _DATE_OR_NULL,
        "datetime_complete": (_is_date, "a date and time"),
    },
    Operation.SET_TRIAL_INTERMEDIATE_VALUE: _TRIAL
    | {"step": (lambda v: type(v) is int, "a whole number"), "intermediate_value": _NUMBER},
    Operation.SET_TRIAL_USER_ATTR: _TRIAL | {"user_attr": _ATTRIBUTE},
    Operation.SET_TRIAL_SYSTEM_ATTR: _TRIAL | {"system_attr": _ATTRIBUTE},
    Operation.DISCARD_TRIALS: {},
}
