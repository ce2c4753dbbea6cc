"""Times on the command line: `90s`, `10m`, `1h30m`, or a number of seconds."""

import math
import re

from hpsoft.errors import SpaceError

_UNITS = {"h": 3600, "m": 60, "s": 1}
_NUMBER = r"(\d+\.?\d*|\.\d+)"
_TIME = re.compile("".join(f"(?:{_NUMBER}{unit})?" for unit in _UNITS))


def seconds(text: str | None) -> float | None:
    """Return seconds: `90` is 90, `1h30m` is 5400.

    Raises:
        SpaceError: it is no time above 0.
    """
    if text is None:
        return None
    total = _total(text.strip().lower())
    if total is None or not 0 < total < math.inf:
        raise SpaceError(f"--timeout takes a time such as 90s, 10m or 1h30m, not {text!r}.")
    return total


def _total(text: str) -> float | None:
    if re.fullmatch(_NUMBER, text):
        return float(text)
    if not (text and (found := _TIME.fullmatch(text))):
        return None
    parts = zip(found.groups(), _UNITS.values(), strict=True)
    return sum(float(number) * unit for number, unit in parts if number)
