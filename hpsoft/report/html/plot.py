"""A plotly figure as one HTML file that needs no network. The only door to plotly."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from hpsoft.errors import HpsoftError
from hpsoft.system.outputs import check_output, write_output


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


def check_plot(path: Path, inputs: Mapping[Path, str]) -> None:
    """Check that plotly is there, and that a plot may be written; `inputs`: what each file is.

    Raises:
        HpsoftError: plotly is not installed; another suffix, no folder, or another file.
    """
    require_plotly()
    check_output(path, "--plot", (".html", ".htm"), inputs, _is_no_plot)


def _is_no_plot(path: Path) -> bool:
    with path.open("rb") as file:
        return b"plotly" not in file.read(1 << 16)  # it is near the beginning, whatever release


def write_plot(figure: Any, path: Path) -> None:
    """Write a figure as a self-contained HTML file of about 5 MB.

    Raises:
        HpsoftError: the file cannot be written.
    """
    page = figure.to_html(include_plotlyjs=True, full_html=True)
    write_output(path, page.encode())
