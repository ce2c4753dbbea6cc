"""Grid, samplers and pruners against plain Optuna, like for like: time, and how good the best is.

Each row of hpsoft is a process, `hpsoft search`, start and loading of the data included. Each row
of plain Optuna drives the one-model loop of `plain_optuna.py` with the same sampler, the same
pruner and the same number of trials, once on one BLAS thread and once on as many as BLAS takes;
the faster of the two counts. Every row is repeated with several seeds of its sampler on one split.

    gap     of a row's best validation cost to the grid's best, relative
    ratio   median seconds of plain Optuna with the same sampler and pruner, to this row's

    python tests/benchmarks/samplers.py [--seeds 10] [--plain-seeds 3] [--trials 256] [--json]

It can be run in parts that add to one file of results: `--results r.json --only "grid" --only "TPE
256"`, and again with other rows and the same other options. A row that is in the file is not run
again. Prints the table of all that is there, and whether the row with pruning meets its targets:
10 times as fast as its plain row, and at most 0.5 % above the grid's best in the median. Exits
with 1 if it misses one; where one of the three rows is not there, says that it is not judged.
"""

import argparse
import json
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import plain_optuna
from common import Row, add_program, emit, machine, parser, warn_if_busy

from hpsoft.data import load
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.prepare import prepare

TARGET_RATIO, TARGET_GAP = 10.0, 0.005
MET, MISSED, NOT_JUDGED = "met", "missed", "not judged"
OPTIONS = ("program", "data", "seeds", "plain_seeds", "trials")  # that a row depends on
GRID = "grid"
METHODS = {
    "random": ("random", "none"),
    "TPE": ("tpe", "none"),
    "TPE + hyperband": ("tpe", "hyperband"),
}
THREADS = {"1 thread": 1, "all threads": None}
JUDGED = "TPE + hyperband"

Run: TypeAlias = tuple[float, float]  # seconds, best validation cost
Results: TypeAlias = dict[str, list[Run]]


def grid(args: argparse.Namespace) -> list[Run]:
    """Search the whole grid once."""
    return [_search(args, "--sampler", GRID)]


def ours(args: argparse.Namespace, sampler: str, pruner: str) -> list[Run]:
    """Search with hpsoft, once for every seed."""
    options = ["--sampler", sampler, "--pruner", pruner, "--trials", str(args.trials)]
    return [
        _search(args, *options, "--sampler-option", f"seed={seed}") for seed in range(args.seeds)
    ]


def plain(args: argparse.Namespace, sampler: str, pruner: str, threads: int | None) -> list[Run]:
    """Search with plain Optuna, once for every seed."""
    prepared = prepare(SearchConfig(), load(args.data).training)
    return [
        plain_optuna.search(prepared, sampler, pruner, args.trials, seed, threads)[:2]
        for seed in range(args.plain_seeds)
    ]


def _search(args: argparse.Namespace, *options: str) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        command = [*shlex.split(args.program), "search", "--data", args.data, "--json", "--quiet"]
        command += ["--storage", str(Path(folder, "s.journal")), *options]
        began = time.perf_counter()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds = time.perf_counter() - began
    return seconds, float(json.loads(done.stdout)["winner"]["value"])


def parts(args: argparse.Namespace) -> dict[str, Callable[[], list[Run]]]:
    """Return what can be run, by the name of its row."""
    made: dict[str, Callable[[], list[Run]]] = {GRID: lambda: grid(args)}
    for name, how in METHODS.items():
        made[f"{name} {args.trials}"] = lambda how=how: ours(args, *how)
    for name, how in METHODS.items():
        for label, threads in THREADS.items():
            made[_plain(name, args.trials, label)] = lambda how=how, threads=threads: plain(
                args, *how, threads
            )
    return made


def _plain(name: str, trials: int, threads: str) -> str:
    return f"plain Optuna {name} {trials}, {threads}"


