"""What Optuna sees of a journal file: some of its studies, as if the others were not there.

A journal numbers studies and trials by the order of the lines that create them, and most lines
name a trial by its number alone. So all lines count, but only those of the chosen studies are
parsed; the others are told apart by their first bytes, at the speed of a search for line ends.
Optuna gets the chosen records with the numbers that they would have in a journal of their own,
and what it writes is numbered for the file again.
"""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from hpsoft.study.storage.journal_records import Operation, Record, fault

# How Optuna and hpsoft write the lines of trials. Any other spelling of JSON is parsed.
TRIAL_LINE = re.compile(
    rb'\{"op_code":(?:4,"worker_id":"[^"\\]*","study_id":(\d+)'
    rb'|[5-9],"worker_id":"[^"\\]*","trial_id":(\d+)),'
)
BY_TRIAL = range(Operation.SET_TRIAL_PARAM, Operation.SET_TRIAL_SYSTEM_ATTR + 1)
_UNDER_STUDY = range(Operation.DELETE_STUDY, Operation.CREATE_TRIAL + 1)


class DamageError(Exception):
    """A line is no record; `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        """Say where and why."""
        super().__init__(reason)
        self.line = line


class JournalView:
    """Counts all lines of a journal, and returns the records of some of its studies."""

    CLOSED = ord("}")  # the end of a line

    def __init__(self, chosen: Collection[str] | None) -> None:
        """Choose studies by their names; None: all."""
        self._chosen = chosen
        self.line = 0  # lines that were read
        self.n_trials = 0  # of all studies
        self.attributes: dict[str, dict[str, Any]] = {}  # of every study that exists, by name
        self.names: dict[int, str] = {}  # of every study that exists
        self._n_studies = 0  # that ever were
        self._studies: list[int] = []  # numbers in the file of the chosen studies, and
        self._trials: list[int] = []  # of their trials
        self._study_here: dict[int, int] = {}  # the way back
        self._trial_here: dict[int, int] = {}
        self._passed: set[bytes] = set()  # numbers of studies that exist and were not chosen

    def records(self, text: bytes) -> Iterator[Record]:
        """Yield the chosen records of whole lines, numbered for Optuna.

        Raises:
            DamageError: a line is no record.
        """
        position, size = 0, len(text)
        while position < size:
            position = self._skip(text, position, size)
            if position == size:
                return
            end = text.index(b"\n", position)
            self.line += 1
            record = self._parse(text[position:end])
            position = end + 1
            if self._take(record):
                yield self._numbered_here(record)

    def to_file(self, record: Record) -> Record:
        """Return a record of Optuna's with the numbers of the file."""
        op = record["op_code"]
        if op in BY_TRIAL:
            return {**record, "trial_id": self._trials[record["trial_id"]]}
        if op in _UNDER_STUDY:
            return {**record, "study_id": self._studies[record["study_id"]]}
        return record

    def _skip(self, text: bytes, position: int, size: int) -> int:
        """Count lines of trials that were not chosen; return where the first other line begins."""
        match, find, starts = TRIAL_LINE.match, text.find, text.startswith
        while position < size and (found := match(text, position)):
            study, trial = found.groups()
            if study is None:
                if int(trial) in self._trial_here or int(trial) >= self.n_trials:
                    break
            elif study not in self._passed:
                break
            head, count = found[0], 0
            while True:  # lines of one study and worker follow each other
                end = find(b"\n", position)
                if text[end - 1] != self.CLOSED:
                    break
                count += 1
                position = end + 1
                if not starts(head, position):
                    break
            self.line += count
            if study is not None:
                self.n_trials += count
            if not count:
                break
        return position

    def _parse(self, line: bytes) -> Record:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise DamageError(self.line, "it is not JSON") from None
        if reason := fault(record):
            raise DamageError(self.line, reason)
        op = record["op_code"]
        if op in _UNDER_STUDY and record["study_id"] >= self._n_studies:
            raise DamageError(self.line, f"there is no study {record['study_id']} before it")
        if op in BY_TRIAL and record["trial_id"] >= self.n_trials:
            raise DamageError(self.line, f"there is no trial {record['trial_id']} before it")
        return record

    def _take(self, record: Record) -> bool:
        """Follow a record as Optuna's replay does, and tell whether it was chosen."""
        op = record["op_code"]
        if op == Operation.CREATE_STUDY:
            return self._create(record["study_name"])
        if op in BY_TRIAL:
            return record["trial_id"] in self._trial_here
        if op == Operation.DISCARD_TRIALS:
            return False
        study = record["study_id"]
        name = self.names.get(study)
        if op == Operation.DELETE_STUDY and name is not None:
            del self.names[study], self.attributes[name]
            self._passed.discard(b"%d" % study)
        elif op == Operation.SET_STUDY_USER_ATTR and name is not None:
            self.attributes[name] |= record["user_attr"]
        elif op == Operation.CREATE_TRIAL and name is not None:
            if study in self._study_here:
                self._trial_here[self.n_trials] = len(self._trials)
                self._trials.append(self.n_trials)
            self.n_trials += 1
        return study in self._study_here

    def _create(self, name: str) -> bool:
        chosen = self._chosen is None or name in self._chosen
        if name in self.attributes:  # Optuna ignores it, and tells the process that wrote it
            return chosen
        if chosen:
            self._study_here[self._n_studies] = len(self._studies)
            self._studies.append(self._n_studies)
        else:
            self._passed.add(b"%d" % self._n_studies)
        self.names[self._n_studies] = name
        self.attributes[name] = {}
        self._n_studies += 1
        return chosen

    def _numbered_here(self, record: Record) -> Record:
        op = record["op_code"]
        if op in BY_TRIAL:
            record["trial_id"] = self._trial_here[record["trial_id"]]
        elif op in _UNDER_STUDY:
            record["study_id"] = self._study_here[record["study_id"]]
        return record
