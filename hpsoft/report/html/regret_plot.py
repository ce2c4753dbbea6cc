"""Draws the distributions of regret, as one HTML file that needs no network."""

import html
import math
from pathlib import Path
from typing import Any

from hpsoft.assess.regret_report import RegretReport
from hpsoft.report.html.plot import require_plotly, write_plot
from hpsoft.report.text.format import count


def write_regret_plot(report: RegretReport, path: Path) -> None:
    """Write the plot. Raises as `write_plot` does."""
    write_plot(regret_figure(report), path)


def regret_figure(report: RegretReport) -> Any:
    """Return the plotly figure: a box of gaps for every method, by its number of trials."""
    graph = require_plotly()
    figure = graph.Figure()
    for title in dict.fromkeys(_title(r.method.sampler, r.method.pruner) for r in report.regrets):
        mine = [r for r in report.regrets if _title(r.method.sampler, r.method.pruner) == title]
        figure.add_trace(
            graph.Box(
                name=html.escape(title),
                x=[f"{r.method.n_trials:,}" for r in mine for _ in r.outcomes],
                y=[100 * outcome.gap for r in mine for outcome in r.outcomes],
                boxpoints="all",
            )
        )
    lost = sum(math.isinf(outcome.gap) for r in report.regrets for outcome in r.outcomes)
    missing = f"<br>not drawn: {count(lost, 'replay')} without a finished trial" if lost else ""
    figure.update_layout(
        title=f"Distance to the best of {report.n_grid:,} points, {html.escape(report.study)}{missing}",
        xaxis_title="trials",
        xaxis_type="category",  # plotly would read 1,000 as a number
        yaxis_title=_axis(report),
        boxmode="group",
    )
    return figure


def _axis(report: RegretReport) -> str:
    metric = report.best.metric
    if metric.maximized:
        return f"best validation {metric.title} below the grid's, percentage points"
    return "best validation cost above the grid's, %"


def _title(sampler: str, pruner: str) -> str:
    return sampler if pruner == "none" else f"{sampler} + {pruner}"
