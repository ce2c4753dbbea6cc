"""A plotly figure as one HTML file that needs no network. The only door to plotly."""

from importlib import import_module
from pathlib import Path
from typing import Any

from hpsoft.errors import HpsoftError


def require_plotly() -> Any:
    """Return plotly.graph_objects.

    Raises:
        HpsoftError: plotly, an optional extra, is not installed.
    """
    try:
        return import_module("plotly.graph_objects")
    except ImportError as error:
        raise HpsoftError(
            "--plot draws with plotly, which is not installed: pip install 'hpsoft[plot]'."
        ) from error


def write_plot(figure: Any, path: Path) -> None:
    """Write a figure as a self-contained HTML file of about 5 MB.

    Raises:
        HpsoftError: the file cannot be written.
    """
    page = figure.to_html(include_plotlyjs=True, full_html=True)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise HpsoftError(f"Cannot write the plot to {path}: {error.strerror}.") from error
