"""Chunks of rows -> classes and probabilities; values that are missing are counted.

The first chunk that cannot be predicted ends the predicting, not the reading: an error tells how
many values are missing in all.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.encoding.date import Date
from hpsoft.data.encoding.encoding import Column
from hpsoft.data.encoding.number import Number
from hpsoft.data.encoding.table import Coded, Table
from hpsoft.data.errors import nth
from hpsoft.data.stream.incoming import Incoming, Wanted
from hpsoft.errors import DataError
from hpsoft.model.files import TrainedModel
from hpsoft.softmax import softmax
from hpsoft.softmax.probabilities import Array


@dataclass(frozen=True, eq=False)
class Predicted:
    """What a model says of some rows."""

    classes: NDArray[np.intp]  # (n,), the likeliest
    probabilities: Array  # (n, n_classes), by the temperature of the model
    logits: Array  # (n, n_classes), as trained
    labels: Array | None  # (n,) of str, where there are some

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.classes)


class Applied:
    """A model on rows, and what was found on the way."""

    def __init__(self, model: TrainedModel, wanted: Wanted, incoming: Incoming) -> None:
        """Take the model, what it wants, and the rows."""
        self._model, self._wanted, self._incoming = model, wanted, incoming
        self._gaps: dict[tuple[str, str], _Gap] = {}
        self.unseen: Counter[str] = Counter()  # rows with a text that was never seen, by column
        self.n_rows = 0
        self._rows: Array = np.empty(0, np.intp)  # of a chunk: places in the data

    def __iter__(self) -> Iterator[Predicted]:
        """Yield what the model says, chunk by chunk.

        Raises:
            DataError: values that are missing or infinite; all rows are read before.
        """
        for chunk in self._incoming.chunks():
            rows = range(self.n_rows, self.n_rows + len(chunk))
            self._rows = np.asarray(rows if chunk.rows is None else chunk.rows)
            self._look(chunk.table)
            self.n_rows += len(chunk)
            if not self._gaps:
                yield self._predicted(chunk.table, chunk.labels)
        if self._gaps:
            raise self._missing()
        if not self.n_rows:
            raise DataError(f"{self._incoming.origin} has no rows, so nothing can be predicted.")

    def _predicted(self, table: Table, labels: Array | None) -> Predicted:
        encoding = self._wanted.encoding
        X = table.numbers if encoding is None else encoding.apply(table, self._incoming.origin)
        with np.errstate(over="ignore", invalid="ignore"):
            logits = self._model.logits(np.asarray(X))
        if not np.isfinite(logits).all():
            row = self._rows[np.argmax(~np.isfinite(logits).all(axis=1))]
            raise DataError(
                f"{self._incoming.origin}: the numbers of row {nth(row)} are so large that "
                "the model's logits are infinite. Are they in the units that it was trained on?"
            )
        probabilities = softmax(logits / self._model.temperature)
        return Predicted(logits.argmax(axis=1), probabilities, logits, labels)

    def _look(self, table: Table) -> None:
        """Count texts that are new to the model, and values without which it can say nothing."""
        encoding = self._wanted.encoding
        if encoding is None:
            self._count("", np.asarray(table.numbers), fills=False)
            return
        self.unseen.update(
            {n: c for n, c in encoding.unseen(table).items() if n in self._wanted.needed}
        )
        numbers, texts = iter(range(table.numbers.shape[1])), iter(table.texts)
        for column in encoding.columns:
            values = self._values(column, table, numbers, texts)
            if column.name in self._wanted.needed and values is not None:
                fill = getattr(column, "fill", None)
                self._count(column.name, values[:, None], fills=fill is not None)

    @staticmethod
    def _values(
        column: Column, table: Table, numbers: Iterator[int], texts: Iterator[Coded]
    ) -> Array | None:
        """Return the numbers of a column (n,); None: it has none."""
        if isinstance(column, Date):
            return column.days(next(texts))
        if column.is_text:
            next(texts)
            return None
        values = table.numbers[:, next(numbers)]
        return values if isinstance(column, Number) else None

    def _count(self, name: str, X: Array, *, fills: bool) -> None:
        if X.dtype.kind != "f":
            return
        kinds = {"is infinite": np.isinf(X)} | ({} if fills else {"is missing": np.isnan(X)})
        for what, bad in kinds.items():
            if not bad.any():
                continue
            row, column = np.argwhere(bad)[0].tolist()
            called = name or f"number {column}"
            gap = self._gaps.setdefault((name, what), _Gap(called, what, int(self._rows[row])))
            gap.n_rows += int(bad.any(axis=1).sum())

    def _missing(self) -> DataError:
        first = min(self._gaps.values(), key=lambda gap: gap.row)
        others = len(self._gaps) - 1
        more = f", and so have {others:,} other columns some" if others else ""
        way_out = (
            "The model was fitted to data without gaps. Fill them in or take the rows out, or "
            "train it with --missing median or mean."
        )
        if first.what == "is infinite":
            way_out = "Correct these values, or take the rows out."
        return DataError(
            f"{self._incoming.origin}: column {first.name!r} {first.what} in {first.n_rows:,} of "
            f"{self.n_rows:,} rows, first in row {nth(first.row)}{more}. {way_out}"
        )


@dataclass
class _Gap:
    name: str
    what: str
    row: int  # the first
    n_rows: int = 0
