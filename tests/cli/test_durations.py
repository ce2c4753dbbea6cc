"""Times on the command line."""

import pytest

from hpsoft.cli.durations import seconds
from hpsoft.errors import SpaceError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("90", 90),
        ("0.5", 0.5),
        (".5s", 0.5),
        ("90s", 90),
        ("10m", 600),
        ("2h", 7200),
        ("1h30m", 5400),
        ("1H30M", 5400),
        ("1h5s", 3605),
        (" 1.5m ", 90),
    ],
)
def test_times_are_seconds(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize(
    "text", ["", "0", "0s", "-1", "x", "1x", "m", "30m1h", "1e3", "nan", "inf"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(SpaceError, match="1h30m"):
        seconds(text)
