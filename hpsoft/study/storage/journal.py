"""A journal file that Optuna's JournalStorage can write in batches, and that survives a kill.

The file is Optuna's: a JSON object a line. Three things differ from its own file backend. A batch
of records is one locked, synced write. What a kill or a full disk leaves behind, a last line
without its end, is cut off by the next append; Optuna's backend would append to it and so make
both records, and with them the whole file, unreadable. And it may be read for some of its studies
alone (journal_view.py).
"""

import json
import os
import shlex
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from hpsoft.errors import StorageError
from hpsoft.study.storage.journal_lock import JournalLock
from hpsoft.study.storage.journal_records import Record
from hpsoft.study.storage.journal_view import DamageError, JournalView

_START = b'{"op_code":'  # of every record that Optuna writes
_PIECE = 1 << 23  # bytes read at once


class JournalFile:
    """Optuna's `BaseJournalBackend` for one file, by shape: a subclass would import Optuna
    here.
    """

    def __init__(self, path: Path, studies: Collection[str] | None = None) -> None:
        """Read nothing yet, create nothing yet. Only of these studies will records be read."""
        self.path = path
        self.studies = studies  # None: all
        self._lock = JournalLock(path)
        self._batch: list[bytes] | None = None
        self._failed = False  # records that Optuna has seen are not in the file
        self._restart()

    def _restart(self) -> None:
        self._view = JournalView(self.studies)
        self._count = 0  # records that were handed out,
        self._offset = 0  # and where in the file the lines end that were read for them
        self._fed = 0  # lines of the batch that were read
        self._whole = True  # the last reading came to its end
        self.applying: int | None = None  # the line whose record Optuna has just got

    def read_logs(self, log_number_from: int) -> Iterator[Record]:
        """Yield the records from this number on; an unfinished last line is not one yet.

        Raises:
            StorageError: a line is not a journal record.
        """
        self._check_sound()
        if log_number_from < self._count or not self._whole:  # another reader starts over
            self._restart()
        self._whole = False
        for record in self._records():
            self._count += 1
            if self._count > log_number_from:
                self.applying = self._view.line
                yield record
        self.applying = None
        self._whole = True

    def read_with(self, view: JournalView) -> None:
        """Let a view of one's own see all lines, from the first.

        Raises:
            StorageError: a line is not a journal record.
        """
        self._restart()
        self._view = view
        for _ in self._records():
            pass

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        """Append records: now, or at the end of the batch.

        Raises:
            StorageError: another process holds the lock, or the file is not a journal.
            OSError: the file cannot be written; nothing of these records is left in it.
        """
        numbered = logs if self.studies is None else [self._view.to_file(log) for log in logs]
        lines = [json.dumps(log, separators=(",", ":")).encode() + b"\n" for log in numbered]
        if self._batch is not None:
            self._batch += lines
            return
        with self._locked() as file:
            _write(file, b"".join(lines))

    @property
    def end(self) -> int:
        """Where the file ends, in bytes, once the batch is written."""
        return self.path.stat().st_size + sum(map(len, self._batch or ()))

    def attributes(self) -> dict[str, dict[str, Any]]:
        """Return the user attributes of every study of the file, as it was last read."""
        return self._view.attributes

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Keep the lock and collect what is appended; write it in one go at the end.

        An exception within, Ctrl-C say, does not undo what was appended before it. Raises as
        `append_logs` does.
        """
        self._check_sound()
        with self._locked() as file:
            self._batch = []
            try:
                yield
            finally:
                lines, self._batch = self._batch, None
                fed, self._fed = self._fed, 0
                self._flush(file, lines, fed)

    def _flush(self, file: IO[bytes], lines: list[bytes], fed: int) -> None:
        self._failed = True
        if lines:
            _write(file, b"".join(lines))
        self._failed = False
        self._offset += sum(map(len, lines[:fed]))  # the next read finds the others in the file

    def _check_sound(self) -> None:
        if self._failed:
            raise StorageError(
                f"An earlier write to {self.path} failed. Run the same command again."
            )

    @contextmanager
    def _locked(self) -> Iterator[IO[bytes]]:
        with self.path.open("ab+", buffering=0) as file, self._lock.hold(file):
            self._repair(file)
            yield file

    def _records(self) -> Iterator[Record]:
        """Yield what the file holds beyond the last reading, then what the batch holds."""
        try:
            if self._fed == 0:  # else the batch was begun, and nobody else can append to the file
                for text in self._pieces():
                    yield from self._view.records(text)
                    self._offset += len(text)
            while self._fed < len(self._batch or ()):
                self._fed += 1
                assert self._batch is not None
                yield from self._view.records(self._batch[self._fed - 1])
        except DamageError as error:
            raise self.damaged(error.line, str(error)) from error

    def _pieces(self) -> Iterator[bytes]:
        """Yield whole lines, many at once."""
        with self.path.open("rb") as file:
            file.seek(self._offset)
            rest = b""
            while piece := file.read(_PIECE):
                text = rest + piece
                end = text.rfind(b"\n") + 1
                rest = text[end:]
                if end:
                    yield text[:end]
            if not self._view.line:
                self._check_start(rest)

    def damaged(self, line: int, reason: str) -> StorageError:
        """Return the error that says which line is no record, why, and what to do."""
        if line == 1 and not self._has_record():
            return self._not_a_journal()
        return StorageError(
            f"Line {line} of the journal {self.path} is damaged: {reason}. Only its record is lost "
            "when it is taken out; this does so, and keeps a copy: "
            f"sed -i.bak {line}d {shlex.quote(str(self.path))}"
        )

    def _has_record(self) -> bool:
        """Tell whether the first or the second line begins as a record does."""
        with self.path.open("rb") as file:
            return any(file.readline().startswith(_START) for _ in range(2))

    def _repair(self, file: IO[bytes]) -> None:
        """Cut off a last line without its end. The lock is held, so nobody is writing it."""
        size = file.seek(0, os.SEEK_END)
        if size == 0 or _last_byte(file, size) == b"\n":
            return
        file.seek(0)
        text = file.read()
        end = text.rfind(b"\n") + 1
        self._check_start(text)
        file.truncate(end)

    def _check_start(self, text: bytes) -> None:
        """Refuse what never was a journal, before anything is cut off it."""
        start = text[: len(_START)].rstrip(b"\0")  # zeros: a power cut before the data was synced
        if not _START.startswith(start):
            raise self._not_a_journal()

    def _not_a_journal(self) -> StorageError:
        return StorageError(
            f"{self.path} is not an Optuna journal file. It was left as it is; "
            "give --storage another path."
        )


def _last_byte(file: IO[bytes], size: int) -> bytes:
    file.seek(size - 1)
    return file.read(1)


def _write(file: IO[bytes], text: bytes) -> None:
    """Write all of the text and see it to the disk, or leave the file as it was."""
    size = file.seek(0, os.SEEK_END)
    try:
        rest = memoryview(text)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())
    except BaseException:
        file.truncate(size)
        raise
