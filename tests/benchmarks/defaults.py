"""Do the defaults lead to a good model? Two commands without options, against scikit-learn.

For every table and seed, `hpsoft search` and `hpsoft final` choose and test a model, and so does
StandardScaler + LogisticRegressionCV(Cs=10, cv=5, scoring="neg_log_loss") on the same training and
test samples. Printed are means over the seeds, the worst single run, and who misses what:

    ce        test cross-entropy at most 1.05 times scikit-learn's, or 0.02 above it
    accuracy  test accuracy at least scikit-learn's minus 0.01, or the latter in our 95 % interval
    worst     no run above 1.5 times scikit-learn's cross-entropy of that run, or 0.02 above it
    edges     no winner on three edges of its space
    diverged  no search of which half the trials diverged

`--without` takes one ingredient out: cv, averaging, horizon, rates, strengths. `--confirm` and
`--extend` put these commands in between. Tables are CSV files with the label in `zz_target`;
`embeddings` (20,000 x 512, 50 classes) and `wide` (100 x 5,000) are made; `--field FOLDER` adds
the data sets of a folder of field cases (field_sets.py).

    python tests/benchmarks/defaults.py TABLE.csv ... [--field FOLDER] [--seeds 5]
        [--optimizer newton] [--without cv]
"""

import argparse
import contextlib
import json
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from common import Row, emit, machine, parser, warn_if_busy
from field_sets import field_sets
from made_sets import MADE

from hpsoft.assess.confirm import ConfirmConfig, confirm_winner
from hpsoft.assess.extend import extend
from hpsoft.assess.final import FinalConfig, FinalResult, retrain_winner
from hpsoft.cli.values import parse_settings
from hpsoft.data import Dataset
from hpsoft.data.spec import DataSpec
from hpsoft.softmax import wilson_interval
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.prepare import prepare
from hpsoft.tuning.prepared import Prepared
from hpsoft.tuning.run import search

INGREDIENTS = ("cv", "averaging", "horizon", "rates", "strengths")
SKLEARN = ("iris", "wine", "breast_cancer", "digits")  # tables that come with scikit-learn
RATIO, MARGIN, LOSS, WORST = 1.05, 0.02, 0.01, 1.5
EDGES, DIVERGED = 3, 0.5


@dataclass(frozen=True)
class Run:
    """One table and seed: what both found."""

    cost: float
    accuracy: float
    peer_cost: float
    peer_accuracy: float
    seconds: float  # of the search
    n_test: int
    edges: int  # of the space, on which the winner lies
    diverged: float  # share of the trials

    @property
    def is_bad(self) -> bool:
        """Whether this run alone is far from the peer's."""
        return self.cost > max(WORST * self.peer_cost, self.peer_cost + MARGIN)


def measure(args: argparse.Namespace, spec: DataSpec, seed: int, folder: Path) -> Run:
    """Search, finish and fit the peer."""
    source = replace(spec, seed=seed)
    data = source.load()
    storage = str(folder / "s.journal")
    config = SearchConfig(
        optimizer=args.optimizer, study="s", storage=storage, seed=seed, jobs=args.jobs,
        cv="none" if "cv" in args.without else "auto",
    )  # fmt: skip
    prepared = prepare(config, data.training, source)
    if settings := changed(prepared, args.without):
        config = SearchConfig(**{**vars(config), "space": parse_settings(settings)})
        prepared = prepare(config, data.training, source)
    began = time.perf_counter()
    finished = search(prepared)
    seconds = time.perf_counter() - began
    for _ in range(args.extend):
        again = SearchConfig(**{**vars(config), "space": {}})
        finished = search(extend(prepare(again, data.training, source)).prepared)
    if args.confirm:
        to_the_end(confirm_winner(ConfirmConfig("s", storage)))
    found: FinalResult = to_the_end(
        retrain_winner(FinalConfig("s", storage, "confirmed" if args.confirm else None))
    )
    proof = finished.certificate
    return Run(
        found.test.cross_entropy, found.test.accuracy, *peer(data), seconds, len(data.test.labels),
        len(finished.edges), proof.n_diverged / proof.n_finished,
    )  # fmt: skip


def changed(prepared: Prepared, without: list[str]) -> tuple[str, ...]:
    """Return the settings of a space without some ingredients, as it was before them."""
    space = prepared.grid.space
    curvature = prepared.setting.n_classes / max(space.get("learning_rate", (np.nan,)))
    peak = 10.0 ** np.round(np.log10(curvature)) if np.isfinite(curvature) else np.nan
    before = {
        "averaging": {"averaging": [0]},
        "horizon": {"epochs": range(5, 45, 5)},
        "rates": {"learning_rate": [2.0**k / curvature for k in range(-3, 5)]},
        "strengths": {"alpha": [peak * 10.0**k for k in range(-8, 0)]},
    }
    return tuple(
        f"{name}={','.join(map(repr, map(float if name != 'epochs' else int, values)))}"
        for ingredient in without
        for name, values in before.get(ingredient, {}).items()
    )


