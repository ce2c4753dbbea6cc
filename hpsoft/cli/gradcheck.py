"""`hpsoft gradcheck`: checks every identity of the mathematics."""

from typing import Annotated

import typer

from hpsoft.cli import options


def gradcheck(
    seed: Annotated[int, typer.Option(help="Seed of the random points.", min=0)] = 0,
    trials: Annotated[int, typer.Option(help="Random problems per identity.", min=1)] = 20,
    symbolic: Annotated[
        bool | None,
        typer.Option(
            "--symbolic/--no-symbolic",
            help="Demand or leave out the proofs by SymPy; by default made where it is installed.",
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check the mathematics: softmax, gradients, Hessian products, the sigmoid.

    Exit code 1 when a check fails.
    """
    from hpsoft.maths.gradcheck import all_passed, run_checks
    from hpsoft.report.console import output
    from hpsoft.report.gradcheck import draw_gradcheck, gradcheck_document
    from hpsoft.report.jsondoc import emit

    results = run_checks(seed, trials, symbolic)
    if as_json:
        emit(gradcheck_document(results, seed, trials))
    else:
        draw_gradcheck(output(), results)
    if not all_passed(results):
        raise typer.Exit(1)
