"""Reading svmlight and libsvm: a label a line, then index:value of what is not zero.

Indices begin at 1, or at 0 where one of them does. What such a file is called says little, so the
first line tells: `-1 3:0.5 7:1`. Through scikit-learn, made dense where there is memory for it.
"""

import bz2
import gzip
import re
import zlib
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from hpsoft.data.containers.dense import as_dense
from hpsoft.data.errors import check_stand_in, corrupt, reading
from hpsoft.data.types import Source
from hpsoft.errors import DataError, out_of_memory
from hpsoft.softmax.probabilities import Array

SUFFIXES = (".svm", ".svmlight", ".libsvm")
PACKED = {".gz": gzip.open, ".bz2": bz2.open}
TEST = ".t"  # behind the name of the test part: a9a, a9a.t
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_LINE = re.compile(rf"\s*{_NUMBER}(,{_NUMBER})*(\s+qid:\d+)?(\s+\d+:{_NUMBER})+\s*(#.*)?")
_INDEX = re.compile(r"(?<=\s)(\d+):")
LINES_LOOKED_AT = 20
LARGEST = 2**31 - 1  # index, as readers keep them in 32 bits
LONGEST = 1 << 16  # characters of a line that are looked at


def is_svmlight(path: Path) -> bool:
    """Tell whether a file is of this format, by its name or its first lines."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return bool(suffixes and suffixes[-1] in SUFFIXES) or looks_like_svmlight(path)


def looks_like_svmlight(path: Path) -> bool:
    """Tell whether the first line, besides comments, is a label and index:value pairs."""
    unpack = PACKED.get(path.suffix.lower(), open)
    try:
        with unpack(path, "rt", encoding="ascii") as lines:  # type: ignore[operator]
            first = (line[:LONGEST] for line in islice(lines, LINES_LOOKED_AT))
            line = next((line for line in first if line.strip() and line[0] != "#"), "")
    except (OSError, ValueError, EOFError, zlib.error):
        return False
    whole = line.strip() if len(line) < LONGEST else line.rpartition(" ")[0]
    return _LINE.fullmatch(whole) is not None


def read_svmlight(path: Path) -> Source:
    """Read a file, and its test part where that lies beside it by the name of it and `.t`.

    Raises:
        DataError: damaged, several labels a sample, no feature, or too large to be made dense.
    """
    beside = _test_of(path)
    paths = [path] if beside is None else [path, beside]
    for one in paths:
        with reading(one), one.open("rb"):
            check_stand_in(one)
    found = _load(paths)
    for one, matrix in zip(paths, found[::2], strict=True):
        _check_features(one, matrix)
    X, labels = as_dense(found[0], str(path))(), found[1]
    X_test, labels_test = (as_dense(found[2], str(beside))(), found[3]) if beside else (None, None)
    notes = () if beside is None else (f"{beside.name} beside it is the test part.",)
    stem = path.stem if path.suffix.lower() in {*SUFFIXES, *PACKED, ".txt"} else path.name
    return Source(stem, X, labels, X_test, labels_test, str(path), notes=notes)


def _check_features(path: Path, matrix: Any) -> None:
    """Refuse labels alone; a sample among others may well be zero throughout.

    Raises:
        DataError: no sample has a feature.
    """
    if not matrix.nnz:  # a zero that is written down is counted
        raise DataError(
            f"{path} has no feature: all {matrix.shape[0]:,} lines with a sample hold a label alone. "
            "Wanted is a label and index:value pairs in each, such as 1 3:0.5 7:2."
        )


def _test_of(path: Path) -> Path | None:
    packed = path.suffix if path.suffix.lower() in PACKED else ""
    other = path.with_name(f"{path.name.removesuffix(packed)}{TEST}{packed}")
    return other if other.is_file() else None


def _load(paths: list[Path]) -> list[Array]:
    from sklearn.datasets import load_svmlight_files

    try:
        with reading(paths[0]):
            return load_svmlight_files([str(path) for path in paths])
    except (ValueError, OverflowError, UnicodeDecodeError) as error:
        if out_of_memory(error):
            raise
        raise _what_is_wrong(paths, error) from None


def _what_is_wrong(paths: list[Path], error: Exception) -> DataError:
    """Return the error for a damaged file, with the first line that is odd."""
    for path in paths:
        unpack = PACKED.get(path.suffix.lower(), open)
        with reading(path), unpack(path, "rt", encoding="latin-1") as lines:  # type: ignore[operator]
            for number, line in enumerate(lines, 1):
                text = line.partition("#")[0].strip()
                label = text.split(None, 1)[0] if text else ""
                if "," in label:
                    return DataError(
                        f"Line {number} of {path} has several labels, {label}. Softmax regression "
                        "learns one class a sample: keep one of them in each line."
                    )
                if text and not _LINE.fullmatch(text) and not re.fullmatch(_NUMBER, text):
                    return DataError(
                        f"Line {number} of {path} is no sample of svmlight: {text[:60]!r}. Wanted "
                        "is a label and index:value pairs, such as 1 3:0.5 7:2."
                    )
        if found := _disorder(path) or _beyond(path):
            return found
    return corrupt(paths[0], str(error))


def _disorder(path: Path) -> DataError | None:
    """Return the error for indices that do not ascend, as libsvm's own reader wants them."""
    unpack = PACKED.get(path.suffix.lower(), open)
    n_odd, first = 0, ""
    with reading(path), unpack(path, "rt", encoding="latin-1") as lines:  # type: ignore[operator]
        for number, line in enumerate(lines, 1):
            found = [int(i) for i in _INDEX.findall(line.partition("#")[0])]
            pair = next(((a, b) for a, b in pairwise(found) if b <= a), None)
            if pair is not None:
                n_odd += 1
                a, b = pair
                what = f"index {a} twice" if a == b else f"index {b} after {a}"
                first = first or f"Line {number} of {path} has {what}"
    if not n_odd:
        return None
    return DataError(
        f"{first}; {n_odd:,} line(s) are so. Indices of svmlight are sorted and occur once in a "
        "line: sort them, or correct what wrote the file."
    )


def _beyond(path: Path) -> DataError | None:
    """Return the error for indices that are larger than readers of svmlight can hold."""
    unpack = PACKED.get(path.suffix.lower(), open)
    n, first = 0, ""
    with reading(path), unpack(path, "rt", encoding="latin-1") as lines:  # type: ignore[operator]
        for number, line in enumerate(lines, 1):
            found = _INDEX.findall(line.partition("#")[0])
            if huge := [i for i in found if len(i) > 9 and int(i) > LARGEST]:
                n += 1
                first = first or f"Line {number} of {path} has index {huge[0]:.30}"
    if not n:
        return None
    return DataError(
        f"{first}, beyond {LARGEST:,}, the largest that is read; {n:,} line(s) are so. Number the "
        "features from 1 without gaps, or correct what wrote the file."
    )
