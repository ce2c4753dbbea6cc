"""`hpsoft probe` beside LogisticRegressionCV(Cs=10, cv=5): time and test cross-entropy.

On the same training part, tested on the same fifth. Ours is the whole command as a process, from
reading the file to the test table: path, refinement, confirmation on other parts, final model.
Theirs is the time of `fit` alone, on standardised features, as it is by default (C is chosen by
accuracy), and with `--equal` once more with scoring="neg_log_loss" and tol=1e-7, which is what it
takes to choose by what is measured and to come near the optima.

One thread each, since CPU time is what a busy machine leaves of a measurement; both are told.

    python tests/benchmarks/probe.py [digits] [embeddings] [--equal] [--repeats 1]
"""

import argparse
import json
import resource
import shlex
import statistics
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from common import Row, add_program, emit, machine, parser, warn_if_busy
from made_sets import embeddings
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

Split = tuple[Any, Any, Any, Any]  # X, X_test, y, y_test
Measured = tuple[float, float, float, float, str]  # CPU, wall, cross-entropy, accuracy, alpha or C
TARGET = 5.0
EQUAL = {"scoring": "neg_log_loss", "tol": 1e-7, "max_iter": 1000}


def data(name: str, folder: Path) -> Split:
    """Return a data set divided into training and test part."""
    if name == "digits":
        X, y = load_digits(return_X_y=True)
    else:
        embeddings(folder / "made.npz")
        with np.load(folder / "made.npz") as file:
            X, y = file["X"], file["y"]
    parts = train_test_split(X.astype(np.float32), y, test_size=0.2, stratify=y, random_state=0)
    return tuple(parts)


def ours(split: Split, folder: Path, program: str) -> tuple[Measured, list[float]]:
    """Probe as a process; the interval is that of its test cross-entropy."""
    X, X_test, y, y_test = split
    path = folder / "data.npz"
    np.savez(path, X_train=X, y_train=y, X_test=X_test, y_test=y_test)
    storage = folder / f"{time.monotonic_ns()}.journal"
    options = ["--scale", "standard", "--jobs", "1", "--json", "--storage", str(storage), "-q"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [*shlex.split(program), "probe", str(path), *options], check=True, stdout=subprocess.PIPE
    )
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    final = json.loads(done.stdout)["final"]
    test, alpha = final["test"], final["params"]["alpha"]
    interval = test["intervals"]["cross_entropy"]
    return (cpu, wall, test["cross_entropy"], test["accuracy"], f"alpha {alpha:.3g}"), interval


def theirs(split: Split, options: dict[str, Any]) -> Measured:
    """Fit the peer on one thread."""
    X, X_test, y, y_test = split
    scaler = StandardScaler().fit(X)
    X, X_test = scaler.transform(X), scaler.transform(X_test)
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of defaults that are about to change, and of max_iter
        cpu, began = time.process_time(), time.perf_counter()
        model = LogisticRegressionCV(Cs=10, cv=5, **options).fit(X, y)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - began
    loss = float(log_loss(y_test, model.predict_proba(X_test)))
    accuracy = float(np.mean(model.predict(X_test) == y_test))  # `score` is by its metric
    return cpu, wall, loss, accuracy, f"C {np.ravel(model.C_)[0]:.3g}"


def median(runs: list[Measured]) -> Measured:
    """Return the run of the median CPU time."""
    middle = statistics.median_low(run[0] for run in runs)
    return next(run for run in runs if run[0] == middle)


def compare(name: str, args: argparse.Namespace) -> list[Row]:
    """Run both, in turns, and return a row each."""
    peers: dict[str, Callable[[Split], Measured]] = {
        "LogisticRegressionCV(Cs=10, cv=5)": lambda split: theirs(split, {})
    }
    if args.equal:
        peers["the same, neg_log_loss, tol=1e-7"] = lambda split: theirs(split, EQUAL)
    mine: list[Measured] = []
    found: dict[str, list[Measured]] = {peer: [] for peer in peers}
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        split = data(name, folder)
        for _ in range(args.repeats):
            run, interval = ours(split, folder, args.program)
            mine.append(run)
            for peer, fit in peers.items():
                found[peer].append(fit(split))
    first = median(mine)
    said = f"{interval[0]:.4g} to {interval[1]:.4g}"
    rows = [row(name, "hpsoft probe", first, first, said)]
    return rows + [row(name, peer, median(runs), first, "") for peer, runs in found.items()]


def row(name: str, who: str, run: Measured, first: Measured, interval: str) -> Row:
    """Return what is printed of one side; a ratio above 1 is a peer that is slower than ours."""
    cpu, wall, loss, accuracy, chosen = run
    return {
        "data": name,
        "who": who,
        "CPU s": round(cpu, 2),
        "wall s": round(wall, 1),
        f"CPU over ours (target {TARGET:g})": round(cpu / first[0], 2),
        "test cross-entropy": f"{loss:.4g}",
        "95 %": interval,
        "accuracy": f"{100 * accuracy:.2f} %",
        "chosen": chosen,
    }


def main() -> None:
    """Compare what was asked for and print it."""
    made = parser(__doc__)
    add_program(made)
    made.add_argument("parts", nargs="*", default=["digits", "embeddings"])
    made.add_argument("--equal", action="store_true", help="the peer to its optima as well")
    made.add_argument("--repeats", type=int, default=1, help="in turns (%(default)s)")
    args = made.parse_args()
    facts = machine()
    warn_if_busy(facts)
    rows = [row for part in args.parts for row in compare(part, args)]
    emit(facts, rows, as_json=args.json)


if __name__ == "__main__":
    main()
