"""hpsoft in a real process, as a shell starts it."""

import os
import subprocess
import sys

HPSOFT = (sys.executable, "-m", "hpsoft")
# Half a second of work or more, in snapshots a few milliseconds apart.
LONG = ("search", "--data", "digits", "--cv", "none", "--set", "batch_size=8,16", "--jobs", "1")


def environment(**extra):
    kept = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}}
    return {**kept, "TERM": "xterm-256color", **extra}


def run_hpsoft(*args, **options):
    return subprocess.run(
        [*HPSOFT, *args],
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        **options,
    )
