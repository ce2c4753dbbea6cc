"""Momentum and Adam in hpsoft's fused passes against the one-model loop of PyTorch, in one run.

64 models at a time on Fashion-MNIST, float32, batches of 32. Each program runs as one process a
core, pinned, with one thread each; they take turns round by round, and medians are printed.

    ms     a model and epoch (48,000 samples) of the whole machine, training alone
    ratio  PyTorch's ms to hpsoft's; at least 8 is the target
    error  largest difference of a model's weights to PyTorch's, relative to the largest weight

Timed on a part of a pass (--samples of all 48,000, drawn at random) from zero weights. Exits with
1 where the target is missed, with 2 where a library or a plugin is not installed.

    pip install torch==2.13.0 ./plugins/momentum ./plugins/adam
    python tests/benchmarks/plugins.py [--rounds 5] [--batch 32] [--samples 10240] [--json]
"""

import importlib.util
import os
import statistics
import sys
import tempfile
from pathlib import Path

from alternatives import difference, share_data
from common import SAMPLES, Row, emit, machine, parser, warn_if_busy
from rivals import STEPPERS
from rivals.crew import Crew

PAIRS = (("HpsoftMomentum", "TorchMomentum"), ("HpsoftAdam", "TorchAdam"))
TARGET = 8.0


def compare(folder: Path, pair: tuple[str, str], batch: int, samples: int, rounds: int) -> Row:
    """Run both programs in turn and return the line of the table."""
    order = share_data(folder)[: samples // batch * batch]
    crews = [Crew(name, folder, sorted(os.sched_getaffinity(0))) for name in pair]
    found = [[crew.run(order, batch) for crew in crews] for _ in range(rounds + 1)]
    for crew in crews:
        crew.close()
    # The first round warms up.
    ours, theirs = (
        1e3 * statistics.median(turn[i][0] for turn in found[1:]) * SAMPLES / len(order)
        for i in (0, 1)
    )
    return {
        "program": STEPPERS[pair[0]].title,
        "ms": ours,
        "against": STEPPERS[pair[1]].title,
        "its ms": theirs,
        "ratio": theirs / ours,
        "met": "yes" if theirs / ours >= TARGET else "NO",
        "error": difference(found[-1][0][1], found[-1][1][1]),
    }


def main() -> None:
    """Measure and print."""
    options = parser(__doc__)
    options.add_argument("--batch", type=int, default=32)
    options.add_argument("--samples", type=int, default=10_240, help="of a pass that are timed")
    options.add_argument("--rounds", type=int, default=5)
    args = options.parse_args()
    needed = {STEPPERS[name].needs for pair in PAIRS for name in pair}
    if missing := [name for name in sorted(needed) if not importlib.util.find_spec(name)]:
        sys.stderr.write(f"Not installed: {', '.join(missing)}. See the top of this file.\n")
        sys.exit(2)
    facts = machine()
    warn_if_busy(facts)
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            compare(Path(folder), pair, args.batch, args.samples, args.rounds) for pair in PAIRS
        ]
    emit(facts, rows, as_json=args.json)
    sys.exit(0 if all(row["met"] == "yes" for row in rows) else 1)


if __name__ == "__main__":
    main()
