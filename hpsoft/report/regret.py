"""What searching less would have cost: a row a method, and one sentence."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.text import Text

from hpsoft.report.console import say
from hpsoft.report.format import cost, count, duration, params_text, percent
from hpsoft.report.live import Ticker
from hpsoft.report.table import Column, draw, name
from hpsoft.search.regret import Progress
from hpsoft.search.regret_report import NEAR, Regret, RegretReport

QUANTILES = {"min": 0.0, "25 %": 0.25, "median": 0.5, "75 %": 0.75, "90 %": 0.9, "max": 1.0}


def regret_document(report: RegretReport) -> dict[str, Any]:
    """Return the JSON document; gaps are relative to the grid's best cost."""
    return {
        "study": report.study,
        "note": report.note,
        "n_grid": report.n_grid,
        "best_value": report.best.value,
        "best_trial": report.best.number,
        "methods": [_document(regret, report) for regret in report.regrets],
        "conclusion": conclusion(report),
    }


def _document(regret: Regret, report: RegretReport) -> dict[str, Any]:
    assert report.best.value is not None, "a ranked trial has a value"
    gaps = {label: regret.quantile(share) for label, share in QUANTILES.items()}
    return {
        **vars(regret.method),
        "seeds": len(regret.outcomes),
        "gap": gaps,
        "absolute_gap": {label: gap * report.best.value for label, gap in gaps.items()},
        "share_found": regret.found,
        "share_within_0.1_percent": regret.near,
        "share_paid": regret.paid,
        "outcomes": regret.outcomes,
    }


class Show(Protocol):
    """Takes every Progress."""

    def __call__(self, event: Progress) -> None:
        """Notice it."""
        ...


@contextmanager
def show_regret(console: Console) -> Iterator[Show]:
    """Show how many replays are done, for as long as the context lasts."""
    began, last = time.monotonic(), [Progress(0, 1)]

    def show(event: Progress) -> None:
        last[0] = event
        ticker.tick()

    def line() -> str:
        done, total, share = last[0].done, last[0].total, last[0].share
        left = (time.monotonic() - began) * (1 - share) / share if share else None
        eta = "unknown yet" if left is None else duration(left)
        return f"{done:,}/{count(total, 'replay')}, ETA {eta}"

    with Ticker(console, lambda: Text(line()), line) as ticker:
        yield show


def draw_regret(console: Console, report: RegretReport) -> None:
    """Print a row a method, and the answer."""
    say(
        console,
        f"Study {report.study}: the best of its {report.n_grid:,} points is trial "
        f"{report.best.number} ({params_text(report.best.params)}), cost {cost(report.best.value)}",
    )
    say(console, "Distance of a replay's best cost to that, relative, over its seeds:")
    console.print()
    columns = [name("sampler"), name("pruner"), Column("trials"), Column("seeds")]
    columns += [*map(Column, QUANTILES), Column("found"), Column("within 0.1 %"), Column("paid")]
    draw(console, columns, [_row(regret) for regret in report.regrets])
    console.print()
    say(
        console,
        "found: seeds that finished a point with the best cost. paid: passes trained, of the grid's.",
    )
    say(console, conclusion(report))


def _row(regret: Regret) -> list[str]:
    method = regret.method
    return [
        method.sampler,
        method.pruner,
        f"{method.n_trials:,}",
        str(len(regret.outcomes)),
        *(percent(regret.quantile(share)) for share in QUANTILES.values()),
        f"{regret.found:.0%}",
        f"{regret.near:.0%}",
        percent(regret.paid),
    ]


def conclusion(report: RegretReport) -> str:
    """Answer whether one could have searched less."""
    cheapest = report.cheapest
    if cheapest is None:
        return (
            "You could not have searched less by these methods: none that pays less than the grid "
            f"ends within {NEAR:.1%} of its best cost in most seeds."
        )
    method = cheapest.method
    pruned = "" if method.pruner == "none" else f" with {method.pruner}"
    return (
        f"You could have searched less: {method.sampler}{pruned} with "
        f"{count(method.n_trials, 'trial')} ends within {NEAR:.1%} of the grid's best cost in "
        f"{cheapest.near:.0%} of the seeds (within {percent(cheapest.quantile(0.9))} in 90 %), for "
        f"{percent(cheapest.paid)} of the passes."
    )
