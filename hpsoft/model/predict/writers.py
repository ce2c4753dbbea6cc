"""Files of predictions: .csv, .parquet and .npy, chunk by chunk, whole or not at all.

.csv .parquet   a column `prediction`; with probabilities, a column a class
.npy            class names (n,); with probabilities, (n, n_classes) in the order of the classes
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from hpsoft.errors import HpsoftError
from hpsoft.model.predict.apply import Predicted
from hpsoft.system.files import drafted
from hpsoft.system.outputs import begins_otherwise, check_output, columns_otherwise

PREDICTION = "prediction"
Write = Callable[[Predicted], None]
SUFFIXES = (".csv", ".parquet", ".npy")


def check_out(path: Path, inputs: Mapping[Path, str] | None = None) -> None:
    """Check that predictions can be written there, and that it is none of `inputs`.

    Raises:
        HpsoftError: another suffix, a folder of that name, no folder for it, or a table that
            holds something else.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise HpsoftError(
            f"--out {path} does not end in .csv, .parquet or .npy: name the format so."
        )
    check_output(path, "--out", SUFFIXES, inputs or {}, _is_no_prediction)


def _is_no_prediction(path: Path) -> bool:
    """Tell whether a table's first column is another one; arrays have no names."""
    if path.suffix.lower() == ".csv":
        return begins_otherwise(PREDICTION.encode())(path)
    if path.suffix.lower() == ".npy":
        return False
    return columns_otherwise(PREDICTION)(path)


def columns_of(classes: Sequence[str], *, proba: bool) -> list[str]:
    """Return the names of the columns; that of the prediction gives way to a class of its name."""
    first = PREDICTION
    while proba and first in classes:
        first = f"{first}_"
    return [first, *classes] if proba else [first]


@contextmanager
def writing(path: Path | None, classes: tuple[str, ...], *, proba: bool) -> Iterator[Write]:
    """Write to a file for as long as the context lasts; None: nowhere.

    Raises:
        HpsoftError: it cannot be written.
    """
    if path is None:
        yield lambda _predicted: None
        return
    of: dict[str, Callable[..., AbstractContextManager[Write]]] = {
        ".csv": _csv,
        ".parquet": _parquet,
        ".npy": _npy_probabilities if proba else _npy_names,
    }
    try:
        with (
            drafted(path) as file,
            of[path.suffix.lower()](file, classes, proba=proba) as write,
        ):
            yield write
    except OSError as error:
        raise HpsoftError(f"Cannot write {path}: {error.strerror or error}.") from error


def _csv(
    file: IO[bytes], classes: tuple[str, ...], *, proba: bool
) -> AbstractContextManager[Write]:
    names = np.array(classes, dtype=object)

    def lines(rows: Sequence[Sequence[object]]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().encode()

    def write(predicted: Predicted) -> None:
        called = names[predicted.classes].tolist()
        if proba:
            both = zip(called, predicted.probabilities.tolist(), strict=True)
            file.write(lines([[name, *shares] for name, shares in both]))
        else:
            file.write(lines([[name] for name in called]))

    file.write(lines([columns_of(classes, proba=proba)]))
    return nullcontext(write)


@contextmanager
def _parquet(file: IO[bytes], classes: tuple[str, ...], *, proba: bool) -> Iterator[Write]:
    import pyarrow as pa
    from pyarrow import parquet

    called = pa.array(classes, pa.string())
    names = columns_of(classes, proba=proba)
    kinds = [pa.dictionary(pa.int32(), pa.string()), *[pa.float64()] * (len(names) - 1)]
    schema = pa.schema(list(zip(names, kinds, strict=True)))

    with parquet.ParquetWriter(file, schema) as writer:

        def write(predicted: Predicted) -> None:
            codes = pa.array(predicted.classes.astype(np.int32))
            arrays: list[Any] = [pa.DictionaryArray.from_arrays(codes, called)]
            if proba:
                arrays += [pa.array(column) for column in predicted.probabilities.T]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

        yield write


@contextmanager
def _npy_names(file: IO[bytes], classes: tuple[str, ...], *, proba: bool) -> Iterator[Write]:
    assert not proba, "class names alone"
    names = np.array(classes, dtype=str)
    with _array(file, names.dtype, ()) as append:
        yield lambda predicted: append(names[predicted.classes])


@contextmanager
def _npy_probabilities(
    file: IO[bytes], classes: tuple[str, ...], *, proba: bool
) -> Iterator[Write]:
    assert proba, "probabilities alone"
    with _array(file, np.dtype("<f8"), (len(classes),)) as append:
        yield lambda predicted: append(predicted.probabilities)


@contextmanager
def _array(
    file: IO[bytes], dtype: "np.dtype[Any]", shape: tuple[int, ...]
) -> Iterator[Callable[[Any], None]]:
    """Write an array whose length is known at the end: its header leaves room for that."""
    n = 0

    def header() -> None:
        npy.write_array_header_1_0(
            file,
            {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": (n, *shape)},
        )

    def append(rows: Any) -> None:
        nonlocal n
        file.write(np.ascontiguousarray(rows, dtype).tobytes())
        n += len(rows)

    header()
    start = file.tell()
    yield append
    file.seek(0)
    header()
    assert file.tell() == start, "NumPy's headers leave room for any length of the first axis"
    file.seek(0, io.SEEK_END)