def rows(results: Results, trials: int) -> list[Row]:
    """Return the table of what was measured."""
    best = results[GRID][0][1] if GRID in results else None
    return [
        _row(name, runs, best, _rival(name, results, trials)) for name, runs in results.items()
    ]


def _rival(row: str, results: Results, trials: int) -> float | None:
    """Return the median seconds of the faster plain row with the same sampler and pruner."""
    names = [name for name in METHODS if row == f"{name} {trials}"]
    found = [
        statistics.median(seconds for seconds, _ in results[plain_row])
        for name in names
        for label in THREADS
        if (plain_row := _plain(name, trials, label)) in results
    ]
    return min(found, default=None)


def _row(name: str, runs: list[Run], best: float | None, rival: float | None) -> Row:
    times, costs = zip(*runs, strict=True)
    gaps = [cost / best - 1 for cost in costs] if best else []
    seconds = statistics.median(times)
    return {
        "search": name,
        "runs": len(runs),
        "seconds, median": seconds,
        "best cost, median": f"{statistics.median(costs):.6f}",
        "best cost, worst": f"{max(costs):.6f}",
        "gap, median": statistics.median(gaps) if gaps else None,
        "gap, largest": max(gaps, default=None),
        "ratio": rival / seconds if rival else None,
    }


def verdict(table: list[Row], trials: int) -> str:
    """Tell whether the row with pruning meets its targets, as far as it can be compared."""
    judged = [row for row in table if row["search"] == f"{JUDGED} {trials}"]
    ratio, gap = (judged[0]["ratio"], judged[0]["gap, median"]) if judged else (None, None)
    if (ratio is not None and ratio < TARGET_RATIO) or (gap is not None and gap > TARGET_GAP):
        return MISSED
    return NOT_JUDGED if ratio is None or gap is None else MET


def kept(args: argparse.Namespace) -> Results:
    """Return the rows that are in the file of results.

    Raises:
        SystemExit: they were measured with other options.
    """
    if args.results is None or not args.results.exists():
        return {}
    document = json.loads(args.results.read_text(encoding="utf-8"))
    there, here = document.get("options"), _options(args)
    if there != here:
        raise SystemExit(
            f"The rows in {args.results} were measured with other options: {there} there, {here} "
            "here. Give the same ones, or another file with --results."
        )
    results: Results = document["rows"]
    return results


def keep(args: argparse.Namespace, results: Results) -> None:
    """Write the rows, and what they were measured with."""
    document = {"options": _options(args), "rows": results}
    args.results.write_text(json.dumps(document, indent=1), encoding="utf-8")


def _options(args: argparse.Namespace) -> dict[str, str | int]:
    return {name: getattr(args, name) for name in OPTIONS}


def measure(args: argparse.Namespace) -> Results:
    """Run what is asked for and not yet there; every row is kept as soon as it is measured."""
    results = kept(args)
    runnable = parts(args)
    for name in args.only or runnable:
        if name not in results:
            results[name] = runnable[name]()
            if args.results is not None:
                keep(args, results)
    return {name: results[name] for name in runnable if name in results}


def main() -> int:
    """Measure, print, and judge."""
    options = parser(__doc__)
    add_program(options)
    options.add_argument("--data", default="fashion-mnist")
    options.add_argument("--seeds", type=int, default=10, help="runs of each row (%(default)s)")
    options.add_argument("--plain-seeds", type=int, default=3, help="of plain Optuna's (3)")
    options.add_argument("--trials", type=int, default=256)
    options.add_argument("--only", action="append", metavar="ROW", help="a row; repeatable")
    options.add_argument("--results", type=Path, help="JSON file that the parts add to")
    args = options.parse_args()
    for name in args.only or ():
        if name not in parts(args):
            options.error(f"no row {name!r}; there are {', '.join(map(repr, parts(args)))}")
    facts = machine()
    warn_if_busy(facts)
    table = rows(measure(args), args.trials)
    found = verdict(table, args.trials)
    emit({**facts, "targets": found}, table, as_json=args.json)
    return int(found == MISSED)


if __name__ == "__main__":
    sys.exit(main())
