"""The kernel by batch size: useful GFLOP/s as a share of the sgemm rate, 64 models, one pass.

Useful are 4 * 48000 * 784 * 10 flops a model, whatever exact algebra leaves out. Each run stands
between two measurements of the rate, and rounds go through all sizes, so that noise hits all
alike; the median over the rounds is printed. Shares of two rates: of one BLAS thread alone, and
of all cores divided by their number (lower, where cores share power or memory). With
`--jobs 2`, two worker processes train the same block at the same time: the search's own condition.

    python tests/benchmarks/batch_share.py [--jobs 1] [--rounds 5] [--batches 8,32,128] [--json]
    python tests/benchmarks/batch_share.py --batches 8,16,32 --slab 64,128,256    # sweep
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import hpsoft_sgd.optimizer
from common import (
    CORES,
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

from hpsoft.engine.setup import TrainingSetup
from hpsoft.engine.train import Task
from hpsoft.engine.workers import Inline, Processes, make_workers
from hpsoft.tuning.prepared import Prepared

TARGETS = {8: 0.72, 32: 0.80, 128: 0.90, 256: 0.90, 512: 0.90, 1024: 0.90}
OWN_CHOICE = hpsoft_sgd.optimizer.slab_size


class SlabSGD(hpsoft_sgd.optimizer.SGD):
    """SGD with slabs of about `samples` samples where the block says so."""

    def epoch(self, problem, models, state, index):
        """Pass once over the data."""
        batch = int(models.structure["batch_size"])
        slab = int(models.structure["slab"]) // batch * batch
        hpsoft_sgd.optimizer.slab_size = (lambda *_: slab) if slab else OWN_CHOICE
        return super().epoch(problem, models, state, index)


@dataclass
class Case:
    """One line of the table, and what was measured so far."""

    batch: int
    slab: int  # 0: the kernel's own choice
    task: Task
    of_one: list[float] = field(default_factory=list)
    of_all: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def row(self, jobs: int) -> Row:
        """Return the medians."""
        shares = statistics.median(self.of_one), statistics.median(self.of_all)
        target = TARGETS.get(self.batch)
        return {
            "batch": self.batch,
            "slab": self.slab or "own",
            "jobs": jobs,
            "ms / model-epoch": statistics.median(self.milliseconds),
            "of one thread's sgemm": shares[0],
            "of all cores' sgemm": shares[1],
            "target": target,
            "met": None if target is None else "yes" if shares[1] >= target else "NO",
        }


def cases(prepared: Prepared, args: argparse.Namespace) -> Iterator[Case]:
    """Yield the lines of the table; slabs are swept only where they hold a mini-batch."""
    for batch in args.batches:
        block = block_of(prepared, batch)
        for slab in [s for s in args.slab if s >= batch] or [0]:
            models = block.models[: args.models]
            part = replace(block, models=models, structure={"batch_size": batch, "slab": slab})
            yield Case(batch, slab, Task(part, tuple(range(len(part.models))), None, 0, 1))


def measure(
    case: Case, workers: Inline | Processes, gemm: Gemm, setting: TrainingSetup, repeats: int
) -> None:
    """Run a case once on every worker, between two measurements of the rates."""
    before = gemm.rate(repeats, 1), gemm.rate(repeats)
    began = time.perf_counter()
    for future in [workers.submit(case.task) for _ in range(workers.n)]:
        future.result()
    seconds = time.perf_counter() - began
    after = gemm.rate(repeats, 1), gemm.rate(repeats)
    n_models = len(case.task.alive) * workers.n
    rate = setting.flops_per_model_epoch * n_models / seconds / workers.n
    case.of_one.append(rate / ((before[0] + after[0]) / 2))
    case.of_all.append(rate / ((before[1] + after[1]) / 2 / CORES))
    case.milliseconds.append(1e3 * seconds / n_models)


def main() -> None:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--batches", type=sizes, default=[2**k for k in range(3, 11)])
    options.add_argument("--slab", type=sizes, default=[], help="slab sizes to try, 64,128,...")
    options.add_argument("--models", type=int, default=64, help="side by side, at most 64")
    options.add_argument("--jobs", type=int, default=1)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--products", type=int, default=3, help="a measurement of the rate")
    args = options.parse_args()
    facts, gemm, prepared = machine(), Gemm(), reference_run()
    warn_if_busy(facts)
    (fold,) = prepared.setting.folds
    one = {"X_validation": fold.X_validation[:1], "labels_validation": fold.labels_validation[:1]}
    setting = replace(prepared.setting, optimizer=SlabSGD(), folds=(replace(fold, **one),))
    listed = list(cases(prepared, args))
    with make_workers(setting, args.jobs) as workers:
        for future in [workers.submit(listed[0].task) for _ in range(workers.n)]:
            future.result()  # warm-up
        for _ in range(args.rounds):
            for case in listed:
                measure(case, workers, gemm, setting, args.products)
    emit(facts, [case.row(args.jobs) for case in listed], as_json=args.json)


if __name__ == "__main__":
    main()
