"""Files as they may be: never half written by us, and damaged by others."""

import os
import struct
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# What NumPy, zipfile and zlib raise on bytes that are not as they should be; the list was found by
# changing bytes of good files at random.
UNREADABLE = (
    *(ValueError, TypeError, RuntimeError, SyntaxError, MemoryError),
    *(OverflowError, struct.error, tokenize.TokenError),
)


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` in the place of a regular file at once, or into whatever else is there.

    A symbolic link is followed; a device or pipe is written to, never replaced. Raises OSError.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(content)
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def drafted(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that is written bit by bit, and stands in the place of `path` at the end.

    Where anything goes wrong before, what was there stays, and no draft does. A symbolic link is
    followed; a device or pipe is written to, never replaced. Raises OSError.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            yield file
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("w+b") as file:
            yield file
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
