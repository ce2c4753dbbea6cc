"""The whole Fashion-MNIST grid as a real process: start, data, training, validation, 4096 trials.

Wall time against the bound: 4 * 48000 * 784 * 10 flops per model and epoch, 512 models, 40
epochs, at the sgemm rate of all cores measured just before and just after. Peak memory is the sum
of PSS over the process and its workers, see memory.py. Exits with 1 where a target is missed.

    python tests/benchmarks/full_grid.py [--json] [--epochs 40] [-- further options of hpsoft
    search]

To try it out: `--epochs 8` searches 1..8 epochs instead of 5..40 (start and end weigh more then).
Options after `--` go to hpsoft; the bound stays that of the full grid.
"""

import argparse
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from common import (
    FLOPS_PER_MODEL_EPOCH,
    Gemm,
    add_program,
    emit,
    machine,
    parser,
    warn_if_busy,
)
from memory import TreeMemory

MODELS, TRIALS, HORIZONS = 512, 4096, 8
TARGET, AIM, TARGET_MB = 1.15, 1.05, 700


@dataclass(frozen=True)
class Outcome:
    """A process that has ended."""

    seconds: float
    cpu_seconds: float
    memory: TreeMemory
    n_trials: int


def command(args: argparse.Namespace, storage: Path) -> list[str]:
    """Return the command line of the search."""
    epochs = [args.epochs * k // HORIZONS for k in range(1, HORIZONS + 1)]
    fewer = ["--set", "epochs=" + ",".join(map(str, epochs))] if args.epochs != 40 else []
    base = ["search", "--data", "fashion-mnist", "--sampler", "grid", "--storage", str(storage)]
    return [*shlex.split(args.program), *base, *fewer, *args.options]


def execute(args: argparse.Namespace) -> Outcome:
    """Run the search on a storage of its own and watch its memory."""
    with tempfile.TemporaryDirectory() as folder:
        storage = Path(folder) / "benchmark.journal"
        cpu, began = _cpu_seconds(), time.perf_counter()
        with subprocess.Popen(command(args, storage), stdout=sys.stderr) as process:
            memory = TreeMemory(process.pid)
            memory.start()
            process.wait()
            seconds = time.perf_counter() - began
            memory.stop()
        if process.returncode:
            raise SystemExit(f"The search failed with exit code {process.returncode}.")
        return Outcome(seconds, _cpu_seconds() - cpu, memory, finished_trials(storage))


def finished_trials(storage: Path) -> int:
    """Count the finished trials as stock Optuna sees them."""
    import optuna
    from optuna.storages.journal import JournalFileBackend

    journal = optuna.storages.JournalStorage(JournalFileBackend(str(storage)))
    (summary,) = optuna.get_all_study_summaries(journal)
    return summary.n_trials


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def report(outcome: Outcome, epochs: int, rates: tuple[float, float]) -> dict[str, float]:
    """Return the figures of the table."""
    bound = FLOPS_PER_MODEL_EPOCH * MODELS * epochs / (sum(rates) / 2)
    memory = outcome.memory
    return {
        "seconds": outcome.seconds,
        "bound s": bound,
        "ratio": outcome.seconds / bound,
        "CPU s": outcome.cpu_seconds,
        "trials": outcome.n_trials,
        "peak MB (PSS)": memory.peak_pss / 1e6,
        "main MB (RSS)": memory.main_rss / 1e6,
        "largest worker MB (RSS)": memory.child_rss / 1e6,
        "sum of RSS MB": memory.peak_rss / 1e6,
        "sgemm before": rates[0] / 1e9,
        "sgemm after": rates[1] / 1e9,
    }


def missed(outcome: Outcome, ratio: float) -> list[str]:
    """Return the targets that were missed, in words."""
    megabytes = outcome.memory.peak_pss / 1e6
    checks = {
        f"{outcome.n_trials} trials instead of {TRIALS}": outcome.n_trials == TRIALS,
        f"ratio {ratio:.3f} above {TARGET} (aim {AIM})": ratio <= TARGET,
        f"{megabytes:.0f} MB above {TARGET_MB}": megabytes <= TARGET_MB,
    }
    return [text for text, met in checks.items() if not met]


def main() -> int:
    """Measure, print, and judge."""
    options = parser(__doc__)
    add_program(options)
    options.add_argument("--epochs", type=int, default=40, help="the largest of 8 values")
    options.add_argument("options", nargs="*", help="passed on to hpsoft search")
    args = options.parse_args()
    if args.epochs < HORIZONS:
        options.error(f"--epochs takes {HORIZONS} or more")
    facts, gemm = machine(), Gemm()
    warn_if_busy(facts)
    before = gemm.rate(9)
    outcome = execute(args)
    row = report(outcome, args.epochs, (before, gemm.rate(9)))
    failures = missed(outcome, row["ratio"])
    aim = {"targets": f"ratio {TARGET} (aim {AIM}), {TARGET_MB} MB", "missed": failures or "none"}
    emit({**facts, **aim}, [{"what": k, "measured": v} for k, v in row.items()], as_json=args.json)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
