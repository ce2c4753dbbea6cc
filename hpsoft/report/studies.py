"""The studies of a storage."""

from collections.abc import Sequence

from rich.console import Console

from hpsoft.report.text.console import say
from hpsoft.report.text.format import NOTHING
from hpsoft.report.text.metrics import column, score
from hpsoft.report.text.table import Column, draw, name
from hpsoft.softmax.metric import CHOOSING, CROSS_ENTROPY
from hpsoft.study.summaries import StudySummary


def draw_studies(console: Console, storage: str, found: Sequence[StudySummary]) -> None:
    """Print a row a study."""
    if not found:
        say(console, f"No studies in {storage}. `hpsoft search` makes one.")
        return
    columns = [name("study"), name("data"), name("optimizer", spare=2), Column("trials")]
    others = {summary.metric for summary in found} - {None, CROSS_ENTROPY.name}
    columns += [Column("best"), name("by")] if others else [Column("best cost")]
    columns += [name("changed", spare=1), Column("tested", spare=3)]
    draw(console, columns, [_row(summary, by=bool(others)) for summary in found])


def _row(summary: StudySummary, *, by: bool) -> list[str]:
    metric = CHOOSING[summary.metric or CROSS_ENTROPY.name]
    of = "" if summary.n_grid is None else f"/{summary.n_grid}"
    return [
        summary.name,
        summary.data or ("(another tool's)" if summary.foreign else NOTHING),
        summary.optimizer or NOTHING,
        f"{summary.n_finished}{of}",
        score(metric, summary.best_value),
        *[NOTHING if summary.foreign else column(metric)] * by,
        f"{summary.changed:%Y-%m-%d %H:%M}" if summary.changed else NOTHING,
        str(summary.test_uses),
    ]
