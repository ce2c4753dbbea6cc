"""Studies of a journal file at a glance: from the bytes of its lines, without parsing them.

A trial that hpsoft stored is one line in which everything has its place: its state, value and
dates in front, its grid id near the end. Where all trials of a study are such lines and of its
present grid, its summary can be told from them. Every other study has to be looked at closely.
"""

import json
import math
import re
from array import array
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hpsoft.softmax.metric import CROSS_ENTROPY
from hpsoft.space.grid import Grid
from hpsoft.space.points import points_of
from hpsoft.study.identity import StudyDescription
from hpsoft.study.storage.journal import JournalFile
from hpsoft.study.storage.journal_records import Record
from hpsoft.study.storage.journal_view import BY_TRIAL, TRIAL_LINE, JournalView

_NUMBER = rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_DATE = rb'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00"'  # so they sort as text
_NUMBERS = rb'(?:"[^"\\]+":%s(?:,(?=")|(?=\})))*' % _NUMBER
_FRONT = re.compile(
    rb'"datetime_start":(%b),"state":([123]),"value":(null|%b),"values":null,'
    rb'"datetime_complete":(%b),"distributions":' % (_DATE, _NUMBER, _DATE)
)
_BACK = re.compile(
    rb',"params":\{%b\},"user_attrs":\{"seconds":%b,"diverged":(true|false)(?:,"accuracy":%b)?'
    rb'(?:,"metrics":\{%b\})?(?:,"folds":\[[-+.\deE,]*\])?'
    rb'(?:,"metrics_by_fold":\{[-+.\w",:\[\]]*\})?(?:,"converged":(?:true|false))?\},"system_attrs":'
    rb'\{"search_space":(\{[^{}]*\}),"grid_id":(\d+)\},"intermediate_values":\{%b\}\}'
    % (_NUMBERS, _NUMBER, _NUMBER, _NUMBERS, _NUMBERS)
)
_COMPLETE, _FAIL = b"1", b"3"


@dataclass
class Tally:
    """What the lines of one study say."""

    n_trials: int = 0
    finished: set[int] = field(default_factory=set)  # grid ids
    best: float = math.inf
    winners: list[tuple[int, int]] = field(default_factory=list)  # grid id and number
    started: bytes | None = None
    changed: bytes | None = None
    distributions: bytes = b""  # the same in every line
    space: bytes = b""  # the same in every line

    def add(self, text: bytes, position: int, end: int) -> bool:
        """Add the trial of a line, from behind its study's number; tell whether it is plain."""
        if not (front := _FRONT.match(text, position, end)):
            return False
        start = front.end()
        if not self.n_trials:
            self.distributions = text[start : text.find(b',"params":{', start, end)]
        if not text.startswith(self.distributions, start):
            return False
        back = _BACK.fullmatch(text, start + len(self.distributions), end)
        if back is None or self.space not in {b"", back[2]}:
            return False
        self.space = back[2]
        began, state, value, ended = front.groups()
        self.started = min(self.started or began, began)
        self.changed = max(self.changed or ended, ended)
        if state != _FAIL or back[1] == b"true":
            self._count(int(back[3]), state, value)
        self.n_trials += 1
        return True

    def _count(self, grid_id: int, state: bytes, value: bytes) -> None:
        """Count the first finished trial of a grid id."""
        if grid_id in self.finished:
            return
        self.finished.add(grid_id)
        if state != _COMPLETE or value == b"null":
            return
        cost = float(value)
        if cost < self.best:
            self.best, self.winners = cost, []
        if cost == self.best:
            self.winners.append((grid_id, self.n_trials))

    def is_of(self, about: StudyDescription) -> bool:
        """Tell whether the trials are of the grid that the study describes, and their values
        costs: the lowest is the best then.
        """
        if about.identity.chosen_by is not CROSS_ENTROPY:
            return False
        if not self.n_trials:
            return True
        try:
            described = json.loads(self.distributions)
            sound = all("name" in json.loads(text) for text in described.values())
            for date in (self.started, self.changed):
                local_time(date)  # the lines were seen to have digits there, no more
            space = about.identity.plain_space
            size = math.prod(map(len, space.values()))  # of lists: _BACK knows no ranges
            sound = sound and max(self.finished, default=0) < size
            return sound and json.loads(self.space) == space
        except (ValueError, TypeError, AttributeError):
            return False

    def winner(self, about: StudyDescription) -> int | None:
        """Return the number of the best trial; of equal ones, as the leaderboard ranks them."""
        if len(self.winners) < 2:
            return self.winners[0][1] if self.winners else None
        grid = points_of(about.identity.space)
        assert isinstance(grid, Grid), "ids are known of grids alone"
        return min((grid.points[grid_id], grid_id, number) for grid_id, number in self.winners)[2]


class _Counting(JournalView):
    """Chooses no study, and tallies the trials of all."""

    def __init__(self) -> None:
        super().__init__(())
        self.tallies: dict[int, Tally] = {}
        self.close: set[int] = set()  # studies to be looked at closely
        self._owners = array("q")  # of the trials

    def _skip(self, text: bytes, position: int, size: int) -> int:
        match, find = TRIAL_LINE.match, text.find
        while position < size and (found := match(text, position)):
            study, trial = found.groups()
            if study not in self._passed:
                if study is not None or int(trial) >= self.n_trials:
                    break
                self.close.add(self._owners[int(trial)])
            end = find(b"\n", position)
            if text[end - 1] != self.CLOSED:
                break
            if study is not None:
                self._tally(int(study), text, found.end(), end)
            self.line += 1
            position = end + 1
        return position

    def _tally(self, study: int, text: bytes, position: int, end: int) -> None:
        self.n_trials += 1
        self._owners.append(study)
        if study in self.close:
            return
        if not self.tallies.setdefault(study, Tally()).add(text, position, end):
            self.close.add(study)

    def _take(self, record: Record) -> bool:
        n_trials = self.n_trials
        super()._take(record)
        if self.n_trials > n_trials:
            self._owners.append(record["study_id"])
            self.close.add(record["study_id"])
        elif record["op_code"] in BY_TRIAL:
            self.close.add(self._owners[record["trial_id"]])
        return False


@dataclass(frozen=True)
class Glance:
    """The studies of a journal: their attributes, and the tallies of those that have one."""

    attributes: dict[str, dict[str, Any]]
    tallies: dict[str, Tally]


def glance(path: Path) -> Glance:
    """Read a journal once.

    Raises:
        StorageError: a line is no record.
    """
    view = _Counting()
    JournalFile(path).read_with(view)
    tallies = {
        name: view.tallies.get(study, Tally())
        for study, name in view.names.items()
        if study not in view.close
    }
    return Glance(view.attributes, tallies)


def local_time(date: bytes | None) -> datetime | None:
    """Return a date of a journal as Optuna keeps it: local, without its zone."""
    if date is None:
        return None
    return datetime.fromisoformat(date.decode().strip('"')).astimezone().replace(tzinfo=None)
