"""Seconds that a pass takes a model: expected, measured, corrected."""

import pytest

from hpsoft.report.live.pace import Pace

EIGHT, SIXTEEN, OTHER = (("batch_size", 8),), (("batch_size", 16),), ()


def test_nothing_is_known_at_first():
    pace = Pace()
    assert not pace.is_known
    assert pace.rate(EIGHT) == 0


def test_what_is_measured_counts_and_corrects_what_was_expected():
    pace = Pace()
    pace.expect({EIGHT: 1.0, SIXTEEN: 3.0})
    assert pace.is_known
    assert (pace.rate(EIGHT), pace.rate(SIXTEEN)) == (1.0, 3.0)
    pace.measure(EIGHT, 8.0, 4)
    assert pace.rate(EIGHT) == pytest.approx(2.0)
    assert pace.rate(SIXTEEN) == pytest.approx(6.0)
    pace.measure(EIGHT, 1.0, 2)
    assert pace.rate(EIGHT) == pytest.approx(1.5)
    assert (pace.seconds, pace.model_epochs) == (9.0, 6)


def test_what_took_no_time_by_the_clock_is_known_all_the_same():
    pace = Pace()
    pace.measure(EIGHT, 0.0, 4)
    assert pace.rate(EIGHT) > 0
    assert pace.rate(OTHER) > 0


def test_of_which_nothing_is_known_is_like_the_others():
    pace = Pace()
    pace.measure(EIGHT, 4.0, 2)
    pace.measure(SIXTEEN, 4.0, 6)
    assert pace.rate(OTHER) == pytest.approx(1.0)
