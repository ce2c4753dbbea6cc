"""Are the estimator's defaults good without tuning? Against StandardScaler + LogisticRegression.

For each table five stratified splits, three quarters to train on. Printed are means over the
splits: accuracy and cross-entropy on the rest, and seconds of the two fits, which take turns.
Exits with 1 where the mean accuracy is more than a point below scikit-learn's.

    python tests/benchmarks/estimator.py [--seeds 5] [--optimizer sgd] [--json]
"""

import statistics
import sys
import time
from typing import Any

import numpy as np
from common import Row, emit, machine, parser, warn_if_busy
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hpsoft import SoftmaxRegression

TABLES = {
    "iris": load_iris, "wine": load_wine, "breast cancer": load_breast_cancer,
    "digits": load_digits,
}  # fmt: skip
MARGIN = 0.01  # of accuracy


def main() -> int:
    """Run all tables and return the exit code."""
    made = parser(__doc__)
    made.add_argument("--seeds", type=int, default=5)
    made.add_argument("--optimizer", default="sgd")
    options = made.parse_args()
    facts = machine()
    warn_if_busy(facts)
    rows = [compare(table, options.seeds, options.optimizer) for table in TABLES]
    emit(facts, rows, as_json=options.json)
    return int(any(row["missed"] for row in rows))


def compare(table: str, n_seeds: int, optimizer: str) -> Row:
    """Return the means over the splits of one table."""
    X, y = TABLES[table](return_X_y=True)
    ours, theirs = [], []
    for seed in range(n_seeds):
        parts = train_test_split(X, y, test_size=0.25, stratify=y, random_state=seed)
        ours.append(measure(SoftmaxRegression(optimizer=optimizer, random_state=seed), *parts))
        peer = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5000))
        theirs.append(measure(peer, *parts))
    (accuracy, cost, _), (peer_accuracy, peer_cost, _) = np.mean(ours, 0), np.mean(theirs, 0)
    return {
        "table": table,
        "accuracy": round(float(accuracy), 4),
        "scikit-learn's": round(float(peer_accuracy), 4),
        "cross-entropy": round(float(cost), 4),
        "scikit-learn's ": round(float(peer_cost), 4),
        "s": round(statistics.median(one[2] for one in ours), 3),
        "s, scikit-learn": round(statistics.median(one[2] for one in theirs), 3),
        "missed": bool(accuracy < peer_accuracy - MARGIN),
    }


def measure(model: Any, X: Any, X_test: Any, y: Any, y_test: Any) -> tuple[float, float, float]:
    """Return test accuracy, test cross-entropy and the seconds of the fit."""
    began = time.perf_counter()
    model.fit(X, y)
    seconds = time.perf_counter() - began
    return model.score(X_test, y_test), log_loss(y_test, model.predict_proba(X_test)), seconds


if __name__ == "__main__":
    sys.exit(main())
