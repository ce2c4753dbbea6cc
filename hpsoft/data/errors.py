"""Opening files: what the operating system or a decompressor says, as one paragraph for a user."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hpsoft.errors import DataError, out_of_memory

_NO_TEXTS = {
    b"PK\x03\x04": "a zip archive or a workbook (.xlsx, .ods)",
    b"\xd0\xcf\x11\xe0": "a workbook of Excel's (.xls)",
    b"%PDF": "a PDF",
    b"\x89PNG": "an image",
    b"PAR1": "Parquet",
}
_WEB_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*(<!doctype\s+html|<html[\s>])", re.IGNORECASE)
_POINTER = b"version https://git-lfs.github.com/spec/"
START = 512  # bytes that tell what a file is


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn failures to read `path` into a DataError that names it.

    Raises:
        DataError: the file is missing, forbidden, truncated or corrupt.
    """
    try:
        yield
    except FileNotFoundError:
        raise DataError(
            f"There is no file or folder {str(path)!r}. Check the path; `hpsoft data list` shows "
            "the data sets that have a name."
        ) from None
    except PermissionError:
        raise DataError(
            f"{path} may not be read by this user. Change its permissions or copy it."
        ) from None
    except IsADirectoryError:
        raise DataError(
            f"{path} is a folder, but its name is that of a file. Name the file in it, or rename "
            "the folder to have its IDX or .npy files read."
        ) from None
    except EOFError:
        check_stand_in(path)
        raise DataError(
            f"{path} is truncated: it ends before its content does. Copy or download it again."
        ) from None
    except (
        zlib.error,
        zipfile.BadZipFile,
        RuntimeError,
    ) as error:  # of zipfile: an unknown method, a password
        raise corrupt(path, str(error)) from None
    except OSError as error:
        if out_of_memory(error):  # the file may be as good as any
            raise
        raise corrupt(path, error.strerror or str(error)) from None


def corrupt(path: Path | str, why: str) -> DataError:
    """Return the error for a file whose content is not what it should be; raise a better one."""
    check_stand_in(Path(path))
    why = " ".join(why.split()).rstrip(".")  # some libraries write several lines
    return DataError(
        f"{path} cannot be read: {why}. It is corrupt or of another format; "
        "copy or download it again."
    )


def check_text(path: Path, start: bytes) -> None:
    """Check that a file, by its first bytes, may be a table of text.

    Raises:
        DataError: it is something else by the name of one.
    """
    if what := next((what for magic, what in _NO_TEXTS.items() if start.startswith(magic)), None):
        raise DataError(
            f"{path} is {what}, whatever its name says. Save the table as CSV, or rename the file "
            "to what it is."
        )
    check_stand_in(path, start)


def check_stand_in(path: Path, start: bytes | None = None) -> None:
    """Check that a file, by its first bytes, is not what often lies by the name of another one.

    Raises:
        DataError: it is a pointer of Git LFS, or a web page.
    """
    if start is None:
        with suppress(OSError, ValueError), path.open("rb") as file:  # no file, or no path at all
            start = file.read(START)
    start = start or b""
    if _WEB_PAGE.match(start):
        raise DataError(
            f"{path} is a web page (HTML), whatever its name says: often the error, or the page "
            "before a download. Open it in a browser, and download the file itself."
        )
    if start.startswith(_POINTER):
        raise DataError(
            f"{path} is a pointer of Git LFS to the file, and not the file itself. Fetch it with "
            "git lfs pull, or download it again."
        )


def nth(row: int) -> str:
    """Return a row as messages name it: rows count from 1, without the header of a table."""
    return f"{row + 1:,} (from 1)"
