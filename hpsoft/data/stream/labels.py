"""Labels as they are stored -> texts -> indices of the classes of a model.

Nothing is refused: rows without a label, or with one that the model does not know, are counted.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hpsoft.data.labels import is_one_hot, plain_name
from hpsoft.data.tables.numerals import is_unknown
from hpsoft.softmax.probabilities import Array

UNKNOWN = -1
MOST_NAMES = 10_000  # of labels that are no classes: a column of names would fill the memory


def label_texts(values: Array) -> Array:
    """Return labels (n,), (n, 1) or one-hot (n, n_classes) as texts, "" where one is missing."""
    values = np.asarray(values)
    if values.ndim == 2:
        one = values.shape[1] == 1
        values = values[:, 0] if one else values.argmax(axis=1) if is_one_hot(values) else values
    if values.ndim > 1:
        return np.array(["x".join(map(str, row.ravel()[:3])) for row in values], dtype=str)
    if values.dtype.kind == "S":
        values = np.char.decode(values, "utf-8", "replace")
    if values.dtype.kind in "biuU":
        return np.char.strip(values.astype(str))
    return np.array([_text(value) for value in values.tolist()], dtype=str)


def _text(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


class KnownLabels:
    """The classes of a model, and how often labels were none of them."""

    def __init__(self, classes: Sequence[str], most_names: int = MOST_NAMES) -> None:
        """Take the names of the classes, in their order, and how many others are kept."""
        self._most_names = most_names
        self._places = {name: k for k, name in enumerate(classes)}
        self.unknown: Counter[str] = Counter()
        self.n_unknown = self.missing = 0

    def indices(self, texts: Array) -> NDArray[np.intp]:
        """Return the class (n,) of each text, UNKNOWN where there is none, and count these."""
        names, inverse, counts = np.unique(texts, return_inverse=True, return_counts=True)
        places = np.empty(len(names), np.intp)
        for k, (name, count) in enumerate(zip(names.tolist(), counts.tolist(), strict=True)):
            place = self._places.get(name, self._places.get(plain_name(name), UNKNOWN))
            places[k] = place
            if place == UNKNOWN and not is_unknown(name):
                self.n_unknown += count
                if name in self.unknown or len(self.unknown) < self._most_names:
                    self.unknown[name] += count
            elif place == UNKNOWN:
                self.missing += count
        return places[inverse]
