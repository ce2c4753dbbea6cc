"""`hpsoft.GridSearch` where GridSearchCV stood: time and test scores in one run.

    digits      a grid of 4096 points on 5 folds, against GridSearchCV(SGDClassifier): the same
                strengths of L2, learning rates and epochs, and as its fourth hyperparameter, since
                it has no batches, 8 values of power_t. The peer takes hours, so it is timed on
                random points of its grid before and after ours, and scaled to all of them
    embeddings  20,000 x 512, 50 classes: 10 strengths of L2 on 5 folds, by SGD with 5 and 10
                passes, and at their optima by Newton's method (which takes long here), against
                LogisticRegressionCV and GridSearchCV(LogisticRegression). With --folds 1 the
                peers are timed on one of the folds, and scaled

Test scores are mean cross-entropy (lower is better) and accuracy of the refitted winners on a
fifth that nobody was given; those of a peer that was timed on a part are that part's winner's.
The refit is in no time. Both sides have all cores.

    python tests/benchmarks/gridsearch.py [digits] [embeddings] [--points 16] [--folds 5]
"""

import argparse
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from common import CORES, Row, emit, machine, parser, warn_if_busy
from made_sets import embeddings
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV, SGDClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import (
    GridSearchCV,
    ParameterGrid,
    StratifiedKFold,
    train_test_split,
)
from sklearn.preprocessing import StandardScaler

from hpsoft import GridSearch

FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)
SGD = {
    "alpha": np.logspace(-7, -1, 8),
    "learning_rate": np.logspace(-2, 0, 8),
    "epochs": [5, 10, 15, 20, 30, 40, 60, 80],
    "batch_size": [8, 16, 32, 64, 128, 256, 512, 1024],
}
PEER = {
    "alpha": SGD["alpha"],
    "eta0": SGD["learning_rate"],
    "max_iter": SGD["epochs"],
    "power_t": np.linspace(0.0, 0.7, 8),
}
# Beside the strengths of L2: of sgd one learning rate and 10 passes, too few to converge.
SPACES: dict[str, dict[str, object]] = {
    "sgd": {"learning_rate": 0.1, "epochs": [5, 10], "batch_size": 32},
    "newton": {},
}
CS = np.logspace(-4, 4, 10)  # as LogisticRegressionCV(Cs=10)


def timed(fit: Callable[[], Any]) -> tuple[float, Any]:
    """Return seconds and what was fitted."""
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of peers that stop at max_iter, as they are told to
        fitted = fit()
    return time.perf_counter() - began, fitted


def row(name: str, seconds: float, ours: float, fitted: Any, test: Sequence[Any]) -> Row:
    """Return what is printed of one side."""
    X, y = test
    return {
        "data, who": name,
        "seconds": round(seconds, 1),
        "times ours": round(seconds / ours, 1),
        "test cross-entropy": round(log_loss(y, fitted.predict_proba(X)), 4),
        "test accuracy": f"{100 * np.mean(fitted.predict(X) == y):.2f} %",
    }


def searched(search: GridSearch, X: Any, y: Any) -> tuple[float, GridSearch]:
    """Return the seconds of a search without its refit, and the search."""
    seconds, fitted = timed(lambda: search.fit(X, y))
    return seconds - fitted.refit_time_, fitted


