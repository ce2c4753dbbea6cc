"""Searches as processes on a storage server that a test has started."""

import socket
import subprocess
import time

import warm

SEARCH = (
    "search", "--data", "digits", "--cv", "none", "--set", "epochs=1,2,3,4",
    "--set", "batch_size=16,64",
    "--set", "learning_rate=0.1,0.2,0.4", "--set", "alpha=0,0.01", "--quiet", "--jobs", "1",
)  # fmt: skip
N_POINTS = 48
PASSWORD = "s3cr3t"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds=60.0):
    """Wait for a condition; an error of it is a no."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except Exception:
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline
        time.sleep(0.05)


def start(*args):
    return warm.start(*args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(*args, code=0):
    process = start(*args)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, err
    assert PASSWORD not in out + err
    assert "Traceback" not in err
    return out + err


def race(url, study):
    """Start two searches on one study together; each ends well or names the other."""
    args = (*SEARCH, "--storage", url, "--study", study)
    racers = [start(*args), start(*args)]
    told = [racer.communicate(timeout=180)[1] for racer in racers]
    codes = [racer.returncode for racer in racers]
    assert 0 in codes, told
    for code, err in zip(codes, told, strict=True):
        assert code == 0 or (code == 2 and "is being written by" in err), err
