"""Dates in text: days since 1970-01-01, in an order that all of them agree on."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.data.encoding.date import Date, days_of, is_no_day, order_of
from hpsoft.data.encoding.table import Coded

MOMENTS = st.datetimes(datetime(1600, 1, 1), datetime(2600, 1, 1))  # noqa: DTZ001


@given(MOMENTS, st.sampled_from(["%Y-%m-%d %H:%M:%S.%f", "%Y/%m/%dT%H:%M:%S.%fZ"]))
def test_it_is_the_standard_librarys_calendar(moment, form):
    """To the microsecond."""
    text = moment.strftime(form).rjust(len("2000-01-01 00:00:00.000000"), "0")
    text = f"{moment.year:04d}{text[4:]}" if text[4] in "-/" else text
    expected = (moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    assert days_of(text, "ymd") == pytest.approx(expected / 86400, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "order", "days"),
    [
        ("1970-01-02", "ymd", 1),
        ("1969-12-31", "ymd", -1),
        ("1970/1/2 12:00", "ymd", 1.5),
        ("1970-01-02T00:00:00+01:00", "ymd", 1 - 1 / 24),
        ("1970-01-01 23:00-0100", "ymd", 1),
        ("2.1.1970", "dmy", 1),
        ("2/1/1970", "dmy", 1),
        ("1/2/1970", "mdy", 1),
        ("2000-02-29", "ymd", 11016),
        ("2001-02-29", "ymd", None),
        ("1970-13-01", "ymd", None),
        ("1970-01.02", "ymd", None),
        ("1970-01-02 25:00", "ymd", None),
        ("1970-01-02 12:00+99:99", "ymd", None),
        ("19700102", "ymd", None),
    ],
)
def test_forms(text, order, days):
    """What is no date in an order is none."""
    found = days_of(text, order)
    assert found == (days if days is None else pytest.approx(days))


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["2024-03-01", "2024-3-2 17:05"], "ymd"),
        (["1.3.2024", "2.3.2024"], "dmy"),
        (["3/1/2024", "3/31/2024"], "mdy"),
        (["1/3/2024", "31/3/2024"], "dmy"),
        (["1/3/2024", "3/1/2024"], None),
        (["31/3/2024", "3/31/2024"], None),
        (["2024-03-01", "soon"], None),
        ([], None),
    ],
)
def test_orders(texts, order):
    """All texts must be dates in one order, and in one only."""
    assert order_of(texts) == order


def test_a_column():
    """A missing date and a text that is none are not known."""
    days = Date("when", "ymd").days(Coded.from_texts(["1970-01-03", None, "soon", "1970-01-03"]))
    np.testing.assert_array_equal(days, [2, np.nan, np.nan, 2])


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        *((text, True) for text in ("2024-02-31", "31.2.2024", "13/13/2024")),
        *((text, False) for text in ("2024-02-29", "13/1/2024", "soon", "")),
    ],
)
def test_days_that_there_are_not(text, is_so):
    assert is_no_day(text) == is_so
