"""Newton over 8 strengths of L2 at once against scikit-learn's LogisticRegression fitted 8 times.

Both minimise the same cost on Fashion-MNIST (pixels 0 .. 1, float32), on one BLAS thread. scikit-
learn goes first, with its default tolerance; the norm of its final gradient, measured in float64,
is the goal of Newton's model of the same strength, which is frozen at the first iteration that
reaches it. Measuring gradients is not timed. Then `newton-demo` and `gradcheck` as processes.

    python tests/benchmarks/newton.py [--json] [--samples 60000] [--alphas 3.2,...,10000]

Strengths are given for pixels 0 .. 255. Exits with 1 where a target is missed.
"""

import argparse
import shlex
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass

import numpy as np
import scipy.linalg  # noqa: F401 -- its BLAS has to be there when threads are limited
from common import add_program, emit, machine, parser, warn_if_busy
from hpsoft_newton import Newton
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from hpsoft.data import load
from hpsoft.optimizers.protocol import Models, Problem
from hpsoft.softmax import gradient
from hpsoft.softmax.probabilities import Array

ALPHAS = "3.2,10,32,100,320,1000,3200,10000"
TARGET_RATIO, TARGET_SECONDS = 5.0, 5.0
MOST_ITERATIONS = 50


@dataclass(frozen=True)
class Fit:
    """One strength of L2."""

    seconds: float
    norm: float  # of the final gradient


def problem_of(n_samples: int) -> Problem:
    """Return the first samples, pixels 0 .. 1 in float32."""
    samples = load("fashion-mnist").training.samples
    X = (samples.X[:n_samples] / 255).astype(np.float32)
    order = np.arange(len(X))
    return Problem(X, samples.labels[:n_samples], 10, np.dtype(np.float32), lambda _: order)


def norm(problem: Problem, weights: Array, bias: Array, alpha: float) -> float:
    """Return the norm of the gradient, in float64."""
    theta = weights.astype(np.float64), bias.astype(np.float64)
    return float(np.linalg.norm(np.vstack(gradient(problem.X, problem.labels, *theta, alpha))))


def their_fit(problem: Problem, alpha: float) -> Fit:
    """Fit scikit-learn's model to its default tolerance."""
    model = LogisticRegression(C=1 / (len(problem.labels) * alpha), max_iter=10_000)
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(problem.X, problem.labels)
    seconds = time.perf_counter() - began
    return Fit(seconds, norm(problem, model.coef_.T, model.intercept_, alpha))


def our_fits(
    problem: Problem, alphas: Array, goals: Array
) -> tuple[float, list[float], list[int]]:
    """Return seconds, final norms and iterations of Newton over all strengths at once."""
    models = Models(len(alphas), {"alpha": alphas, "damping": np.zeros(len(alphas))})
    newton, seconds = Newton(), 0.0
    state = newton.init(problem, models)
    norms, iterations = [np.inf] * len(alphas), [0] * len(alphas)
    for index in range(MOST_ITERATIONS):
        at_work = np.flatnonzero(~state["converged"])
        began = time.perf_counter()
        state = newton.epoch(problem, models, state, index)
        seconds += time.perf_counter() - began
        for m in at_work:
            norms[m] = norm(problem, state["weights"][..., m], state["bias"][:, m], alphas[m])
            iterations[m] = index + 1
        state["converged"] |= np.array(norms) <= goals
        if state["converged"].all():
            break
    return seconds, norms, iterations


def process_seconds(program: str, command: str) -> float:
    """Return how long a command takes as a process."""
    began = time.perf_counter()
    subprocess.run(
        [*shlex.split(program), *command.split()], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began


def main() -> int:
    """Measure, print, and judge."""
    options = parser(__doc__)
    add_program(options)
    options.add_argument("--samples", type=int, default=60_000)
    options.add_argument("--alphas", default=ALPHAS, help="for pixels 0 .. 255 (%(default)s)")
    args = options.parse_args()
    facts = machine()
    warn_if_busy(facts)
    raw = [float(alpha) for alpha in args.alphas.split(",")]
    alphas = np.array(raw) / 255**2
    problem = problem_of(args.samples)
    with threadpool_limits(1):
        theirs = [their_fit(problem, alpha) for alpha in alphas]
        seconds, norms, iterations = our_fits(problem, alphas, np.array([t.norm for t in theirs]))
    return report(args, facts, raw, theirs, (seconds, norms, iterations))


def report(
    args: argparse.Namespace,
    facts: dict[str, object],
    alphas: list[float],
    theirs: list[Fit],
    ours: tuple[float, list[float], list[int]],
) -> int:
    """Print a row a strength and the ratio; return the exit code."""
    seconds, norms, iterations = ours
    ratio = sum(fit.seconds for fit in theirs) / seconds
    processes = {
        name: process_seconds(args.program, name) for name in ("newton-demo", "gradcheck")
    }
    rows = [
        {
            "alpha": alpha,
            "scikit-learn s": fit.seconds,
            "its gradient norm": fit.norm,
            "Newton's": reached,
            "iterations": count,
        }
        for alpha, fit, reached, count in zip(alphas, theirs, norms, iterations, strict=True)
    ]
    figures = {
        "samples": args.samples,
        "scikit-learn s": sum(fit.seconds for fit in theirs),
        "Newton s": seconds,
        f"ratio (target {TARGET_RATIO:g})": ratio,
        **{f"{name} s (target {TARGET_SECONDS:g})": took for name, took in processes.items()},
    }
    emit({**facts, **figures}, rows, as_json=args.json)
    slow = max(processes.values()) > TARGET_SECONDS
    return 1 if slow or ratio < TARGET_RATIO else 0


if __name__ == "__main__":
    sys.exit(main())
