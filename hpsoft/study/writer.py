"""A study that is open for writing: what is finished, and appending what just finished."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hpsoft.softmax.metric import CROSS_ENTROPY
from hpsoft.space.points import Points
from hpsoft.study.frozen_trial import Converter, is_finished, to_record
from hpsoft.study.identity import StudyDescription
from hpsoft.study.reader import description
from hpsoft.study.records import NOT_IN_GRID, TrialRecord
from hpsoft.study.storage.bulk import add_trials, n_finished
from hpsoft.study.storage.connect import Connection
from hpsoft.study.storage.journal_bulk import trial_records

if TYPE_CHECKING:
    from optuna.study import Study

REAPED = "hpsoft_reaped"


class StudyStore:
    """One search in its study. Made by `open_study`; a context manager that closes itself."""

    def __init__(
        self,
        connection: Connection,
        study: "Study",
        grid: Points,
        *,
        resumed: bool,
        check_lock: Callable[[], None] | None = None,
    ) -> None:
        """Take over an open study; read its trials when they are asked for.

        `check_lock` raises where this process may not write any more.
        """
        self.connection = connection
        self.name = study.study_name
        self.grid = grid
        self.resumed = resumed  # the study was there before
        self._study = study
        self._study_id = connection.storage.get_study_id_from_name(study.study_name)
        self._check_lock = check_lock
        about = description(study)
        self._converter = Converter(grid, () if about is None else about.grown_from)
        self._metric = CROSS_ENTROPY if about is None else about.identity.chosen_by
        self._finished: dict[int, TrialRecord] = {}
        self._seen: set[int] = set()  # numbers of the trials that are in `_finished` or no result
        self._unread: set[int] = set()  # grid ids that were appended since
        self._read_to: int | None = None  # end of what of a journal file was read or appended
        self._worker_id = f"hpsoft-{uuid.uuid4()}"  # of its records in a journal
        self._opened = ExitStack()

    @property
    def description(self) -> StudyDescription:
        """What the study says about itself, from the storage."""
        with self.connection.errors():
            about = description(self._study)
        assert about is not None, "its writer has described it"
        return about

    def finished(self) -> dict[int, TrialRecord]:
        """Return the first finished trial of every grid id that has one, read anew.

        A FAIL counts only if it diverged: what a crash or a kill left has to run again.

        Raises:
            StorageError: the storage cannot be read.
        """
        with self.connection.errors():
            self._refresh()
        return dict(self._finished)

    def append(self, records: Iterable[TrialRecord]) -> int:
        """Store finished trials and return how many were new; a finished grid id is skipped.

        A database gets them in one transaction, a journal file in one write: all of them, or
        after a kill none; in the journal the first few.

        Raises:
            StorageError: the storage cannot be written, or the right to write was lost.
        """
        records = list(records)  # before the storage is locked: they may take time to come
        with self.connection.errors(), self.connection.batch():
            if self._check_lock is not None:
                self._check_lock()
            if self._has_news():
                self._refresh()
            there = self._finished.keys() | self._unread
            new = {r.grid_id: r for r in records if r.grid_id not in there}
            self._add(new)
        return len(new)

    def reap(self) -> int:
        """Fail the trials that a dead process left RUNNING, and return how many.

        hpsoft stores only finished trials, so they are stock Optuna's. Call it only as the
        study's one writer: a stock worker that lives is told that its trial is finished.
        """
        from optuna.trial import TrialState

        storage = self.connection.storage
        running = self._study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
        study_id = storage.get_study_id_from_name(self.name)
        for trial in running:
            trial_id = storage.get_trial_id_from_study_id_trial_number(study_id, trial.number)
            storage.set_trial_user_attr(trial_id, REAPED, "was RUNNING when hpsoft resumed")
            storage.set_trial_state_values(trial_id, TrialState.FAIL)
        return len(running)

    def on_close(self, resources: ExitStack) -> None:
        """Take over what is to be given back when the study is closed."""
        self._opened.push(resources)

    def close(self) -> None:
        """Let other processes write the study. Harmless the second time."""
        self._opened.close()

    def __enter__(self) -> Self:
        """Return this study; leaving closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the study."""
        self.close()

    def _has_news(self) -> bool:
        """Tell whether the storage holds what was not read, nor written here. The lock is held."""
        if (journal := self.connection.journal) is not None:
            return journal.end != self._read_to
        n_known = len(self._seen) + len(self._unread)
        return n_finished(self.connection.storage, self.name) != n_known

    def _add(self, new: Mapping[int, TrialRecord]) -> None:
        trials = [self._converter.to_optuna(record) for record in new.values()]
        if (journal := self.connection.journal) is not None:
            journal.append_logs(trial_records(trials, self._study_id, self._worker_id))
            self._read_to = journal.end
        elif not add_trials(self.connection.storage, self.name, trials):
            for trial in trials:
                self._study.add_trial(trial)
            return
        self._unread |= new.keys()

    def _refresh(self) -> None:
        """Read what is new: stock Optuna may have worked on the study in the meantime."""
        from optuna.trial import TrialState

        states = (TrialState.COMPLETE, TrialState.FAIL, TrialState.PRUNED)
        for trial in self._study.get_trials(deepcopy=False, states=states):
            if trial.number in self._seen:
                continue
            self._seen.add(trial.number)
            grid_id = self._converter.grid_id(trial)
            if grid_id != NOT_IN_GRID and is_finished(trial):
                self._finished.setdefault(grid_id, to_record(trial, grid_id, self._metric))
        self._unread.clear()
