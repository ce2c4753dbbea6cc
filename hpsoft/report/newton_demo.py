"""`hpsoft newton-demo`'s results as tables and as a document."""

from dataclasses import asdict
from typing import Any

from rich.console import Console

from hpsoft.maths.descent import DECISIVE, Descent
from hpsoft.maths.newton_demo import NewtonDemo, OneStep
from hpsoft.maths.newton_softmax import SoftmaxNewton
from hpsoft.report.text.console import say
from hpsoft.report.text.table import Column, draw, name

INTRODUCTION = (
    "J(w) = 1/(2n) sum_i (x_i.w - y_i)^2, gradient g = 1/n X.T (X w - y), Hessian H = 1/n X.T X.",
    "Newton: w1 = w0 - H^-1 g. J is its own second-order Taylor expansion around any w0: one step.",
)

STEP_COLUMNS = (
    Column("start scale"),
    Column("|w0 - w*|"),
    Column("|w1 - w*|"),
    Column("ratio"),
    Column("rounding allows"),
    Column("|gradient(w1)|", spare=1),
    name("result"),
)
RESULTS = {"reached": "reached", "undecided": "rounding decides", "missed": "MISSED"}
DESCENT_COLUMNS = (
    Column("condition L/mu"),
    Column("accuracy", spare=2),
    Column("steps predicted", spare=1),
    Column("steps taken"),
    Column("accuracy reached", spare=3),
    Column("Newton's steps"),
    name("problem"),
)
SOFTMAX_COLUMNS = (
    Column("iteration"),
    Column("cost"),
    Column("|g_k|"),
    Column("step length"),
    Column("|g_k| / |g_k-1|^2"),
)


def newton_demo_document(demo: NewtonDemo) -> dict[str, Any]:
    """Return the results for `--json`; of the plot the paths, not the grid under them."""
    paths = demo.paths
    return {
        "passed": demo.passed,
        "linear": _one_step_document(demo.linear),
        "duplicated_column": _one_step_document(demo.duplicated),
        "gradient_descent": list(demo.descents),
        "softmax": {**asdict(demo.softmax), "quadratic": demo.softmax.quadratic},
        "paths": {
            "names": paths.names,
            "condition": paths.condition,
            "minimum": paths.minimum.tolist(),
            "newton": paths.newton.tolist(),
            "descent": paths.descent.tolist(),
        },
    }


def _one_step_document(run: OneStep) -> dict[str, Any]:
    return {**asdict(run), "minimum_norm": run.minimum_norm}


def draw_newton_demo(console: Console, demo: NewtonDemo) -> None:
    """Print the four parts of the demonstration, each with a line on what it shows."""
    for paragraph in INTRODUCTION:
        say(console, paragraph)
    _draw_one_step(console, demo.linear, "Newton from starts of every scale")
    _draw_one_step(console, demo.duplicated, "The same with the first column twice")
    _draw_descents(console, demo.descents)
    _draw_softmax(console, demo.softmax)


def _title(console: Console, title: str, text: str) -> None:
    console.print()
    say(console, text, title, "bold")


def _draw_one_step(console: Console, run: OneStep, title: str) -> None:
    size = f"{run.n_samples} x {run.n_features}, rank {run.rank}, condition {run.condition:.4g}"
    _title(console, title, f"{run.source} ({size})")
    rows = [
        [
            f"{step.scale:g}",
            f"{step.error_before:.2e}",
            f"{step.error_after:.2e}",
            f"{step.relative_error:.2e}",
            f"{step.tolerance:.2e}",
            f"{step.gradient_norm:.1e}",
            RESULTS[step.result],
        ]
        for step in run.steps
    ]
    draw(console, STEP_COLUMNS, rows)
    say(console, one_step_summary(run))


def one_step_summary(run: OneStep) -> str:
    """Say what is shown, what w* is, how a singular H was handled, and where nothing is proved."""
    text = f"One step each; of {run.starts} random starts a scale the worst is shown. "
    if run.minimum_norm:
        text += _minimum_norm_summary(run)
    else:
        text += "w* is the least-squares solution that numpy.linalg.lstsq finds."
    if any(step.result == "undecided" for step in run.steps):
        text += (
            f" At this condition number rounding alone may leave more than {DECISIVE:.0%} of the "
            "error. It decides how near a step comes: nothing is claimed there."
        )
    return text


def _minimum_norm_summary(run: OneStep) -> str:
    return (
        f"H is singular, of rank {run.rank} in {run.n_features} dimensions: H^-1 does not exist. "
        "The step taken is the one of minimum norm, -H^+ g with the pseudo-inverse, and w* is the "
        "least-squares solution nearest to the start (from 0: lstsq's own, of minimum norm)."
    )


def _draw_descents(console: Console, descents: tuple[Descent, ...]) -> None:
    _title(console, "Gradient descent", "the best constant step 2/(L + mu), to like accuracy")
    rows = [
        [
            f"{run.condition:.4g}",
            f"{run.accuracy:.1e}",
            f"{run.predicted:,}",
            f"stopped at {run.steps:,}" if run.stopped else f"{run.steps:,}",
            f"{run.reached:.1e}",
            "1",
            run.source,
        ]
        for run in descents
    ]
    draw(console, DESCENT_COLUMNS, rows)
    last = descents[-1]
    say(
        console,
        "A step multiplies the error by (k - 1)/(k + 1) at worst, k = L/mu, so the steps grow in "
        f"proportion to k: {last.predicted:,} against 1 on {last.source}. The accuracy is that "
        "of Newton's step, or ten roundings (10 eps k) where Newton's is finer.",
    )


def _draw_softmax(console: Console, run: SoftmaxNewton) -> None:
    size = f"{run.n_samples} x {run.n_features}, {run.n_classes} classes, alpha {run.alpha:g}"
    _title(console, "Newton with line search on softmax regression", f"{run.data} ({size})")
    rows = [
        [
            str(row.index),
            f"{row.cost:.12f}",
            f"{row.gradient_norm:.2e}",
            "" if row.step_length is None else f"{row.step_length:g}",
            "" if row.ratio is None else f"{row.ratio:.3g}",
        ]
        for row in run.iterations
    ]
    draw(console, SOFTMAX_COLUMNS, rows)
    say(console, softmax_summary(run))


def softmax_summary(run: SoftmaxNewton) -> str:
    """Say how the run ended and where quadratic convergence is to be seen."""
    if not run.converged:
        return "Not converged: the gradient is not yet zero to rounding. Try a larger --alpha."
    if not run.quadratic:
        return (
            "The minimum is found, but quadratic convergence is not to be seen: the last ratios "
            "are not bounded, or fewer than two are above the rounding. A small --alpha makes H "
            "ill-conditioned; near the minimum rounding then ends the run first."
        )
    return (
        "One step is not enough here. But near the minimum the last column stays bounded: each "
        "step squares the error, so the number of correct digits doubles."
    )
