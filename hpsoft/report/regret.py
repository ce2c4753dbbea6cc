"""What searching less would have cost: a row a method, and one sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

from hpsoft.assess.regret import Progress
from hpsoft.assess.regret_report import NEAR_THE_BEST, Regret, RegretReport
from hpsoft.assess.replay import Method
from hpsoft.report.live.countdown import Countdown
from hpsoft.report.live.ticker import SECONDS_BEFORE_THE_FIRST, Ticker
from hpsoft.report.text.console import say
from hpsoft.report.text.format import cores, count, duration, params_text, percent
from hpsoft.report.text.metrics import score
from hpsoft.report.text.table import Column, draw, name

QUANTILES = {"min": 0.0, "25 %": 0.25, "median": 0.5, "75 %": 0.75, "90 %": 0.9, "max": 1.0}
SPARE = {
    "25 %": 7,
    "75 %": 6,
    "min": 5,
    "max": 4,
    "90 %": 1,
}  # left out of a narrow table, in this order


def regret_document(report: RegretReport) -> dict[str, Any]:
    """Return the JSON document; gaps are relative to the grid's best cost, of shares absolute."""
    return {
        "study": report.study,
        "note": report.note,
        "metric": report.best.metric.name,
        "n_grid": report.n_grid,
        "best_value": report.best.value,
        "best_trial": report.best.number,
        "interrupted": report.n_replays < report.n_wanted,
        "seeds_wanted": report.seeds,
        "not_replayed": [vars(method) for method in report.unplayed],
        "methods": [_document(regret, report) for regret in report.regrets],
        "conclusion": conclusion(report),
    }


def _document(regret: Regret, report: RegretReport) -> dict[str, Any]:
    assert report.best.value is not None, "a ranked trial has a value"
    unit = 1.0 if report.best.metric.maximized else report.best.value
    gaps = {label: regret.quantile(share) for label, share in QUANTILES.items()}
    return {
        **vars(regret.method),
        "seeds": len(regret.outcomes),
        "gap": gaps,
        "absolute_gap": {label: gap * unit for label, gap in gaps.items()},
        "share_found": regret.found,
        "share_within_0.1_percent": regret.near,
        "share_paid": regret.paid,
        "outcomes": regret.outcomes,
    }


@contextmanager
def show_regret(
    console: Console, *, delay: float = SECONDS_BEFORE_THE_FIRST
) -> Iterator[Callable[[Progress], None]]:
    """Show how long replays will take and how many are done, for as long as the context lasts."""
    countdown, told, last = Countdown(), False, list[Progress]()

    def show(event: Progress) -> None:
        nonlocal told
        last[:] = [event]
        countdown.set(event.seconds_left)
        if event.seconds_left is not None and not told:
            told = True
            say(console, beforehand(event.replays.total, event.n_workers, event.seconds_left))
        ticker.tick()

    def line() -> str:
        if not last:
            return ""
        total = count(last[0].replays.total, "replay")
        return f"{last[0].done:,}/{total}, {countdown.text()}"

    with Ticker(console, lambda: Text(line()), lambda: line() * told, delay=delay) as ticker:
        yield show


def beforehand(n_replays: int, n_workers: int, seconds: float) -> str:
    """Say how long replays will take."""
    return (
        f"{count(n_replays, 'replay')} on {cores(n_workers, n_workers)}: about "
        f"{duration(max(0.0, seconds))}. Ctrl-C ends them and reports those that have ended."
    )


def interrupted(report: RegretReport) -> str:
    """Say what a report is over that was ended early."""
    left_out = [f"{_title(m)} with {count(m.n_trials, 'trial')}" for m in report.unplayed]
    text = (
        f"Interrupted: {report.n_replays:,} of {count(report.n_wanted, 'replay')} had ended. The report "
        f"is over those; the column of seeds says how many of {report.seeds:,} each method had"
    )
    return f"{text}, none of them: {'; '.join(left_out)}." if left_out else f"{text}."


def _title(method: Method) -> str:
    return method.sampler if method.pruner == "none" else f"{method.sampler} and {method.pruner}"


def draw_regret(console: Console, report: RegretReport) -> None:
    """Print a row a method, and the answer."""
    metric = report.best.metric
    what, value = _word(report), score(metric, report.best.value)
    unit = "in percentage points" if metric.maximized else "relative"
    say(
        console,
        f"Study {report.study}: the best of its {report.n_grid:,} points is trial "
        f"{report.best.number} ({params_text(report.best.params)}), {what} {value}",
    )
    say(console, f"Distance of a replay's best {what} to that, {unit}, over its seeds:")
    console.print()
    columns = [name("sampler"), name("pruner"), Column("trials"), Column("seeds")]
    columns += [Column(title, spare=SPARE.get(title, 0)) for title in QUANTILES]
    columns += [Column("found", spare=3), Column("within 0.1 %", spare=2), Column("paid")]
    draw(console, columns, [_row(regret, report.seeds) for regret in report.regrets])
    console.print()
    say(
        console,
        f"found: seeds that finished a point with the best {what}. paid: passes trained, of the grid's.",
    )
    say(console, conclusion(report))


def _row(regret: Regret, seeds: int) -> list[str]:
    method, n = regret.method, len(regret.outcomes)
    return [
        method.sampler,
        method.pruner,
        f"{method.n_trials:,}",
        str(n) if n == seeds else f"{n}/{seeds}",
        *(percent(regret.quantile(share)) for share in QUANTILES.values()),
        f"{regret.found:.0%}",
        f"{regret.near:.0%}",
        percent(regret.paid),
    ]


def _word(report: RegretReport) -> str:
    metric = report.best.metric
    return metric.title if metric.maximized else "cost"


def conclusion(report: RegretReport) -> str:
    """Answer whether one could have searched less."""
    cheapest = report.cheapest
    if cheapest is None:
        return (
            "You could not have searched less by these methods: none that pays less than the grid "
            f"ends within {NEAR_THE_BEST:.1%} of its best {_word(report)} in most seeds."
        )
    method = cheapest.method
    pruned = "" if method.pruner == "none" else f" with {method.pruner}"
    return (
        f"You could have searched less: {method.sampler}{pruned} with "
        f"{count(method.n_trials, 'trial')} ends within {NEAR_THE_BEST:.1%} of the grid's best {_word(report)} in "
        f"{cheapest.near:.0%} of the seeds (within {percent(cheapest.quantile(0.9))} in 90 %), for "
        f"{percent(cheapest.paid)} of the passes."
    )
