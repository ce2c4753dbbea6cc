"""The memory that a dry run tells of is the peak of the search, measured in real processes."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest

# VmHWM begins at zero with the program; ru_maxrss may be what the parent held.
PEAK = """
import re, sys
from pathlib import Path
from hpsoft.__main__ import main
try:
    main()
finally:
    peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
    print("peak", peak, file=sys.stderr)
"""
OPTIONS = ("--set", "epochs=1", "--set", "batch_size=512", "--set", "learning_rate=0.01",
           "--set", "alpha=0,1", "--json", "--jobs", "1")  # fmt: skip


def _measured(*args):
    """Run a search; return its document and the most memory that it held, in bytes."""
    command = [sys.executable, "-c", PEAK, "search", "--data", "X.npy", *OPTIONS, *args]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout), int(
        re.search(r"^peak (\d+)$", done.stderr, re.MULTILINE)[1]
    ) * 1024


@pytest.mark.slow  # 80 MB, twice
def test_the_estimate_is_the_peak_and_rows_are_copied_once(folder):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80_000, 250)).astype(np.float32)  # 80 MB
    np.save("X.npy", X)
    np.save("y.npy", rng.integers(0, 3, len(X)))
    plan, _ = _measured("--dry-run")
    _, peak = _measured()
    assert plan["memory_bytes"] == pytest.approx(peak, rel=0.1)
    np.save("X.npy", X[:1000])
    np.save("y.npy", np.arange(1000) % 3)
    _, bare = _measured("--storage", "small.journal")
    # The mapped file, its scaled rows but for the test part, and chunks.
    assert peak - bare < 2.5 * X.nbytes
