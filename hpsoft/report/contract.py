"""`hpsoft optimizers check`'s results as a table and as a document."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hpsoft.report.text.console import say
from hpsoft.report.text.table import Column, draw, name, prose
from hpsoft.testing.result import Result

COLUMNS = (
    name("check"),
    prose("what must hold"),
    Column("measured"),
    Column("at most"),
    name("result"),
)
VERDICTS = {True: "ok", False: "FAILED", None: "not checked"}


def contract_document(optimizer: str, results: Sequence[Result]) -> dict[str, Any]:
    """Return the results for `--json`."""
    return {
        "optimizer": optimizer,
        "passed": all(result.passed is not False for result in results),
        "checks": list(results),
    }


def draw_contract(console: Console, results: Sequence[Result]) -> None:
    """Print a row a check, what was found in words, and a line of summary."""
    draw(console, COLUMNS, [_row(result) for result in results])
    console.print()
    for result in results:
        if result.note:
            say(console, f"{result.note.removesuffix('.')}.", result.check, "yellow")
    failed = [result.check for result in results if result.passed is False]
    made = sum(result.passed is not None for result in results)
    if failed:
        say(console, ", ".join(failed), f"{len(failed)} of {made} checks failed", "bold red")
    else:
        say(console, f"All {made} checks passed.")


def _row(result: Result) -> list[str]:
    return [
        result.check,
        result.rule,
        _number(result.measured),
        _number(result.tolerance),
        VERDICTS[result.passed],
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1e}" if 0 < value < 0.01 else f"{value:.2g}"
