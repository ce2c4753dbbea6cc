"""Times on the command line: `90s`, `10m`, `2h`, or a number of seconds."""

from hpsoft.errors import SpaceError

_UNITS = {"s": 1, "m": 60, "h": 3600}


def seconds(text: str | None) -> float | None:
    """Return seconds.

    Raises:
        SpaceError: it is no time.
    """
    if text is None:
        return None
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
    try:
        return float(number) * _UNITS[unit]
    except ValueError:
        raise SpaceError(f"--timeout takes a time such as 90s, 10m or 2h, not {text!r}.") from None
