"""Text in a file: compressed or not, in UTF-8 or in what its byte order mark says."""

import bz2
import codecs
import gzip
import io
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

_PACKED: dict[bytes, Any] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
}
_MARKS = (  # UTF-32's first: its mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PLAIN = "utf-8-sig"  # UTF-8, with a byte order mark or without
LOOKED_AT = 1 << 18  # characters
LINES_LOOKED_AT = 20  # at least, of lines that are long


@dataclass(frozen=True)
class TextFile:
    """A file of text, and how its bytes are to be read. Every method may raise OSError."""

    path: Path
    encoding: str
    magic: bytes | None  # that its compression begins with

    @property
    def is_plain(self) -> bool:
        """Whether its uncompressed bytes are UTF-8."""
        return self.encoding == PLAIN

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


def find(path: Path) -> TextFile:
    """Look at the first bytes of a file; its name says nothing.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(8)
    magic = next((magic for magic in _PACKED if start.startswith(magic)), None)
    if magic is not None:
        with TextFile(path, PLAIN, magic).bytes() as packed:
            start = packed.read(8)
    return TextFile(path, _encoding(start), magic)


def _encoding(start: bytes) -> str:
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if len(start) >= 4 and start[0:4:2] == b"\0\0":  # Latin letters and digits without a mark
        return "utf-16-be"
    return "utf-16-le" if len(start) >= 4 and start[1:4:2] == b"\0\0" else PLAIN
