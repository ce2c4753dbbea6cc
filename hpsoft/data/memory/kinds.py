"""Of which kind labels in memory are, so that a model's classes can be of that kind again."""

import numpy as np

from hpsoft.softmax.probabilities import Array

BOOL, FLOAT, INT, TEXT = "bool", "float", "int", "text"


def kind_of(labels: Array) -> str:
    """Return what kind of values labels are: BOOL, FLOAT, INT or TEXT.

    >>> kind_of(np.array([1, 2], object)), kind_of(np.array(["1", 2], object))
    ('int', 'text')
    """
    kinds = {"b": BOOL, "f": FLOAT, "i": INT, "u": INT}
    if labels.dtype.kind != "O":
        return kinds.get(labels.dtype.kind, TEXT)
    found = {kinds.get(np.asarray(label).dtype.kind, TEXT) for label in labels.ravel().tolist()}
    return found.pop() if len(found) == 1 else TEXT
