"""Everything that is not training: storing trials, starting the program, a small search.

1. Storing: 4096 trials of the reference's grid, from snapshots (made up) through records into the
   study, 64 at a time as a search appends them: ms and bytes a trial on a journal file, SQLite and
   in memory, then the check at the end (certificate and ranking). Target: 1 ms on both files.
2. Starting: `hpsoft --help` against `python -c 'import typer'`, whole processes in turn.
   Target: at most twice.
3. `hpsoft search --data digits --sampler grid`, 4096 trials, as a process. Target: 20 s.

    python tests/benchmarks/bookkeeping.py [--only storing starting digits] [--repeats 5] [--json]
"""

import argparse
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from common import Row, add_program, emit, machine, parser, warn_if_busy

from hpsoft.engine.evaluate import Scores
from hpsoft.engine.plan import Plan, make_plan
from hpsoft.engine.train import Snapshot
from hpsoft.optimizers.registry import load
from hpsoft.softmax.metric import measured
from hpsoft.space.grid import Grid
from hpsoft.space.presets import preset_space
from hpsoft.study.certificate import certificate
from hpsoft.study.identity import Identity
from hpsoft.study.leaderboard import rank
from hpsoft.study.resume import open_study
from hpsoft.study.storage.connect import Connection
from hpsoft.study.storage.location import locate
from hpsoft.study.writer import StudyStore
from hpsoft.tuning.collect import Collector

TARGET_MS, TARGET_STARTS, TARGET_DIGITS_S = 1.0, 2.0, 20.0


def line(what: str, value: float, unit: str, target: float | None = None) -> Row:
    """Return a row of the table."""
    met = None if target is None else "yes" if value <= target else "NO"
    return {"what": what, "measured": value, "unit": unit, "target": target, "met": met}


# --- storing ---------------------------------------------------------------------------------


def reference_grid() -> Grid:
    """Return the grid of the full Fashion-MNIST search."""
    return Grid({name: tuple(values) for name, values in preset_space("fashion-mnist").items()})


def on_file(path: Path, grid: Grid) -> StudyStore:
    """Open a study as a search does."""
    identity = Identity("made-up", "0" * 64, "raw", "sgd", "float32", 0.2, 0, grid.space)
    return open_study(path, "benchmark", identity, versions={"hpsoft": "benchmark"})


def in_memory(grid: Grid) -> StudyStore:
    """Return a study that no file holds: what Optuna itself takes for a trial."""
    import optuna

    storage = optuna.storages.InMemoryStorage()
    study = optuna.create_study(storage=storage, study_name="benchmark")
    return StudyStore(Connection(locate("memory.journal"), storage), study, grid, resumed=False)


def snapshots(plan: Plan, rng: np.random.Generator) -> Iterator[Snapshot]:
    """Yield what training would yield, with random scores."""
    for block in plan.blocks:
        n_models = len(block.models)
        for start, stop in zip((0, *block.horizons), block.horizons, strict=False):
            accuracies = {name: rng.uniform(0.6, 0.9, n_models) for name in measured(10)[1:]}
            scores = Scores({"cross_entropy": rng.uniform(0.4, 1.2, n_models), **accuracies})
            yield Snapshot(block, tuple(range(n_models)), start, stop, scores, 1.0, {})


def storing(name: str, path: Path, make: Callable[[], StudyStore], grid: Grid) -> Iterator[Row]:
    """Store all trials, then check them as the end of a search does."""
    plan = make_plan(load("sgd").hyperparameters, grid)
    began = time.perf_counter()
    with make() as store:
        opened, collector = time.perf_counter(), Collector(grid, plan.horizon)
        for snapshot in snapshots(plan, np.random.default_rng(0)):
            store.append(collector.records(snapshot))
        stored = time.perf_counter()
        if name != "in memory":
            assert certificate(store).n_finished == len(grid)
        assert len(rank(store.finished().values())) > 0
        checked = time.perf_counter()
    target = None if name == "in memory" else TARGET_MS
    yield line(f"{name}: open", opened - began, "s")
    yield line(f"{name}: store", 1e3 * (stored - opened) / len(grid), "ms a trial", target)
    yield line(f"{name}: check at the end", checked - stored, "s")
    if path.exists():
        yield line(f"{name}: size", path.stat().st_size / len(grid), "bytes a trial")


def measure_storing(_: argparse.Namespace) -> Iterator[Row]:
    """Measure journal, SQLite and memory, each once: thousands of trials are their own median."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    grid = reference_grid()
    with tempfile.TemporaryDirectory() as folder:
        for name, file in {"journal": "b.journal", "SQLite": "b.db"}.items():
            path = Path(folder) / file
            yield from storing(name, path, lambda path=path: on_file(path, grid), grid)
        nowhere = Path(folder) / "nowhere"
        yield from storing("in memory", nowhere, lambda: in_memory(grid), grid)


# --- processes -------------------------------------------------------------------------------


def seconds_of(command: list[str]) -> float:
    """Run a command to its end and return the wall time."""
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{shlex.join(command)} failed:\n{done.stderr}")
    return seconds


def measure_starting(args: argparse.Namespace) -> Iterator[Row]:
    """Compare `hpsoft --help` with the import of Typer alone, taking turns."""
    commands = {
        "python -c 'import typer'": [sys.executable, "-c", "import typer"],
        "hpsoft --help": [*shlex.split(args.program), "--help"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(3 * args.repeats + 1):
        for name, command in commands.items():
            seconds[name].append(seconds_of(command))
    typer, ours = (statistics.median(values[1:]) for values in seconds.values())
    yield line("python -c 'import typer'", typer, "s")
    yield line("hpsoft --help", ours, "s")
    yield line("hpsoft --help / import typer", ours / typer, "ratio", TARGET_STARTS)


def measure_digits(args: argparse.Namespace) -> Iterator[Row]:
    """Search the embedded digits as a process, each time into a new journal."""
    search = [*shlex.split(args.program), "search", "--data", "digits", "--sampler", "grid"]
    with tempfile.TemporaryDirectory() as folder:
        files = [f"{folder}/{k}.journal" for k in range(max(1, args.repeats // 2))]
        seconds = [seconds_of([*search, "--storage", file]) for file in files]
    what = "hpsoft search --data digits --sampler grid"
    yield line(what, statistics.median(seconds), "s", TARGET_DIGITS_S)


PARTS = {"storing": measure_storing, "starting": measure_starting, "digits": measure_digits}


def main() -> int:
    """Measure, print, and judge."""
    options = parser(__doc__)
    add_program(options)
    options.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options.add_argument("--repeats", type=int, default=5)
    args = options.parse_args()
    facts = machine()
    warn_if_busy(facts)
    rows = [row for name in args.only for row in PARTS[name](args)]
    emit(facts, rows, as_json=args.json)
    return 1 if any(row["met"] == "NO" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
