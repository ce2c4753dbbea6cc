"""Work that tells how far it is, shown until it ends with its report."""

from contextlib import contextmanager

import pytest

from hpsoft.cli.follow import follow, keeping


@pytest.fixture
def work():
    """Yield two events and a report; `ended` is true once it is closed."""

    class Work:
        ended = False

        def events(self):
            try:
                yield 1
                yield 2
                return "report"
            finally:
                self.ended = True

    return Work()


@contextmanager
def showing(show):
    yield show


def test_all_events_are_shown_and_the_report_is_returned(work):
    shown, events = [], work.events()
    assert follow(events, showing(shown.append)) == "report"
    assert shown == [1, 2]
    assert work.ended


def test_an_interrupted_work_is_ended_at_once(work):
    """Its worker processes are, before anything is said of the interruption."""
    events = work.events()  # kept: a generator that nobody knows any more would end by itself

    def show(event):
        if event == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(events, showing(show))
    assert work.ended
    assert list(events) == []


def test_the_last_event_is_kept_for_whoever_survives(work):
    last = []

    def show(event):
        if event == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(work.events(), keeping(last, showing(show)))
    assert last == [2]
