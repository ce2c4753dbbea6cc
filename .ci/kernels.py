"""The numerical tests under kernels of OpenBLAS that other processors run.

`python .ci/kernels.py`. A sum in another order is another number; what is asserted must not
depend on it. A kernel runs where the processor has its instructions, and counts as run only where
threadpoolctl finds that it was in use, by the BLAS of NumPy and by that of SciPy. NumPy's own
loops are kept to the instructions of the same processors. The last lines say what was run and
what was not, and why.
"""

import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = (
    "tests/maths", "tests/softmax", "tests/plugins/newton", "tests/plugins/sgd",
    "tests/engine/test_train.py", "tests/engine/test_minibatches.py",
    "tests/engine/test_evaluate.py", "tests/engine/test_points.py",
    *map(str, sorted(ROOT.glob("plugins/*/tests"))),
    "tests/report/test_newton_demo.py", "tests/report/test_gradcheck.py",
    "tests/study/test_converged.py", "tests/assess/test_optimum.py", "tests/tuning/test_run.py",
    "tests/cli/commands/test_newton_demo.py", "tests/cli/commands/test_gradcheck.py",
)  # fmt: skip


@dataclass(frozen=True)
class Kernel:
    """A kernel by its name in OPENBLAS_CORETYPE."""

    name: str
    needs: frozenset[str]  # of the flags in /proc/cpuinfo
    beyond: tuple[str, ...]  # beginnings of NumPy's names of what such a processor lacks


AVX512 = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"})
KERNELS = (
    Kernel("Haswell", frozenset({"avx2", "fma"}), ("AVX512", "X86_V4")),
    Kernel("SkylakeX", AVX512, ()),
)

# In the process of the tests itself: nothing is loaded twice, nothing is taken for granted.
IN_USE = """
import json, sys
import numpy, scipy.linalg, threadpoolctl
found = threadpoolctl.threadpool_info()
blas = [i.get("architecture") or i["internal_api"] for i in found if i["user_api"] == "blas"]
"""
SHOW = f"{IN_USE}print(json.dumps([blas, numpy.show_config('dicts')['SIMD Extensions']['found']]))"
RUN = f"""{IN_USE}
asked, *arguments = sys.argv[1:]
if len(blas) < 2 or set(blas) != {{asked}}:
    sys.exit(f"{{asked}} was asked for; in use by NumPy and SciPy: {{blas}}")
print(f"{{asked}} is in use by NumPy and SciPy", flush=True)
import pytest
sys.exit(pytest.main(arguments))
"""


def main() -> int:
    """Run what can be run, say what was, and return the exit code."""
    usual = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    shown = subprocess.run(
        [sys.executable, "-c", SHOW], check=True, capture_output=True, env=usual
    ).stdout
    own, extensions = json.loads(shown)
    told, failed = [], False
    for kernel in KERNELS:
        if set(own) == {kernel.name}:
            told.append(f"{kernel.name} is this processor's own, all other tests run under it")
            continue
        if reason := why_not(kernel):
            told.append(f"{kernel.name} not run, {reason}")
            continue
        code = run(kernel, extensions)
        failed |= code != 0
        told.append(f"{kernel.name} {f'FAILED (exit code {code})' if code else 'passed'}")
    sys.stdout.write(f"Kernels of OpenBLAS: {'; '.join(told)}.\n")
    return int(failed)


def why_not(kernel: Kernel) -> str:
    """Say why a kernel cannot be run here; nothing where it can."""
    if platform.machine() not in {"x86_64", "AMD64"}:
        return f"this is a processor of another kind, {platform.machine()}"
    missing = kernel.needs - flags()
    return f"this processor lacks {', '.join(sorted(missing))}" if missing else ""


def flags() -> set[str]:
    """Return the instructions that the processor has."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return set(next(line for line in lines if line.startswith("flags")).split())


def run(kernel: Kernel, extensions: list[str]) -> int:
    """Run the tests under a kernel."""
    beyond = [name for name in extensions if name.startswith(kernel.beyond or ("-",))]
    environment = {**os.environ, "OPENBLAS_CORETYPE": kernel.name}
    if beyond:
        environment["NPY_DISABLE_CPU_FEATURES"] = " ".join(beyond)
    options = ("-q", "-p", "no:cacheprovider")
    command = [sys.executable, "-c", RUN, kernel.name, *options, *TESTS]
    return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
