"""The example notebook in a real kernel; and how progress is shown there."""

import importlib
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

import hpsoft
from hpsoft.report.live.notebook import import_silently
from hpsoft.report.live.ticker import Ticker

EXAMPLE = Path(hpsoft.__file__).parent / "api" / "example.ipynb"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_example_runs_in_a_kernel(tmp_path):
    """Its last cell says that test accuracy is high; tables and progress are HTML."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(EXAMPLE, as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [
        output.data.get("text/html", "")
        for output in cells[1].outputs
        if output.output_type in {"display_data", "execute_result"}
    ]
    assert any("11 to run" in html for html in shown)
    assert shown[-1].startswith('<div class="hpsoft-search">')
    accuracies = cells[-1].outputs[-1].data["text/plain"].strip("()").split(", ")
    assert min(map(float, accuracies)) > 0.9
    assert not list(tmp_path.iterdir())


@pytest.fixture
def kernel(monkeypatch):
    """What tqdm asks whether it is in a notebook; and tqdm, not imported yet."""
    app = SimpleNamespace(config={"IPKernelApp": {}})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: app))
    for name in ("ipykernel", "ipykernel.zmqshell"):
        monkeypatch.setitem(sys.modules, name, SimpleNamespace())
    for name in ("tqdm.auto", "tqdm.autonotebook", "tqdm.notebook"):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.mark.parametrize("silent", [True, False])
def test_nothing_is_said_of_bars_that_are_never_shown(kernel, silent):
    """Optuna imports tqdm's, and these say that IProgress is not found: only without us."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        if silent:
            import_silently()
        importlib.import_module("tqdm.auto")
    assert any("IProgress" in str(one.message) for one in told) != silent


class Notebook:
    """A console of rich's in a notebook, as far as a ticker asks."""

    is_jupyter, is_terminal, is_dumb_terminal, quiet = True, False, False, False


def test_a_notebook_has_one_line_that_is_redrawn(monkeypatch):
    import IPython.display

    shown = []

    class Handle:
        def update(self, html):
            shown.append(html.data)

    monkeypatch.setattr(IPython.display, "display", lambda *_, **__: Handle())
    lines = iter(["1 <of> 2", "2 of 2", "done"])
    clock = iter(range(0, 100, 3))
    with Ticker(Notebook(), lambda: "", lambda: next(lines), lambda: next(clock)) as ticker:
        ticker.tick()
        ticker.tick()
    assert shown[:2] == ["<pre>1 &lt;of&gt; 2</pre>", "<pre>2 of 2</pre>"]
