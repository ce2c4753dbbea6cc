"""A journal file that Optuna's JournalStorage can write in batches, and that survives a kill.

The file is Optuna's: a JSON object a line. Two things differ from its own file backend. A batch of
records is one locked, synced write. And what a kill or a full disk leaves behind, a last line
without its end, is cut off by the next append; Optuna's backend would append to it and so make
both records, and with them the whole file, unreadable.
"""

import json
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from hpsoft.errors import StorageError
from hpsoft.study.storage.locks import JournalLock

_START = b'{"op_code":'  # of every record that Optuna writes


class JournalFile:
    """Optuna's `BaseJournalBackend` for one file, by shape: a subclass would import Optuna here."""

    def __init__(self, path: Path) -> None:
        """Read nothing yet, create nothing yet."""
        self.path = path
        self._lock = JournalLock(path)
        self._count = 0  # records read so far,
        self._offset = 0  # and the bytes that they take
        self._batch: list[bytes] | None = None
        self._batch_synced = False  # the file was read since the batch began
        self._failed = False  # records that Optuna has seen are not in the file

    def read_logs(self, log_number_from: int) -> Iterator[dict[str, Any]]:
        """Yield the records from this number on; an unfinished last line is not one yet.

        Raises:
            StorageError: a line is not a journal record.
        """
        self._check_sound()
        if log_number_from < self._count:  # another reader starts over
            self._count = self._offset = 0
            self._batch_synced = False
        if not self._batch_synced:
            yield from self._read_file(log_number_from)
            self._batch_synced = self._batch is not None
        for line in (self._batch or [])[max(0, log_number_from - self._count) :]:
            yield json.loads(line)

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        """Append records: now, or at the end of the batch.

        Raises:
            StorageError: another process holds the lock, or the file is not a journal.
            OSError: the file cannot be written; nothing of these records is left in it.
        """
        lines = [json.dumps(log, separators=(",", ":")).encode() + b"\n" for log in logs]
        if self._batch is not None:
            self._batch += lines
            return
        with self._locked() as file:
            _write(file, b"".join(lines))

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
                synced, self._batch_synced = self._batch_synced, False
                self._flush(file, lines, synced=synced)

    def _flush(self, file: IO[bytes], lines: list[bytes], *, synced: bool) -> None:
        text = b"".join(lines)
        self._failed = True
        if text:
            _write(file, text)
        self._failed = False
        if synced:  # else the next read finds them in the file
            self._count += len(lines)
            self._offset += len(text)

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

    def _read_file(self, log_number_from: int) -> Iterator[dict[str, Any]]:
        with self.path.open("rb") as file:
            file.seek(self._offset)
            text = file.read()
        *lines, _unfinished = text.split(b"\n")
        if not lines and self._count == 0:
            self._check_start(text)
        for line in lines:
            record = self._parse(line)
            self._count += 1
            self._offset += len(line) + 1
            if self._count > log_number_from:
                yield record

    def _parse(self, line: bytes) -> dict[str, Any]:
        try:
            record = json.loads(line)
            if "op_code" in record:
                return record
        except (ValueError, TypeError):
            pass
        if self._count == 0:
            raise self._not_a_journal()
        raise StorageError(
            f"Line {self._count + 1} of the journal {self.path} is damaged. Only its record is lost "
            "when it is taken out; this does so, and keeps a copy: "
            f"sed -i.bak {self._count + 1}d {shlex.quote(str(self.path))}"
        )

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
