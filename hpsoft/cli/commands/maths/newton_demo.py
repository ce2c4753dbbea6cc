"""`hpsoft newton-demo`: Newton's method in one step, and where one step is not enough."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hpsoft.cli import options


class Scale(StrEnum):
    """What to do with the columns of the data."""

    STANDARD = "standard"
    RAW = "raw"


def newton_demo(
    data: Annotated[
        Path | None,
        typer.Option(help="CSV file of numbers; default: scikit-learn's diabetes."),
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="Column of --data to predict; default: the last.")
    ] = None,
    condition: Annotated[
        float | None,
        typer.Option(help="A synthetic problem with this condition number instead of data."),
    ] = None,
    scale: Annotated[
        Scale, typer.Option(help="Standardise the columns of the data, or leave them raw.")
    ] = Scale.STANDARD,
    alpha: Annotated[float, typer.Option(help="L2 strength of the softmax regression.")] = 1e-3,
    seed: Annotated[int, typer.Option(help="Seed of the random starts.")] = 0,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the paths over the contours into this HTML file.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Show Newton's method: one step on least squares, quadratic convergence on softmax.

    Exit code 1 when a step misses the solution by more than rounding, or Newton does not converge.
    """
    from hpsoft.maths.newton_demo import DemoOptions, run_newton_demo
    from hpsoft.report.html.newton_plot import write_newton_plot
    from hpsoft.report.html.plot import check_plot
    from hpsoft.report.newton_demo import draw_newton_demo, newton_demo_document
    from hpsoft.report.text.console import notes, output, say
    from hpsoft.report.text.jsondoc import emit

    if plot is not None:
        check_plot(plot, {} if data is None else {data: "the data"})
    demo = run_newton_demo(DemoOptions(data, target, condition, scale.value, alpha, seed))
    if as_json:
        emit(newton_demo_document(demo))
    else:
        draw_newton_demo(output(), demo)
    if plot is not None:
        write_newton_plot(demo.paths, plot)
        say(notes(), f"Paths over the contours drawn in {plot}.")
    if not demo.passed:
        raise typer.Exit(1)
