"""Lines of progress in a notebook: one, redrawn in its place."""

import importlib
import sys
import warnings
from collections.abc import Callable
from html import escape
from typing import Any

from hpsoft.report.text.format import printable


def import_silently(name: str = "tqdm.auto") -> None:
    """Import in a kernel what Optuna imports for bars that are never shown, without its advice.

    Otherwise the first thing in a notebook would be a warning that ipywidgets are not there.
    """
    if "ipykernel" in sys.modules and name not in sys.modules:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module(name)


def in_place() -> Callable[[str], None]:
    """Return what shows a line where the one before was.

    Rich's own live display would need ipywidgets; a notebook's cell can always be updated.
    """
    from IPython.display import HTML, display

    html: Callable[[str], object] = HTML
    shown: Callable[..., Any] = display
    handle = shown(html(""), display_id=True)

    def show(line: str) -> None:
        handle.update(html(f"<pre>{escape(printable(line))}</pre>"))

    return show