def peer(data: Dataset) -> tuple[float, float]:
    """Return cross-entropy and accuracy of scikit-learn's own search on the test part."""
    from sklearn.linear_model import LogisticRegressionCV
    from sklearn.metrics import log_loss
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    samples, test = data.training.everything, data.test
    model = LogisticRegressionCV(Cs=10, cv=5, scoring="neg_log_loss", max_iter=1000)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of solvers that stop before the optimum, and of changes to come
        pipeline = make_pipeline(StandardScaler(), model)
        pipeline.fit(np.asarray(samples.X, float), samples.labels)
        predicted = pipeline.predict_proba(np.asarray(test.X, float))
    cost = log_loss(test.labels, predicted, labels=range(len(data.classes)))
    return float(cost), float(np.mean(predicted.argmax(axis=1) == test.labels))


def row(name: str, runs: list[Run]) -> Row:
    """Return the means of a table, and what it misses."""
    cost, accuracy, peer_cost, peer_accuracy, seconds = np.mean(
        [[r.cost, r.accuracy, r.peer_cost, r.peer_accuracy, r.seconds] for r in runs], axis=0
    )
    edges, diverged = max(run.edges for run in runs), max(run.diverged for run in runs)
    n_test = sum(run.n_test for run in runs)
    _, most = wilson_interval(accuracy * n_test, n_test)
    misses = {
        "ce": cost > max(RATIO * peer_cost, peer_cost + MARGIN),
        "accuracy": accuracy < peer_accuracy - LOSS - 1e-9 and peer_accuracy > most,
        "worst": any(run.is_bad for run in runs),
        "edges": edges >= EDGES,
        "diverged": diverged >= DIVERGED,
    }
    return {
        "table": name,
        "ce": f"{cost:.4f}",
        "peer's": f"{peer_cost:.4f}",
        "ratio": f"{cost / peer_cost:.3f}",
        "worst": f"{max(run.cost / run.peer_cost for run in runs):.2f}",
        "accuracy": f"{accuracy:.4f}",
        "peer's accuracy": f"{peer_accuracy:.4f}",
        "edges": edges,
        "diverged": f"{diverged:.1%}",
        "search s": f"{seconds:.1f}",
        "missed": " ".join(name for name, missed in misses.items() if missed) or "-",
        "by seed": " ".join(f"{run.cost:.4f}/{run.peer_cost:.4f}" for run in runs),
    }


def note(path: Path, **values: object) -> None:
    """Append a line of JSON to a file: a benchmark of an hour may be interrupted."""
    with path.open("a") as file:
        file.write(json.dumps(values) + "\n")


@contextlib.contextmanager
def tables(paths: list[str]) -> Iterator[list[tuple[str, DataSpec]]]:
    """Yield names and data sets: files, in which the tables of scikit-learn are too."""
    with tempfile.TemporaryDirectory() as folder:
        specs = []
        for path in paths:
            spec = path
            if path in MADE:
                spec = str(Path(folder) / f"{path}.npz")
                MADE[path](Path(spec))
            elif path in SKLEARN and path != "digits":
                spec = str(write_table(path, Path(folder)))
            specs.append((Path(path).stem, DataSpec(spec)))
        yield specs


def write_table(name: str, folder: Path) -> Path:
    """Write a table of scikit-learn's as CSV."""
    import sklearn.datasets

    found = getattr(sklearn.datasets, f"load_{name}")()
    names = [f"x{i}" for i in range(found.data.shape[1])] + ["zz_target"]
    lines = [
        ",".join([*map(repr, map(float, x)), str(found.target_names[y])])
        for x, y in zip(found.data, found.target, strict=True)
    ]
    file = folder / f"{name}.csv"
    file.write_text("\n".join([",".join(names), *lines]) + "\n")
    return file


def main() -> None:
    """Print a row a table."""
    options = parser(__doc__)
    options.add_argument("tables", nargs="*", default=list(SKLEARN), help="CSV files")
    options.add_argument("--field", type=Path, metavar="FOLDER", help="with expected.json")
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--optimizer", default="sgd")
    options.add_argument("--without", action="append", choices=INGREDIENTS, default=[])
    options.add_argument("--confirm", action="store_true")
    options.add_argument("--extend", type=int, default=0, metavar="TIMES")
    options.add_argument("--jobs", type=int, default=None)
    options.add_argument("--log", type=Path, help="append every run to this file, as JSON lines")
    args = options.parse_args()
    facts = machine()
    warn_if_busy(facts)
    rows = []
    with tables(args.tables) as given:
        for name, spec in [*given, *(field_sets(args.field) if args.field else ())]:
            runs = []
            for seed in range(args.seeds):
                with tempfile.TemporaryDirectory() as folder:
                    runs.append(measure(args, spec, seed, Path(folder)))
                if args.log:
                    note(args.log, table=name, seed=seed, **vars(runs[-1]))
            rows.append(row(name, runs))
    emit(facts, rows, as_json=args.json)


if __name__ == "__main__":
    main()
