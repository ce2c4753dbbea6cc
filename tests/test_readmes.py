"""Every command of every README, in its order: one folder a README, so that each finds what was
left by those before it.

What is replaced, so that this takes seconds:

- A search of the digits or of a table that does not say which values it tries gets few of them
  (`SMALL`); the data, the folds and all options are the README's. So figures differ from those
  that README shows, but not the lines that hold them.
- The first run, whose output README shows, tries values near the best of its grid (`SETTLED`).
- Commands run in this process, as in tests/cli; those that are no hpsoft are run by a shell.
- Samplers get fewer trials, `confirm` one repetition, `regret` fewer replays (`ADDED`).
- `pip install` of a plugin is replaced by its entry points in a folder on the path (`INSTALLS`).
- `NOT_RUN` lists what is left out, with the reason.

The READMEs of rooms begin where the main README's first search has ended.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from fake_plugins import install
from readmes import READMES, ROOT, commands, words
from sklearn.datasets import load_iris
from typer.testing import CliRunner

from hpsoft.cli.app import app
from hpsoft.optimizers.registry import load

SMALL = {
    "epochs": ["1", "2", "3", "4", "5", "6", "7", "8"],
    "steps": ["2", "4"],
    "iterations": ["3", "6"],
    "batch_size": ["32", "64"],
    "learning_rate": ["0.05", "0.1", "0.2", "0.4", "0.8", "1.2", "1.6"],
    "alpha": ["0.03", "0.1", "0.3"],
}
SETTLED = (
    "--set epochs=57,80 --set batch_size=16,32 --set learning_rate=0.87,1.7 --set alpha=1e-6,1e-5"
)
ADDED = {
    "hpsoft confirm --study digits-sgd-grid --top 20": ["--seeds", "1"],
    "hpsoft search --data digits --sampler random --timeout 30s": ["--trials", "64"],
    "hpsoft search --data digits --sampler tpe --trials 256": ["--trials", "32"],
    "hpsoft search --data digits --sampler tpe --trials 256 --pruner hyperband": [
        "--trials",
        "32",
    ],
    "hpsoft search --data digits --sampler tpe --set learning_rate=log:1e-3:2 "
    "--set epochs=uniform:5:40:5 --study between": ["--trials", "16"],
    "hpsoft regret --study digits-sgd-grid --sampler tpe,random --pruner none,hyperband "
    "--trials 100,300,1000 --seeds 50": ["--trials", "20", "--seeds", "1"],
}
INSTALLS = {
    "pip install -e hpsoft-mine": "mine",
    **{f"pip install ./plugins/{name}": name
       for name in ("adam", "averaged-sgd", "lbfgs", "momentum", "svrg")},
}  # fmt: skip
INSTALLING = "it would install into the environment that runs the tests"
FASHION = "it needs Fashion-MNIST, and minutes; tests/cli/test_fashion.py has a part of it"
BENCHMARK = "minutes to hours, on a machine that does nothing else"
NOT_RUN = {
    "pip install .": INSTALLING,
    "hpsoft data fetch fashion-mnist": "a download; tests/data/sources/test_download.py has one",
    "hpsoft search --data fashion-mnist --dry-run": FASHION,
    "hpsoft search --data fashion-mnist": FASHION,
    "hpsoft final --study fashion-mnist-sgd-grid --model-out fashion.safetensors": FASHION,
    "hpsoft search --data fashion-mnist --optimizer newton --set alpha=10 --study fashion-newton": FASHION,
    "hpsoft final --study fashion-newton": FASHION,
    "pip install -e .": INSTALLING,
    "pip install torch==2.13.0 jax jaxlib": INSTALLING,
    "unset OPENBLAS_CORETYPE": "it belongs to the benchmarks that follow it",
    "python tests/benchmarks/sgemm.py": BENCHMARK,
    "python tests/benchmarks/full_grid.py": BENCHMARK,
    "python tests/benchmarks/batch_share.py": BENCHMARK,
    "python tests/benchmarks/estimator.py": BENCHMARK,
    "python tests/benchmarks/metrics.py": BENCHMARK,
    "python tests/benchmarks/gridsearch.py": BENCHMARK,
    "python tests/benchmarks/batch_share.py --jobs 2": BENCHMARK,
    "python tests/benchmarks/bookkeeping.py": BENCHMARK,
    "python tests/benchmarks/alternatives.py": BENCHMARK,
    'python tests/benchmarks/samplers.py --results samplers.json --only grid --only "TPE 256"':
        BENCHMARK,
    "python tests/benchmarks/confirmed.py hpsoft.journal fashion-mnist-sgd-grid": BENCHMARK,
    "python tests/benchmarks/defaults.py": BENCHMARK,
    "python tests/benchmarks/weights.py": BENCHMARK,
    "python tests/benchmarks/neighbours.py": BENCHMARK,
    "python tests/benchmarks/plugins.py": BENCHMARK,
    "python tests/benchmarks/reading.py --csv-gb 1": BENCHMARK,
}  # fmt: skip
FIRST_SEARCH = "hpsoft search --data digits --sampler grid"
ALL = {command for text in READMES.values() for command in commands(text)}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A reader's folder, with a table of their own and nothing set."""
    monkeypatch.chdir(tmp_path)
    for name in ("OPTUNA_STORAGE", "HPSOFT_DEBUG", "HPSOFT_DATA", "HPSOFT_PLUGINS", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    X, labels = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[labels]
    table = [("a", "b", "c", "d", "species"), *zip(*X.T, names, strict=True)]
    plots = [("plot", *table[0]), *((i // 8, *row) for i, row in enumerate(table[1:]))]
    for name, rows in {"table.csv": table, "plots.csv": plots}.items():
        text = "".join(f"{','.join(map(str, row))}\n" for row in rows)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """A storage in which the main README's first search has ended."""
    path = tmp_path_factory.mktemp("first") / "hpsoft.journal"
    run_hpsoft([*words(FIRST_SEARCH), *smaller(words(FIRST_SEARCH)), "--storage", str(path)])
    return path


@pytest.fixture
def site(tmp_path_factory, monkeypatch):
    """A folder on the path for distributions, whose modules are forgotten at the end."""
    path = tmp_path_factory.mktemp("site")
    monkeypatch.syspath_prepend(path)
    monkeypatch.delitem(sys.modules, "hpsoft_mine", raising=False)
    yield path
    sys.modules.pop("hpsoft_mine", None)


def option(given, name, default):
    """Return the value of an option among the words of a command."""
    return given[given.index(name) + 1] if name in given else default


def smaller(given):
    """Return options that leave few values to a search that does not choose its own."""
    if given[1] != "search":
        return []
    told = {word.partition("=")[0] for word in given}
    if "--space" in given:
        told |= tomllib.loads(Path(option(given, "--space", "")).read_text()).keys()
    told |= {"alpha"} if "C" in told else set()  # the same strength
    optimizer = option(given, "--optimizer", "sgd")
    declared = {h.name for h in load(optimizer).hyperparameters}
    few = {name: values if optimizer == "sgd" else values[:2] for name, values in SMALL.items()}
    names = [name for name in SMALL if name in declared - told]
    return [word for name in names for word in ("--set", f"{name}={','.join(few[name])}")]


def run_hpsoft(given):
    """Run a command of hpsoft; it must end well, and what it printed is returned."""
    result = CliRunner().invoke(app, given[1:], prog_name="hpsoft")
    assert result.exit_code == 0, f"{' '.join(given)}\n{result.output}\n{result.exception!r}"
    return result.output


def run(command, site, text):
    """Run one command of a README, as the module's docstring says; return what it printed."""
    if command in INSTALLS:
        install_plugin(site, INSTALLS[command], text)
        return ""
    given = words(command)
    if given[0] == "hpsoft":
        return run_hpsoft([*given, *ADDED.get(command, []), *smaller(given)])
    return subprocess.run(command, shell=True, check=True, text=True, capture_output=True).stdout


def install_plugin(site, name, text):
    """Give a plugin's entry points to the folder; its modules are on the path of the tests."""
    if name == "mine":  # the one that plugins/README.md writes
        (source,) = re.findall(r"```python\n(from hpsoft.optimizers.*?)```", text, re.DOTALL)
        points = dict(re.findall(r'^(mine) = "(.*)"$', text, re.MULTILINE))
    else:
        project = tomllib.loads((ROOT / "plugins" / name / "pyproject.toml").read_text("utf-8"))
        points = project["project"]["entry-points"]["hpsoft.optimizers"]
        source = None
    install(site, f"hpsoft-{name}", "replaced", source or "")
    (written,) = site.glob("*.dist-info/entry_points.txt")
    lines = "".join(f"{entry} = {value}\n" for entry, value in points.items())
    written.write_text(f"[hpsoft.optimizers]\n{lines}")
    if source is None:  # the plugin's package, not the empty module
        (site / f"hpsoft_{name.replace('-', '_')}.py").unlink()


@pytest.mark.parametrize(
    "readme",
    [
        # They take a minute and a half, and each command is a subject of tests elsewhere.
        pytest.param(name, marks=pytest.mark.slow)
        for name in READMES
        if commands(READMES[name])
    ],
)
def test_its_commands_work_in_their_order(readme, folder, site, searched):
    if readme.startswith("hpsoft/"):
        shutil.copy(searched, folder)
    for command in commands(READMES[readme]):
        if command not in NOT_RUN:
            run(command, site, READMES[readme])


def masked(line):
    """Return a line without what depends on the values that are tried: numbers and places."""
    line = re.sub(r"in \S+\.journal", "in STORAGE", line.strip())
    line = re.sub(r"on \d+ cores?(: too little work for more)?", "on CORES", line)
    return re.sub(r"\s+", " ", re.sub(r"[-+]?\d[\d,.]*(e-?\d+)?", "0", line))


def test_the_first_run_prints_what_the_readme_shows(folder):
    """Line by line and in that order; numbers, as the values that were tried, are others."""
    first, second = re.findall(r"```text\n(.*?)```", READMES["README.md"], re.DOTALL)[:2]
    shown = [line for line in (first + second).splitlines() if line.strip() and "..." not in line]
    (prompt, *shown) = shown
    assert prompt == f"$ {FIRST_SEARCH}"
    printed = run_hpsoft([*words(FIRST_SEARCH), *words(SETTLED)])
    printed += run_hpsoft(words("hpsoft final --study best"))
    left = iter([masked(line) for line in printed.splitlines()])
    for line in shown:
        assert masked(line) in left, f"{line!r} is not printed, or earlier\n{printed}"


def test_what_is_left_out_or_changed_is_in_a_readme():
    assert {*NOT_RUN, *ADDED, *INSTALLS, FIRST_SEARCH} <= ALL


def test_the_readmes_of_rooms_plugins_and_benchmarks_are_read():
    assert {"README.md", "hpsoft/study/README.md", "plugins/adam/README.md",
            "tests/benchmarks/README.md"} <= READMES.keys()  # fmt: skip


def test_every_link_to_a_file_or_a_heading_leads_there():
    for name, text in READMES.items():
        for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
            file, _, heading = link.partition("#")
            path = (ROOT / name).parent / file if file else ROOT / name
            assert path.exists(), f"{name}: {link}"
            if heading:
                assert heading in anchors(path.read_text("utf-8")), f"{name}: {link}"


def anchors(text):
    """Return the names by which links reach the headings of a text."""
    headings = re.findall(
        r"^#+ (.*)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_main_readme_is_short():
    assert len(READMES["README.md"].splitlines()) <= 250
