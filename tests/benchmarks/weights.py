"""What weights of classes and of samples cost SGD's kernel: ratios of passes in one run.

Trains a block of 64 models on random data of the shape of Fashion-MNIST, with and without weights
in turn, and prints the ratios of the least CPU times of a pass. Target: class weights at most 1.03
at every batch size. `power 0` is the noise: class weights that are not asked for take the very
path of those that do not exist. Beside it the shape of the digits, where products are small and
calls count: no target.

    python tests/benchmarks/weights.py [--samples 3000] [--repeats 25] [--json]
"""

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from common import CLASSES, FEATURES, Row, emit, machine, parser, warn_if_busy
from hpsoft_sgd import SGD
from threadpoolctl import threadpool_limits

from hpsoft.engine.setup import sample_order
from hpsoft.optimizers import Models, Problem

N_MODELS = 64
TARGET = 1.03
FASHION, DIGITS = ("Fashion-MNIST", FEATURES), ("digits", 64)
BATCHES = (8, 32, 128, 512)
KINDS = ("power 0", "class_weight", "sample weights", "both")


def problem(n: int, d: int, *, weighted: bool) -> Problem:
    """Return random pixels with unequal classes."""
    rng = np.random.default_rng(0)
    X = rng.integers(0, 256, (n, d), dtype=np.uint8)
    labels = rng.choice(CLASSES, n, p=np.arange(1, CLASSES + 1) / 55)
    weight = rng.exponential(size=n)
    order = partial(sample_order, 0, n_samples=n)
    given = weight / weight.mean() if weighted else None
    return Problem(X, labels, CLASSES, np.dtype("f4"), order, given)


def models(batch_size: int, powers: Sequence[float] | None) -> Models:
    """Return 64 calm models; without powers, of a study that never heard of class weights."""
    rng = np.random.default_rng(1)
    columns = {
        "learning_rate": rng.uniform(1e-8, 1e-7, N_MODELS),
        "alpha": rng.uniform(0, 10, N_MODELS),
    }
    if powers is not None:
        columns["class_weight"] = np.resize(np.array(powers, float), N_MODELS)
    return Models(N_MODELS, columns, {"batch_size": batch_size})


def trainer(on: Problem, of: Models) -> Callable[[], float]:
    """Return what makes one more pass, and returns its CPU seconds; buffers are warm."""
    sgd = SGD()
    state = sgd.init(on, of)
    sgd.epoch(on, of, state, 0)

    def one_pass() -> float:
        began = time.process_time()  # of one thread: neighbours on the machine count less
        sgd.epoch(on, of, state, 1)
        return time.process_time() - began

    return one_pass


def ratios(n: int, d: int, batch_size: int, repeats: int) -> dict[str, float]:
    """Return the seconds of a pass without weights, and the ratio to it of each kind."""
    plain, weighted = (problem(n, d, weighted=w) for w in (False, True))
    powers = (0.0, 0.25, 0.5, 1.0)
    base = trainer(plain, models(batch_size, None))
    others = (
        trainer(plain, models(batch_size, (0.0,))),
        trainer(plain, models(batch_size, powers)),
        trainer(weighted, models(batch_size, None)),
        trainer(weighted, models(batch_size, powers)),
    )
    seconds = [[one() for one in (base, *others)] for _ in range(repeats)]
    plain_s, *weighted_s = (min(column) for column in zip(*seconds, strict=True))
    ratios_to_plain = (each / plain_s for each in weighted_s)
    return {"ms": 1000 * plain_s, **dict(zip(KINDS, ratios_to_plain, strict=True))}


def measure(n_samples: int, repeats: int) -> list[Row]:
    """Return a row for each shape and batch size."""
    rows: list[Row] = []
    for title, d in (FASHION, DIGITS):
        for batch_size in BATCHES:
            found = ratios(n_samples, d, batch_size, repeats)
            is_met = title == DIGITS[0] or found["class_weight"] <= TARGET
            rows.append(
                {"data": title, "batch": batch_size, **found, "met": "yes" if is_met else "NO"}
            )
    return rows


def main() -> None:
    """Measure and print; exit code 1 where the target is missed."""
    made = parser(__doc__)
    made.add_argument("--samples", type=int, default=3_000)
    made.add_argument("--repeats", type=int, default=25)
    args = made.parse_args()
    facts = machine()
    warn_if_busy(facts)
    with threadpool_limits(1):
        rows = measure(args.samples, args.repeats)
    emit({**facts, "target": TARGET}, rows, as_json=args.json)
    sys.exit(0 if all(row["met"] == "yes" for row in rows) else 1)


if __name__ == "__main__":
    main()
