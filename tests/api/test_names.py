"""What `import hpsoft` offers: every name, late."""

import ast
import doctest
import inspect
import os
import re
import subprocess
import sys
import tomllib
import warnings
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

import hpsoft

ROOT = Path(__file__).parents[2]


def test_every_public_name_is_there_and_from_the_module_that_is_named():
    for name in set(hpsoft.__all__) - {"__version__"}:
        assert getattr(hpsoft, name).__module__.startswith(hpsoft._HOMES[name].rpartition(".")[0])
    assert set(hpsoft.__all__) <= set(dir(hpsoft))


def test_what_types_see_is_what_is_there():
    """The imports for type checkers, the homes and `__all__` name the same."""
    tree = ast.parse(inspect.getsource(hpsoft))
    (typed,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in typed.body for alias in node.names}
    assert seen == hpsoft._HOMES
    assert {*seen, "__version__"} == set(hpsoft.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'serch'"):
        _ = hpsoft.serch


def _modules():
    """Return the modules of public names."""
    return sorted(set(hpsoft._HOMES.values()))


@pytest.mark.parametrize("module", _modules())
def test_every_public_name_has_an_example_that_runs(module):
    """Those in docstrings, of methods too."""
    with warnings.catch_warnings():
        found = doctest.testmod(import_module(module))
    assert (found.failed, found.attempted > 0) == (0, True)
    for name, home in hpsoft._HOMES.items():
        if home == module:
            assert ">>> " in (getattr(hpsoft, name).__doc__ or ""), name


def test_the_help_of_methods_is_indented_once():
    """`help` shows the docstring as it is: no line of prose begins further in than the first."""
    for method in (
        hpsoft.SearchResult.final,
        hpsoft.SearchResult.confirm,
        hpsoft.SearchResult.optimum,
    ):
        lines = inspect.getdoc(method).splitlines()
        assert all(
            line.startswith((">>>", "Raises:"))
            for line in lines
            if ">>>" in line or "Raises" in line
        )


def test_importing_costs_next_to_nothing():
    """No library comes with it but Python's own: the process is the subject."""
    code = "import sys, hpsoft; print(sorted({n.split('.')[0] for n in sys.modules}))"
    started = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"numpy", "optuna", "scipy", "sklearn", "rich", "pyarrow", "pandas"}
    assert not heavy & set(ast.literal_eval(started.stdout))


def test_the_wheel_is_typed():
    """Hatch packs the whole package, this file in it."""
    assert files("hpsoft").joinpath("py.typed").is_file()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "hpsoft" in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


@pytest.mark.slow
def test_a_typed_caller_passes_mypy():
    """Strictly, and without this project's own settings."""
    example = Path(__file__).parent / "typed" / "example.py"
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, example],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_the_readmes_python_runs(capsys):
    """What the room's README shows, and what the project's does with it."""
    first, second = (
        re.findall(
            r"^```python\n(import hpsoft\n.*?)^```",
            path.read_text("utf-8"),
            re.DOTALL | re.MULTILINE,
        )
        for path in (ROOT / "hpsoft" / "api" / "README.md", ROOT / "README.md")
    )
    names = {}
    exec(first[0], names)
    assert "3/3 grid points" in capsys.readouterr().out
    assert names["final"].test.accuracy == names["model"].score(names["X_test"], names["y_test"])
    asked = second[0].replace(
        "alpha", 'epochs": 2, "batch_size": 32, "learning_rate": 0.1, "alpha'
    )
    exec(asked, names)
    assert names["search"].best_score_ < 0
