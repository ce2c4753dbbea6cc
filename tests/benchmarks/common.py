"""Shared by the benchmarks: the machine's rate, the reference run, tables. Measures nothing
itself.
"""

import argparse
import json
import os
import platform
import shlex
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from hpsoft.data import load
from hpsoft.engine.plan import Block
from hpsoft.system.cores import n_cores
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.prepare import prepare
from hpsoft.tuning.prepared import Prepared

Row = Mapping[str, object]

SAMPLES, FEATURES, CLASSES = 48_000, 784, 10  # the training part of the reference run
FLOPS_PER_MODEL_EPOCH = 4 * SAMPLES * FEATURES * CLASSES  # two products, 10 columns a model
CORES = n_cores()
BUSY = 0.3  # load average above which the figures are not to be trusted


class Gemm:
    """Square float32 products: what the machine can do."""

    def __init__(self, n: int = 2048) -> None:
        rng = np.random.default_rng(0)
        self.A, self.B = rng.random((2, n, n), np.float32)
        self.out = np.empty_like(self.A)
        self.flops = 2 * n**3

    def seconds(self, repeats: int, threads: int = CORES) -> list[float]:
        """Return the time of each of several products, after one that is not counted."""
        with threadpool_limits(threads):
            return [self._once() for _ in range(repeats + 1)][1:]

    def rate(self, repeats: int = 5, threads: int = CORES) -> float:
        """Return flops a second, by the median time."""
        return self.flops / statistics.median(self.seconds(repeats, threads))

    def _once(self) -> float:
        began = time.perf_counter()
        np.matmul(self.A, self.B, out=self.out)
        return time.perf_counter() - began


def reference_run() -> Prepared:
    """Return the full Fashion-MNIST search, ready to start; nothing is stored."""
    return prepare(SearchConfig(), load("fashion-mnist").training)


def block_of(prepared: Prepared, batch_size: int) -> Block:
    """Return the reference run's block of 64 models, with that batch size."""
    return replace(prepared.design.plan().blocks[0], structure={"batch_size": batch_size})


def parser(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser that describes the script by its docstring and knows --json."""
    made = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--json", action="store_true", help="print one JSON document instead")
    return made


def add_program(made: argparse.ArgumentParser) -> None:
    """Add the option that says which hpsoft is run as a process."""
    usual = shlex.quote(str(Path(sys.executable).with_name("hpsoft")))
    made.add_argument("--program", default=usual, help="how hpsoft is started (%(default)s)")


def sizes(text: str) -> list[int]:
    """Parse `8,32,128`."""
    return [int(part) for part in text.split(",")]


def machine() -> dict[str, object]:
    """Return what the figures depend on besides hpsoft."""
    blas = sorted({f"{i['internal_api']} {i.get('architecture')}" for i in threadpool_info()})
    return {
        "cpu": _cpu_name(),
        "cores": CORES,
        "load_average_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "blas": ", ".join(blas),
        **{name: version(name) for name in ("hpsoft", "numpy", "scipy", "optuna")},
        **{name: value for name, value in os.environ.items() if name.startswith("OPENBLAS")},
    }


def warn_if_busy(facts: Mapping[str, Any]) -> None:
    """Say on stderr that somebody else uses the machine, or that BLAS was told which CPU it
    has.
    """
    if facts["load_average_before"] > BUSY * CORES:
        sys.stderr.write(f"The machine is busy: load average {facts['load_average_before']}.\n")
    if "OPENBLAS_CORETYPE" in facts:
        sys.stderr.write("OPENBLAS_CORETYPE is set: unset it, or the rate is another CPU's.\n")


def emit(facts: Row, rows: Sequence[Row], *, as_json: bool) -> None:
    """Print facts and rows, as text for people or as one JSON document."""
    if as_json:
        document = {"facts": facts, "rows": rows}
        sys.stdout.write(json.dumps(document, indent=1, allow_nan=False) + "\n")
        return
    sys.stdout.writelines(f"{name}: {_text(value)}\n" for name, value in facts.items())
    sys.stdout.write("\n" + table(rows))


def table(rows: Sequence[Row]) -> str:
    """Return rows of equal keys as a Markdown table."""
    names = list(rows[0])
    cells = [names, *([_text(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    lines = [_line(line, widths) for line in cells]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "| " + " | ".join(padded) + " |"


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
