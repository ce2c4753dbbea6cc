"""Time left between two messages about it."""

from hpsoft.report.live.countdown import Countdown


def test_it_goes_on_between_messages(clock):
    countdown = Countdown(clock)
    assert countdown.text() == "ETA unknown yet"
    countdown.set(10.0)
    clock.now += 4
    assert countdown.text() == "ETA 6.0 s"
    assert countdown.text("at most ") == "ETA at most 6.0 s"
    clock.now += 40
    assert countdown.text() == "ETA 0.0 s"
    countdown.set(None)
    assert countdown.text() == "ETA unknown yet"
