"""What is said of data in Python: faults are warnings, all else a note where progress is shown."""

import inspect
import warnings
from collections.abc import Sequence
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.api.errors import in_python
from hpsoft.data.encoding.leaks import find_leaks
from hpsoft.data.encoding.table import Field, Table
from hpsoft.data.scale import like_pixels
from hpsoft.errors import DataWarning
from hpsoft.report.data import WARNING, draw_data_notes
from hpsoft.report.text.console import Console

_PACKAGE = __name__.partition(".")[0]


def tell_of_data(console: Console, notes: Sequence[str]) -> None:
    """Warn of what must be known before a result is trusted, and print the rest."""
    for note in notes:
        if note.startswith(WARNING):
            _warn(note)
    rest = [in_python(note) for note in notes if not note.startswith(WARNING)]
    draw_data_notes(console, rest)


def warn_of_leaks(X: NDArray[Any], names: Sequence[str], labels: NDArray[np.intp]) -> None:
    """Warn of the columns of X (n_samples, n_features) that tell the labels by themselves."""
    if like_pixels(X):
        return
    table = Table(X, (), tuple(map(Field, names)))
    for leak in find_leaks(table, labels, int(labels.max()) + 1):
        _warn(leak.note.replace("with --drop", "of X"))


def _warn(note: str) -> None:
    told = in_python(note.removeprefix(WARNING))
    warnings.warn(told, DataWarning, stacklevel=_levels(inspect.currentframe()))


def _levels(frame: FrameType | None) -> int:
    """Return how many frames, this one too, are between this one and the caller of hpsoft."""
    levels = 1
    while frame is not None and _is_ours(frame):
        frame, levels = frame.f_back, levels + 1
    return levels


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] == _PACKAGE
