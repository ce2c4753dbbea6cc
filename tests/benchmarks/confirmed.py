"""What confirming the winner buys: the test set's view of the best and of the confirmed trial.

Runs `hpsoft confirm` on a finished study, then `hpsoft final` for each choice of a trial with
several seeds of the sample order, and prints test cross-entropy and accuracy side by side. A
storage that is a file is copied first: the study's own record of its test uses stays as it is.

    hpsoft search --data fashion-mnist --sampler grid --storage grid.journal
    python tests/benchmarks/confirmed.py grid.journal fashion-mnist-sgd-grid [--top 20] [--seeds 5]
"""

import argparse
import json
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from common import Row, add_program, emit, machine, parser, warn_if_busy

CHOICES = ("best", "confirmed", "one-se")
MEASURES = {"cost": "cross_entropy", "accuracy": "accuracy"}


def hpsoft(program: str, *options: str) -> Any:
    """Run a command with --json and return its document."""
    command = [*shlex.split(program), *options, "--json", "--quiet"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(args: argparse.Namespace, storage: str) -> tuple[Row, list[Row]]:
    """Confirm, train every choice with every seed, and return what was chosen and the table."""
    where = ("--study", args.study, "--storage", storage)
    repetitions = ("--top", str(args.top), "--seeds", str(args.seeds))
    confirmation = hpsoft(args.program, "confirm", *where, *repetitions)
    finals = {
        choice: [
            hpsoft(args.program, "final", *where, "--trial", choice, "--seed", str(seed))
            for seed in range(args.seeds)
        ]
        for choice in CHOICES
    }
    return _facts(confirmation, finals), _table(finals, args.seeds)


def _facts(confirmation: Any, finals: dict[str, list[Any]]) -> Row:
    means = {row["trial"]: row["mean"] for row in confirmation["trials"]}
    facts: dict[str, object] = {"conclusion": confirmation["conclusion"]}
    for choice, (first, *_) in finals.items():
        params = ", ".join(f"{name} {value:g}" for name, value in sorted(first["params"].items()))
        facts[choice] = (
            f"trial {first['trial']} ({params}), validation cost {first['validation_cost']:.6f}, "
            f"mean over the repetitions {means[first['trial']]:.6f}"
        )
    return facts


def _table(finals: dict[str, list[Any]], seeds: int) -> list[Row]:
    """Return a row a seed, then median, smallest and largest."""
    columns = {
        f"{choice}: test {measure}": [final["test"][key] for final in found]
        for choice, found in finals.items()
        for measure, key in MEASURES.items()
    }
    rows: list[Row] = [
        {"seed": str(seed), **{name: values[seed] for name, values in columns.items()}}
        for seed in range(seeds)
    ]
    for label, summary in {"median": statistics.median, "min": min, "max": max}.items():
        rows.append({"seed": label, **{name: summary(v) for name, v in columns.items()}})
    return rows


def main() -> int:
    """Measure and print."""
    options = parser(__doc__)
    add_program(options)
    options.add_argument("storage", help="where the study is: a file or a URL")
    options.add_argument("study", help="a finished study")
    options.add_argument("--top", type=int, default=20)
    options.add_argument("--seeds", type=int, default=5)
    args = options.parse_args()
    facts = machine()
    warn_if_busy(facts)
    with tempfile.TemporaryDirectory() as folder:
        storage = args.storage
        if "://" not in storage:
            storage = shutil.copy(storage, Path(folder, Path(storage).name))
        chosen, rows = measure(args, str(storage))
    emit({**facts, **chosen}, rows, as_json=args.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
