"""Grid, TPE, TPE with Hyperband and random points on Fashion-MNIST: time, and how good the best is.

Each is a process, `hpsoft search`, for several seeds of the sampler on one split; the grid runs
once (or name a finished study's storage with --grid). Against them plain Optuna: TPE in
`study.optimize` around the loop that trains one model at a time in NumPy, float32, on all BLAS
threads, with the pruner too in a second row. It runs --plain-trials of its trials, and its time
for all of them is scaled up by the passes that they take.

    gap     of the best validation cost to the grid's best, relative
    ratio   plain Optuna's seconds without pruner, for as many trials, to this row's

    python tests/benchmarks/samplers.py [--seeds 10] [--trials 256] [--plain-trials 64] [--json]

Exits with 1 if TPE with pruning is not 10 times as fast as plain Optuna, or more than 0.5 % above
the grid's best in the median.
"""

import argparse
import json
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import optuna
from common import Row, add_program, emit, machine, parser, reference_run, warn_if_busy

from hpsoft.engine.evaluate import evaluate
from hpsoft.search.prepare import Prepared

TARGET_RATIO, TARGET_GAP = 10.0, 0.005
MODES = {
    "random": ["--sampler", "random"],
    "TPE": ["--sampler", "tpe"],
    "TPE + hyperband": ["--sampler", "tpe", "--pruner", "hyperband"],
}


def search(program: str, *options: str) -> tuple[float, float]:
    """Return the seconds and the best validation cost of a search as a process."""
    command = [*shlex.split(program), "search", "--data", "fashion-mnist", "--json", *options]
    began = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - began, json.loads(done.stdout)["winner"]["value"]


def best_of(program: str, storage: Path) -> float:
    """Return the best validation cost of the one study in a storage."""
    command = [*shlex.split(program), "trials", "--storage", str(storage), "--top", "1", "--json"]
    done = subprocess.run(
        [*command, "--study", "best"], check=True, capture_output=True, text=True
    )
    return float(json.loads(done.stdout)["trials"][0]["value"])


class PlainOptuna:
    """What a user would write: one model at a time, driven by `study.optimize`."""

    def __init__(self, prepared: Prepared) -> None:
        setting = prepared.setting
        self.space, self.setting, self.passes = prepared.grid.space, setting, 0
        self.one_hot = np.eye(setting.n_classes, dtype=np.float32)[setting.labels]

    def objective(self, trial: optuna.Trial) -> float:
        """Train one model, and report at the grid's values of epochs."""
        choose = {name: trial.suggest_categorical(name, list(v)) for name, v in self.space.items()}
        shape = self.setting.X.shape[1], self.setting.n_classes
        weights, bias = np.zeros(shape, np.float32), np.zeros(shape[1], np.float32)
        cost = np.inf
        for epoch in range(int(choose["epochs"])):
            self._pass(weights, bias, epoch, choose)
            self.passes += 1
            if epoch + 1 in self.space["epochs"]:
                cost = self._cost(weights, bias)
                trial.report(cost, epoch + 1)
                if trial.should_prune():
                    raise optuna.TrialPruned
        return cost

    def _pass(
        self, weights: np.ndarray, bias: np.ndarray, epoch: int, params: dict[str, float]
    ) -> None:
        order, size = self.setting.problem.order(epoch), int(params["batch_size"])
        rate, alpha = np.float32(params["learning_rate"]), np.float32(params["alpha"])
        for first in range(0, len(order), size):
            batch = order[first : first + size]
            X = self.setting.X[batch]
            logits = X @ weights + bias
            p = np.exp(logits - logits.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            error = (p - self.one_hot[batch]) / np.float32(len(batch))
            weights -= rate * (X.T @ error + alpha * weights)
            bias -= rate * error.sum(axis=0)

    def _cost(self, weights: np.ndarray, bias: np.ndarray) -> float:
        state = {"weights": weights[:, :, None], "bias": bias[:, None]}
        X, labels = self.setting.X_validation, self.setting.labels_validation
        return float(evaluate(X, labels, self.setting.n_classes, state).cross_entropy[0])


def plain(prepared: Prepared, n_trials: int, n_run: int, pruner: str | None) -> tuple[float, int]:
    """Return the seconds that plain Optuna takes for `n_trials`, and how many were run."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    hyperband = optuna.pruners.HyperbandPruner(min_resource=5, max_resource=40)
    study = optuna.create_study(
        sampler=optuna.samplers.TPESampler(seed=0),
        pruner=hyperband if pruner else optuna.pruners.NopPruner(),
    )
    loop = PlainOptuna(prepared)
    began = time.perf_counter()
    study.optimize(loop.objective, n_trials=n_run)
    return (time.perf_counter() - began) * n_trials / n_run, n_run


def measure(args: argparse.Namespace, folder: Path) -> list[Row]:
    """Run everything and return the table."""
    prepared = reference_run()
    storage = ["--storage", str(folder / "grid.journal")]
    grid_seconds, grid = None, None
    if args.grid:
        grid = best_of(args.program, args.grid)
    else:
        grid_seconds, grid = search(args.program, "--sampler", "grid", *storage)
    baseline, n_run = plain(prepared, args.trials, args.plain_trials, None)
    pruned, _ = plain(prepared, args.trials, args.plain_trials, "hyperband")
    rows = [_row("grid, 4096 trials", [grid_seconds], [grid], grid, None)]
    for mode, options in MODES.items():
        found = [
            search(
                args.program, *options, "--trials", str(args.trials), "--quiet",
                "--storage", str(folder / f"{seed}.journal"),
                *(["--sampler-option", f"seed={seed}"]),
            )
            for seed in range(args.seeds)
        ]  # fmt: skip
        seconds, costs = zip(*found, strict=True)
        rows.append(_row(f"{mode}, {args.trials}", seconds, costs, grid, baseline))
    rows.append(
        _row(f"plain Optuna TPE, {n_run} of {args.trials}", [baseline], [], grid, baseline)
    )
    name = f"plain Optuna TPE + hyperband, {n_run} of {args.trials}"
    return [*rows, _row(name, [pruned], [], grid, baseline)]


def _row(name: str, seconds: list, costs: list, grid: float, baseline: float | None) -> Row:
    gaps = sorted(cost / grid - 1 for cost in costs)
    median = None if None in seconds else statistics.median(seconds)
    return {
        "search": name,
        "seconds": median,
        "best cost": statistics.median(costs) if costs else None,
        "gap, median": statistics.median(gaps) if gaps else None,
        "gap, largest": gaps[-1] if gaps else None,
        "ratio": baseline / median if baseline and median else None,
    }


def main() -> int:
    """Measure, print, and judge."""
    options = parser(__doc__)
    add_program(options)
    options.add_argument("--seeds", type=int, default=10)
    options.add_argument("--trials", type=int, default=256)
    options.add_argument("--plain-trials", type=int, default=64)
    options.add_argument("--grid", type=Path, help="storage of a finished grid, not to run it")
    args = options.parse_args()
    facts = machine()
    warn_if_busy(facts)
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(args, Path(folder))
    emit(facts, rows, as_json=args.json)
    judged = next(row for row in rows if str(row["search"]).startswith("TPE + hyperband"))
    return 0 if judged["ratio"] >= TARGET_RATIO and judged["gap, median"] <= TARGET_GAP else 1


if __name__ == "__main__":
    sys.exit(main())
