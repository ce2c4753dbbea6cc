"""`hpsoft gradcheck`: checks every identity of the mathematics, and optimizers against it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from hpsoft.cli import options

if TYPE_CHECKING:
    from hpsoft.maths.gradcheck import CheckResult
    from hpsoft.testing import Subject


def gradcheck(
    seed: Annotated[int, typer.Option(help="Seed of the random points.")] = 0,
    trials: Annotated[int, typer.Option(help="Random problems per identity.")] = 20,
    symbolic: Annotated[
        bool | None,
        typer.Option(
            "--symbolic/--no-symbolic",
            help="Demand or leave out the proofs by SymPy; by default made where it is installed.",
        ),
    ] = None,
    optimizer: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Check the contract of an installed optimizer too, on problems of its own: --seed and --trials do not change them.",
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check the mathematics: softmax, gradients, Hessian products, the sigmoid.

    With --optimizer also that an installed optimizer minimises the cost that these define, and
    keeps the rest of its contract, as `hpsoft optimizers check` does. Exit code 1 when a check
    fails.
    """
    from hpsoft.maths.gradcheck import all_passed, run_checks
    from hpsoft.optimizers.registry import make
    from hpsoft.report.gradcheck import draw_gradcheck, gradcheck_document
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit
    from hpsoft.testing import Subject

    made = make(optimizer) if optimizer is not None else None  # a wrong name is told first
    results = run_checks(seed, trials, symbolic)
    if optimizer is not None and made is not None:
        results += _contract(optimizer, Subject(made))
    if as_json:
        emit(gradcheck_document(results, seed, trials))
    else:
        draw_gradcheck(output(), results)
    if not all_passed(results):
        raise typer.Exit(1)


def _contract(name: str, subject: "Subject") -> "Iterator[CheckResult]":
    """Yield the results of an optimizer's contract as rows beside those of the mathematics."""
    from hpsoft.maths.gradcheck import CheckResult
    from hpsoft.testing import run_checks

    for found in run_checks(subject):
        yield CheckResult(
            f"{name}: {found.check}",
            found.rule,
            "training runs",
            found.measured,
            found.tolerance,
            found.passed,
            found.note,
        )
