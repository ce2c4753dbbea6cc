"""What finished studies in the same journal file cost the commands on another study.

Makes a journal with one finished study of 4096 trials (the digits, the default grid) and one that
has 23 more of them beside it, 154 MB. Then runs `search` of a new study of 4096 trials, `trials`,
`final`, `studies` as processes on either, in turn. Target: 0.5 s more than alone, for the first
three.

    python tests/benchmarks/neighbours.py [--neighbours 23] [--repeats 3] [--only trials final]
    [--json]
"""

import argparse
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import Row, add_program, emit, machine, parser, warn_if_busy

TARGET_S = 0.5
STUDY = re.compile(rb'"study_id":0,')
SEARCH = ["search", "--data", "digits", "--sampler", "grid", "--quiet", "--study"]
COMMANDS = {
    "search": [*SEARCH, "new"],
    "search, finished": [*SEARCH, "own"],
    "trials": ["trials", "--study", "own", "--top", "3"],
    "final": ["final", "--study", "own", "--quiet"],
    "trials --study latest": ["trials", "--top", "3"],
    "studies": ["studies"],
}
FREE = ("trials --study latest", "studies")  # they look at every study, so they have no target


def run(program: list[str], args: list[str], journal: Path) -> float:
    """Run a command on a journal and return its seconds."""
    began = time.perf_counter()
    subprocess.run(
        [*program, *args, "--storage", str(journal)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    return time.perf_counter() - began


def add_neighbours(alone: Path, beside: Path, n: int) -> None:
    """Write a journal with n copies of a study before the study itself."""
    lines = alone.read_bytes()
    with beside.open("wb") as file:
        for number in range(n):
            copy = STUDY.sub(b'"study_id":%d,' % number, lines)
            file.write(copy.replace(b'"study_name":"own"', b'"study_name":"n%d"' % number, 1))
        file.write(STUDY.sub(b'"study_id":%d,' % n, lines))


def measure(program: list[str], args: list[str], journal: Path, repeats: int) -> float:
    """Return the median seconds of a command, each time on a journal as it was before."""
    before = journal.stat().st_size
    times = []
    for _ in range(repeats):
        times.append(run(program, args, journal))
        with journal.open("r+b") as file:
            file.truncate(before)
    return statistics.median(times)


def rows(options: argparse.Namespace, folder: Path) -> list[Row]:
    """Return the times of every command, alone and beside the neighbours."""
    program = shlex.split(options.program)
    alone, beside = folder / "alone.journal", folder / "beside.journal"
    run(program, [*SEARCH, "own"], alone)
    add_neighbours(alone, beside, options.neighbours)
    sys.stderr.write(f"{alone.stat().st_size:,} and {beside.stat().st_size:,} bytes\n")
    made = []
    for name in options.only:
        args = COMMANDS[name]
        first, second = (measure(program, args, j, options.repeats) for j in (alone, beside))
        met = None if name in FREE else "yes" if second - first <= TARGET_S else "NO"
        more = second - first
        made.append(
            {"command": name, "alone s": first, "beside s": second, "more s": more, "met": met}
        )
    return made


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    made = parser(__doc__)
    add_program(made)
    made.add_argument("--neighbours", type=int, default=23)
    made.add_argument("--repeats", type=int, default=3)
    made.add_argument("--only", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    options = made.parse_args()
    facts = machine()
    warn_if_busy(facts)
    with tempfile.TemporaryDirectory() as folder:
        found = rows(options, Path(folder))
    emit(facts, found, as_json=options.json)
    return int(any(row["met"] == "NO" for row in found))


if __name__ == "__main__":
    sys.exit(main())
