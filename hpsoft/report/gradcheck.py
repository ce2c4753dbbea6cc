"""`hpsoft gradcheck`'s results as a table and as a document."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hpsoft.maths.gradcheck import CheckResult, all_passed
from hpsoft.report.text.console import say
from hpsoft.report.text.table import Column, draw, name, prose

COLUMNS = (
    name("identity"),
    prose("formula"),
    name("checked by"),
    Column("largest deviation"),
    Column("tolerance", spare=1),
    name("result"),
)
VERDICTS = {True: "ok", False: "FAILED", None: "not checked"}


def gradcheck_document(results: Sequence[CheckResult], seed: int, trials: int) -> dict[str, Any]:
    """Return the results for `--json`."""
    return {
        "seed": seed,
        "trials": trials,
        "passed": all_passed(results),
        "checks": list(results),
    }


def draw_gradcheck(console: Console, results: Sequence[CheckResult]) -> None:
    """Print a row per identity and way of checking it, notes, and a line of summary."""
    draw(console, COLUMNS, [_row(result) for result in results])
    console.print()
    for result in results:
        if result.passed is None:
            say(console, f"{result.note}.", "Not checked symbolically", "yellow")
        elif not result.passed and result.note:
            say(console, f"{result.note.removesuffix('.')}.", result.identity, "yellow")
    failed = [result for result in results if result.passed is False]
    made = sum(result.passed is not None for result in results)
    if failed:
        names = ", ".join(dict.fromkeys(result.identity for result in failed))
        say(console, names, f"{len(failed)} of {made} checks failed", "bold red")
    else:
        say(console, f"All {made} checks passed.")


def _row(result: CheckResult) -> list[str]:
    found = "" if result.deviation is None else f"{result.deviation:.1e}"
    return [
        result.identity,
        result.formula,
        result.method,
        found or (result.note if result.passed else ""),
        "" if result.tolerance is None else f"{result.tolerance:.0e}",
        VERDICTS[result.passed],
    ]
