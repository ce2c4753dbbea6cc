"""What is said of data in Python: faults are warnings, all else a note where progress is shown."""

import inspect
import warnings
from collections.abc import Sequence
from types import FrameType

from hpsoft.api.errors import in_python
from hpsoft.errors import DataWarning
from hpsoft.report.data import WARNING, draw_data_notes
from hpsoft.report.text.console import Console

_PACKAGE = __name__.partition(".")[0]


def tell_of_data(console: Console, notes: Sequence[str]) -> None:
    """Warn of what must be known before a result is trusted, and print the rest."""
    for note in notes:
        if note.startswith(WARNING):
            told = in_python(note.removeprefix(WARNING))
            warnings.warn(told, DataWarning, stacklevel=_levels(inspect.currentframe()))
    rest = [in_python(note) for note in notes if not note.startswith(WARNING)]
    draw_data_notes(console, rest)


def _levels(frame: FrameType | None) -> int:
    """Return how many frames, this one too, are between this one and the caller of hpsoft."""
    levels = 1
    while frame is not None and _is_ours(frame):
        frame, levels = frame.f_back, levels + 1
    return levels


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] == _PACKAGE
