"""Text in a file: compressed or not, in the encoding that it is found to have.

A byte order mark names the encoding, else it is UTF-8 wherever that is possible. Text that is no
UTF-8 at all is read as Windows' CP1252, a superset of printable Latin-1; text that is UTF-8 for
the most part is damaged, and refused.
"""

import bz2
import codecs
import gzip
import io
import lzma
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from hpsoft.data.errors import check_text
from hpsoft.errors import DataError, unknown

T = TypeVar("T")


def _zstandard(path: Path) -> Any:
    """Open a file that is compressed by zstandard."""
    import pyarrow as pa

    return io.BufferedReader(pa.input_stream(str(path), compression="zstd"), 1 << 20)


_PACKED: dict[bytes, Any] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
    b"\x28\xb5\x2f\xfd": _zstandard,
}
_MARKS = (  # UTF-32's first: its mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
START = 1024  # bytes that tell
PLAIN = "utf-8-sig"  # UTF-8, with a byte order mark or without
WINDOWS = "cp1252"
LATIN = "iso8859-1"  # for bytes that CP1252 leaves open
ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1", "cp1250", "cp1251", "shift_jis", "gb18030")
LOOKED_AT = 1 << 18  # characters
LINES_LOOKED_AT = 20  # at least, of lines that are long
_MANY_BYTES = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")  # a character of UTF-8, beyond ASCII
_ASCII = bytes(range(128))
_LEFT_OPEN = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_JSON = re.compile(rb'(\xef\xbb\xbf)?\s*(\[\s*)?\{\s*"[^"]*"\s*:')
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class TextFile:
    """A file of text, and how its bytes are to be read. Every method may raise OSError."""

    path: Path
    encoding: str
    magic: bytes | None  # that its compression begins with
    is_asked: bool = False  # whether the user names the encoding

    @property
    def is_plain(self) -> bool:
        """Whether its uncompressed bytes are UTF-8."""
        return self.encoding == PLAIN

    @property
    def is_bytewise(self) -> bool:
        """Whether a line ends, and ASCII is, where it would be in UTF-8."""
        return self.encoding in {PLAIN, WINDOWS, LATIN}

    def bytes(self) -> IO[bytes]:
        """Open the uncompressed bytes."""
        if self.magic is None:
            return self.path.open("rb")
        return cast("IO[bytes]", _PACKED[self.magic](self.path))

    def text(self) -> IO[str]:
        """Open the text; line ends are kept as they are."""
        return io.TextIOWrapper(self.bytes(), encoding=self.encoding, newline="")

    def head(self) -> list[str]:
        """Return the first lines, whole ones."""
        lines, size = [], 0
        with self.text() as file:
            for line in file:
                lines.append(line)
                size += len(line)
                if size > LOOKED_AT and len(lines) >= LINES_LOOKED_AT:
                    break
        return lines


def find(path: Path, encoding: str | None = None) -> TextFile:
    """Look at the first bytes of a file; its name says nothing. `encoding` is the user's word.

    Raises:
        OSError: it cannot be read.
        DataError: there is no such encoding, or it is plainly no text.
    """
    with path.open("rb") as file:
        start = file.read(START)
    magic = next((magic for magic in _PACKED if start.startswith(magic)), None)
    check_text(path, start)
    if magic is not None:
        with TextFile(path, PLAIN, magic).bytes() as packed:
            start = packed.read(START)
    if _JSON.match(start):
        raise DataError(
            f"{path} is JSON, whatever its name says. Write its records as the rows of a CSV or "
            "Parquet file."
        )
    if encoding is not None:
        return TextFile(path, _checked(encoding), magic, True)
    return TextFile(path, _encoding(start), magic)


def _checked(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, TypeError, ValueError):
        raise DataError(f"{unknown('encoding', encoding, ENCODINGS)} See --encoding.") from None
    return PLAIN if name == "utf-8" else name


def _encoding(start: bytes) -> str:
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if len(start) < 4:
        return PLAIN
    # Without a mark, every other byte of the ASCII in it is 0: separators, digits, line ends.
    zeros = [start[side::2].count(0) for side in (0, 1)]
    if min(zeros) or max(zeros) < len(start) / 8:
        return PLAIN
    return "utf-16-be" if zeros[0] else "utf-16-le"


def other_encoding(file: TextFile) -> TextFile | None:
    """Return a file that is not UTF-8 with the encoding that it has; None: it is damaged.

    Raises OSError.
    """
    if file.is_asked or not file.is_plain:
        return None
    n_valid = n_high = 0
    left_open = False
    with file.bytes() as stream:
        while chunk := stream.read(1 << 20):
            if _NO_TEXT.search(chunk):
                return None
            if chunk.isascii():
                continue
            n_valid += sum(len(match) for match in _MANY_BYTES.findall(chunk))
            n_high += len(chunk.translate(None, _ASCII))
            left_open = left_open or _LEFT_OPEN.search(chunk) is not None
    if n_valid > n_high / 2:
        return None
    return TextFile(file.path, LATIN if left_open else WINDOWS, file.magic)


def undecodable(file: TextFile, error: UnicodeError) -> DataError:
    """Return the error for text that is not in the encoding that it is read in."""
    why = _fault(file, error)
    if file.is_asked:
        return DataError(
            f"{file.path} is not in {file.encoding.removesuffix('-sig').upper()}: {why}. Name the encoding "
            f"that it was written in with --encoding: {', '.join(ENCODINGS)}."
        )
    return DataError(
        f"{file.path} is no text in UTF-8: {why}. It is damaged, or in another encoding: name "
        f"that with --encoding ({', '.join(ENCODINGS[1:])}), or save it in UTF-8."
    )


def _fault(file: TextFile, error: UnicodeError) -> str:
    """Return which lines cannot be decoded; what Python says where lines end in no byte."""
    if file.encoding.startswith(("utf-16", "utf-32")):
        return str(error)
    n, first, why = 0, 0, str(error)
    with file.bytes() as lines:
        for number, line in enumerate(lines, 1):
            try:
                line.decode(file.encoding)
            except UnicodeDecodeError as odd:
                n += 1
                if n == 1:
                    first, why = number, f"{odd.reason}, byte 0x{line[odd.start]:02x}"
    if not n:  # of a state that lines share
        return why
    others = f"; {n:,} lines are so" if n > 1 else ""
    return f"line {first} has bytes that cannot be decoded ({why}){others}"


def in_its_encoding(file: TextFile, read: Callable[[TextFile], T]) -> T:
    """Read a file, once more where it turns out not to be UTF-8.

    Raises:
        DataError: it is damaged, or not in the encoding that the user names.
    """
    try:
        return read(file)
    except UnicodeError as error:
        other = other_encoding(file)
        if other is None:
            raise undecodable(file, error) from None
    try:
        return read(other)
    except UnicodeError as error:
        raise undecodable(other, error) from None
