"""hpsoft against what a user would write instead: same data, same mini-batches, same run.

Every program runs as one process a core, pinned, with one thread each, so that all of them get the
whole machine (more than most would get: the row `default threads` is the NumPy loop as it is when
nobody thinks about threads). All take turns with hpsoft, round by round; medians are printed.

    ms     a model and epoch (48,000 samples) of the whole machine, training alone
    search 4096 trials: 64 models x 40 epochs at each of 8 batch sizes, those not measured
           interpolated; `unshared` where each number of epochs is trained from the start (x 4.5)
    ratio  that, to hpsoft's
    error  largest difference of the weights to the float64 loop, relative, at the smallest size

Timed on a part of each pass (--samples of all 48,000, drawn at random) from zero weights; no
compilation, no start, no validation, no storage is counted, for none of them; full_grid.py has
hpsoft with all of these. Plain Optuna is the float64 loop, unshared, plus what Optuna itself takes
(rivals/optuna_overhead.py: measured at several fillings of the study, integrated, and divided by
the number of cores as if processes shared it).

    python tests/benchmarks/alternatives.py [--rounds 5] [--batches 8,32,128,512] [--json]
"""

import argparse
import importlib.util
import os
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from common import (
    CORES,
    FLOPS_PER_MODEL_EPOCH,
    SAMPLES,
    Gemm,
    Row,
    block_of,
    emit,
    machine,
    parser,
    reference_run,
    sizes,
    warn_if_busy,
)
from rivals import RIVALS
from rivals.crew import Crew
from rivals.optuna_overhead import overhead_seconds

from hpsoft.engine.train import models_of

OURS, CHECK = "HpsoftKernel", "NumpyLoop64"
BATCHES = tuple(2**k for k in range(3, 11))  # of the grid
MODELS, EPOCHS = 64, range(5, 45, 5)  # at each batch size
UNSHARED = sum(EPOCHS) / max(EPOCHS)
Times = dict[int, list[float]]  # batch size -> seconds a model and whole epoch


def share_data(folder: Path) -> np.ndarray:
    """Write what all programs read, and return the order of the first pass."""
    prepared = reference_run()
    setting, block = prepared.setting, block_of(prepared, 8)
    models = models_of(block, range(len(block.models)))
    moderate = np.argsort(np.abs(np.log10(models.columns["learning_rate"]) + 7), kind="stable")
    for name in ("learning_rate", "alpha"):  # the first models are far from diverging
        np.save(folder / name, models.columns[name][moderate])
    np.save(folder / "X", setting.folds[0].X)
    np.save(folder / "labels", setting.folds[0].labels)
    return setting.problem.order(0)


def chosen(args: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return the rivals to run, and those whose library is not installed."""
    names = [name for name in RIVALS if name in {OURS, CHECK, *args.only}]
    missing = [n for n in names if (m := RIVALS[n].needs) and not importlib.util.find_spec(m)]
    return [name for name in names if name not in missing], missing


def race(
    crews: Mapping[str, Crew], order: np.ndarray, args: argparse.Namespace
) -> tuple[dict[str, Times], dict[str, np.ndarray]]:
    """Run all in turn, round by round; return times and the weights at the smallest size."""
    times: dict[str, Times] = {name: {b: [] for b in args.batches} for name in crews}
    weights = {}
    for batch in args.batches:
        part = order[: max(1, args.samples // batch) * batch]
        for turn in range(args.rounds + 1):
            for name, crew in crews.items():
                seconds, found = crew.run(part, batch)
                if turn:  # the first compiles and warms up
                    times[name][batch].append(seconds * SAMPLES / len(part))
                if batch == min(args.batches):
                    weights[name] = found
    return times, weights


def search_seconds(ms: Mapping[int, float], *, shared: bool) -> float:
    """Return the time of the whole search from ms a model and epoch at some batch sizes."""
    known = sorted(ms)
    curve = np.interp(np.log2(BATCHES), np.log2(known), np.log([ms[b] for b in known]))
    seconds = float(np.exp(curve).sum()) * MODELS * max(EPOCHS) / 1e3
    return seconds if shared else UNSHARED * seconds


def row(
    title: str, ms: Mapping[int, float] | None, seconds: float | None, ours: float, error: object
) -> Row:
    """Return a line of the table."""
    return {
        "program": title,
        **({f"ms at {b}": value for b, value in ms.items()} if ms else {}),
        "search s": seconds,
        "ratio": None if seconds is None else seconds / ours,
        "error": error,
    }


def medians(times: Times) -> dict[int, float]:
    """Return ms by batch size."""
    return {batch: 1e3 * statistics.median(values) for batch, values in times.items()}


def difference(weights: np.ndarray, truth: np.ndarray) -> float:
    """Return the largest difference, relative to the largest weight."""
    return float(np.abs(weights - truth).max() / np.abs(truth).max())


def lines(
    times: Mapping[str, Times],
    weights: Mapping[str, np.ndarray],
    ours: float,
    optuna_seconds: float | None,
) -> list[Row]:
    """Return the table of what ran."""
    rows = []
    for name, measured in times.items():
        rival, ms = RIVALS[name.removesuffix(DEFAULT)], medians(measured)
        title = rival.title + (", default threads" if name.endswith(DEFAULT) else "")
        error = difference(weights[name], weights[CHECK]) if rival.exact else "other iteration"
        rows.append(row(title, ms, search_seconds(ms, shared=True), ours, error))
        if name == CHECK:
            unshared = search_seconds(ms, shared=False)
            rows.append(row(f"{title}, unshared", ms, unshared, ours, error))
            if optuna_seconds is not None:
                total = unshared + optuna_seconds / CORES
                rows.append(row("plain Optuna + GridSampler around it", ms, total, ours, error))
    return rows


DEFAULT = "+default"


def start(names: Sequence[str], folder: Path) -> dict[str, Crew]:
    """Start the processes of all rivals; idle ones wait at a pipe."""
    cores = sorted(os.sched_getaffinity(0))
    crews = {name: Crew(name, folder, cores) for name in names}
    return {**crews, CHECK + DEFAULT: Crew(CHECK, folder, [])}


def main() -> None:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--batches", type=sizes, default=[8, 32, 128, 512])
    options.add_argument("--samples", type=int, default=10_240, help="of a pass that are timed")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", nargs="+", choices=RIVALS, default=list(RIVALS))
    options.add_argument("--no-optuna", action="store_true", help="leave Optuna's overhead out")
    args = options.parse_args()
    facts, gemm = machine(), Gemm()
    warn_if_busy(facts)
    names, missing = chosen(args)
    with tempfile.TemporaryDirectory() as folder:
        order = share_data(Path(folder))
        crews = start(names, Path(folder))
        before = gemm.rate(9)
        times, weights = race(crews, order, args)
        rate = (before + gemm.rate(9)) / 2
        for crew in crews.values():
            crew.close()
    optuna_seconds = None if args.no_optuna else overhead_seconds()
    ours = search_seconds(medians(times[OURS]), shared=True)
    rows = lines(times, weights, ours, optuna_seconds)
    bound = dict.fromkeys(args.batches, 1e3 * FLOPS_PER_MODEL_EPOCH / rate)
    rows.append(row("sgemm bound", bound, search_seconds(bound, shared=True), ours, None))
    blank = dict.fromkeys(args.batches)
    for name in missing:
        rows.append(row(RIVALS[name].title, blank, None, ours, "not installed"))
    facts |= {"sgemm GFLOP/s": rate / 1e9, "Optuna's own s, one process": optuna_seconds}
    emit(facts, rows, as_json=args.json)


if __name__ == "__main__":
    main()
