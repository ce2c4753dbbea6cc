"""A search from what is asked for to what is found: the way of the command line and of Python."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TypeAlias

from hpsoft.api.recalling import recall
from hpsoft.api.request import SearchRequest
from hpsoft.assess.extend import extend
from hpsoft.assess.extension import compare_winners
from hpsoft.assess.refine import refine
from hpsoft.data import Dataset
from hpsoft.data.memory.given import Given
from hpsoft.data.spec import DataSpec
from hpsoft.engine.points import Progress
from hpsoft.errors import SpaceError
from hpsoft.optimizers.probe import check
from hpsoft.report.data import draw_data_notes
from hpsoft.report.live.notebook import import_silently
from hpsoft.report.live.search_live import show_search
from hpsoft.report.plan import draw_strengths
from hpsoft.report.text.console import Console, say
from hpsoft.study.records import TrialRecord
from hpsoft.system.interrupts import interruptible
from hpsoft.system.steps import ignore, to_the_end
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.events import Event, Finished, Opened
from hpsoft.tuning.prepare import prepare
from hpsoft.tuning.prepared import Prepared
from hpsoft.tuning.run import open_search

Tell: TypeAlias = Callable[[Console, Sequence[str]], None]
Work: TypeAlias = Generator[Opened | Event, None, Finished]


@dataclass(frozen=True)
class Ready:
    """A search that could start; nothing is written yet."""

    prepared: Prepared
    before: TrialRecord | None = None  # the winner of the grid before it grew
    data: Dataset | None = None  # what is in memory anyway; None: it can be read again
    given: Given | None = None  # what that was made of

    def without_data(self) -> "Ready":
        """Return what is known of it but for the data."""
        setting = replace(self.prepared.setting, folds=(), views={})
        prepared = replace(self.prepared, setting=setting)
        return replace(self, prepared=prepared, data=None, given=None)


def make_ready(
    request: SearchRequest, console: Console, *, keep: bool = False, tell: Tell = draw_data_notes
) -> Ready:
    """Load the data and check all that is asked; tell what was decided where nobody said.

    Of data that can be read again the search keeps the training part alone, in its own copy; with
    `keep` all of it, for what comes after the search. `tell` says what was decided about the data.

    Raises:
        HpsoftError: the data cannot be learnt from, or an option makes no sense.
    """
    import_silently()
    config, source = request.config(), request.source()
    if config.extend and config.refine:
        raise SpaceError("A grid grows one way at a time: give --extend or --refine.")
    if config.grows:
        config, source = recall(config, source, request.given)
    check(config.optimizer)
    ready = (
        _of_memory(config, source, console, tell)
        if isinstance(source, Given)
        else _of_file(config, source, console, tell, keep=keep)
    )
    draw_strengths(console, ready.prepared)
    if not config.grows:
        return ready
    larger = (refine if config.refine else extend)(ready.prepared)
    if larger.remark is not None:
        say(console, larger.remark, "Note", "bold")
    return replace(ready, prepared=larger.prepared, before=larger.winner)


def _of_memory(config: SearchConfig, given: Given, console: Console, tell: Tell) -> Ready:
    data = given.load()
    tell(console, data.notes)
    prepared = prepare(config, data.training, given.spec.from_anywhere(data))
    return Ready(prepared, data=data, given=given)


def _of_file(
    config: SearchConfig, spec: DataSpec, console: Console, tell: Tell, *, keep: bool
) -> Ready:
    data = spec.load(progress=not console.quiet)
    tell(console, data.notes)
    prepared = prepare(config, data.training, spec.from_anywhere(data))
    return Ready(prepared, data=data if keep else None)


def events(ready: Ready) -> Work:
    """Search, yielding how the study was opened and what happens then; return the result.

    Raises:
        HpsoftError: the study is another search's, its storage fails, or a worker died.
    """
    with open_search(ready.prepared) as search:
        yield search.opened
        return (yield from search.run())


def follow_search(
    ready: Ready, console: Console, noticed: Callable[[Opened | Event], object] = ignore
) -> Finished:
    """Search to the end, showing it.

    Raises:
        HpsoftError: as `events`.
        KeyboardInterrupt: Ctrl-C; what is stored stays.
    """
    with closing(events(ready)) as work:
        opened = next(work)
        assert isinstance(opened, Opened), "the first event is"
        noticed(opened)
        with interruptible(), show_search(console, opened, ready.prepared.setting) as draw:

            def show(event: Opened | Event) -> None:
                assert not isinstance(event, Opened), "it was the first"
                draw(event)
                noticed(event)

            return to_the_end(work, show)


def compare(ready: Ready, finished: Finished) -> Generator[Progress, None, Finished]:
    """Return the result with its winner held against that before the grid grew, if another.

    Raises:
        HpsoftError: the data has changed, or a worker process died.
    """
    before = ready.before
    if before is None or finished.leaderboard[0].params == before.params:
        return finished
    after = finished.leaderboard[0]
    extension = yield from compare_winners(ready.prepared, before, after, ready.data)
    return replace(finished, extension=extension)
