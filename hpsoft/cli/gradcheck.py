"""`hpsoft gradcheck`: checks every identity of the mathematics, and optimizers against it."""

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
    optimizer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Check an installed optimizer too, by training runs."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check the mathematics: softmax, gradients, Hessian products, the sigmoid.

    With --optimizer also that an installed optimizer minimises the cost that these define.
    Exit code 1 when a check fails.
    """
    from hpsoft.engine.minibatches import passes
    from hpsoft.maths.gradcheck import all_passed, run_checks
    from hpsoft.maths.optimizer_checks import check_optimizer
    from hpsoft.optimizers.registry import load
    from hpsoft.report.console import output
    from hpsoft.report.gradcheck import draw_gradcheck, gradcheck_document
    from hpsoft.report.jsondoc import emit

    loaded = load(optimizer) if optimizer is not None else None
    results = run_checks(seed, trials, symbolic)
    if optimizer is not None and loaded is not None:
        results += check_optimizer(optimizer, loaded, passes(loaded), seed)
    if as_json:
        emit(gradcheck_document(results, seed, trials))
    else:
        draw_gradcheck(output(), results)
    if not all_passed(results):
        raise typer.Exit(1)