def digits(args: argparse.Namespace) -> list[Row]:
    """A grid of 4096, against GridSearchCV(SGDClassifier) on a part of it."""
    X, y = load_digits(return_X_y=True)
    X, X_test, y, y_test = train_test_split(X / 16, y, test_size=0.2, stratify=y, random_state=0)
    points = list(ParameterGrid(PEER))
    chosen = np.random.default_rng(args.seed).choice(len(points), args.points, replace=False)
    halves = np.array_split(chosen, 2)

    def peer(part: Sequence[int]) -> tuple[float, GridSearchCV]:
        model = SGDClassifier(
            loss="log_loss", learning_rate="invscaling", tol=None, random_state=0
        )
        grid = [{name: [value] for name, value in points[i].items()} for i in part]
        search = GridSearchCV(model, grid, cv=FOLDS, scoring="neg_log_loss", n_jobs=CORES)
        seconds, fitted = timed(lambda: search.fit(X, y))
        return (seconds - fitted.refit_time_) * len(points) / len(part), fitted

    peer(halves[0][:2])  # starts its processes
    before = peer(halves[0])
    ours, fitted = searched(GridSearch(SGD, validation=FOLDS, metric="neg_log_loss"), X, y)
    after = peer(halves[1])
    best = max(before[1], after[1], key=lambda search: search.best_score_)
    seconds = statistics.mean([before[0], after[0]])
    test = X_test, y_test
    title = f"digits, GridSearchCV(SGDClassifier), {args.points} of 4,096 points, scaled"
    return [
        row("digits, hpsoft.GridSearch, 4,096 points", ours, ours, fitted, test),
        row(title, seconds, ours, best, test),
    ]


def many_classes(args: argparse.Namespace) -> list[Row]:
    """Ten strengths of L2 at their optima."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "embeddings.npz"
        embeddings(path)
        with np.load(path) as file:
            X, y = file["X"], file["y"]
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=0)
    scaler = StandardScaler().fit(X)
    X, X_test = scaler.transform(X), scaler.transform(X_test)
    folds = list(FOLDS.split(X, y))
    part, scaled = folds[: args.folds], 5 / args.folds
    said = "" if args.folds == 5 else f", {args.folds} of 5 folds, scaled"
    alpha = 1 / (CS * 0.8 * len(X))
    test, rows, ours = (X_test, y_test), [], np.inf
    for optimizer in args.optimizers.split(","):
        search = GridSearch(
            {"alpha": alpha, **SPACES[optimizer]},
            optimizer=optimizer,
            scale="raw",
            validation=folds,
            metric="neg_log_loss",
        )
        seconds, fitted = searched(search, X, y)
        ours = min(ours, seconds)
        title = f"embeddings, hpsoft.GridSearch({optimizer})"
        rows.append(row(title, seconds, ours, fitted, test))
    cv = LogisticRegressionCV(
        Cs=CS, cv=part, scoring="neg_log_loss", n_jobs=CORES, max_iter=1000, refit=True,
        use_legacy_attributes=False, l1_ratios=(0,),
    )  # fmt: skip
    seconds, fitted_cv = timed(lambda: cv.fit(X, y))
    rows.append(
        row(f"embeddings, LogisticRegressionCV{said}", seconds * scaled, ours, fitted_cv, test)
    )
    grid = GridSearchCV(
        LogisticRegression(max_iter=1000), {"C": CS}, cv=part, scoring="neg_log_loss", n_jobs=CORES
    )
    seconds, fitted_grid = timed(lambda: grid.fit(X, y))
    seconds -= fitted_grid.refit_time_
    name = f"embeddings, GridSearchCV(LogisticRegression){said}"
    rows.append(row(name, seconds * scaled, ours, fitted_grid, test))
    return rows


PARTS: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "digits": digits,
    "embeddings": many_classes,
}


def main() -> None:
    """Time what was asked for and print it."""
    made = parser(__doc__)
    made.add_argument("parts", nargs="*", default=list(PARTS), metavar="digits|embeddings")
    made.add_argument("--points", type=int, default=16, help="of the peer's grid (%(default)s)")
    made.add_argument("--folds", type=int, default=5, help="of the peers (%(default)s)")
    made.add_argument("--seed", type=int, default=0, help="of those points (%(default)s)")
    made.add_argument("--optimizers", default="sgd,newton", help="for embeddings (%(default)s)")
    args = made.parse_args()
    facts = machine()
    warn_if_busy(facts)
    rows = [row for part in args.parts for row in PARTS[part](args)]
    emit(facts, rows, as_json=args.json)


if __name__ == "__main__":
    main()
