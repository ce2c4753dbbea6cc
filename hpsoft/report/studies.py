"""The studies of a storage."""

from collections.abc import Sequence

from rich.console import Console

from hpsoft.report.text.console import say
from hpsoft.report.text.format import NOTHING, cost
from hpsoft.report.text.table import Column, draw, name
from hpsoft.study.summaries import StudySummary


def draw_studies(console: Console, storage: str, found: Sequence[StudySummary]) -> None:
    """Print a row a study."""
    if not found:
        say(console, f"No studies in {storage}. `hpsoft search` makes one.")
        return
    columns = [name("study"), name("data"), name("optimizer", spare=2), Column("trials")]
    columns += [Column("best cost"), name("changed", spare=1), Column("tested", spare=3)]
    draw(console, columns, [_row(summary) for summary in found])


def _row(summary: StudySummary) -> list[str]:
    of = "" if summary.n_grid is None else f"/{summary.n_grid}"
    return [
        summary.name,
        summary.data or ("(another tool's)" if summary.foreign else NOTHING),
        summary.optimizer or NOTHING,
        f"{summary.n_finished}{of}",
        cost(summary.best_value),
        f"{summary.changed:%Y-%m-%d %H:%M}" if summary.changed else NOTHING,
        str(summary.test_uses),
    ]
