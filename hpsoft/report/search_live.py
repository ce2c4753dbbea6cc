"""Draws a search under way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from hpsoft.report.console import say
from hpsoft.report.format import cores, count, duration, number, params_text, printable
from hpsoft.report.live import Ticker
from hpsoft.report.search_progress import Running, SearchProgress
from hpsoft.search.run import Event, Opened


class Show(Protocol):
    """Takes every event after the first."""

    def __call__(self, event: Event) -> None:
        """Notice an event."""
        ...


@contextmanager
def show_search(console: Console, opened: Opened, flops_per_model_epoch: float) -> Iterator[Show]:
    """Show a search from its opening on, for as long as the context lasts."""
    say(console, first_line(opened))
    progress = SearchProgress(opened, flops_per_model_epoch)

    def show(event: Event) -> None:
        progress.take(event)
        ticker.tick()

    with Ticker(console, lambda: drawing(progress), lambda: line(progress)) as ticker:
        yield show


def first_line(opened: Opened) -> str:
    """Say what is about to be done."""
    where = f"Study {opened.study} in {opened.storage}: {_growth(opened)}"
    if opened.n_finished == opened.n_target:
        return f"{where}this search is finished, nothing is left to train."
    done = f"{opened.n_finished:,} of {opened.n_target:,} trials are there, " * bool(
        opened.n_finished
    )
    if opened.budget is not None:
        points = "ranges" if opened.n_grid is None else f"a grid of {opened.n_grid:,}"
        n_left = opened.n_target - opened.n_finished
        return (
            f"{where}{done}{n_left:,} to run of {points} on "
            f"{cores(opened.n_workers, opened.n_cores)}.{_inexact(opened)}"
        )
    plan = opened.plan
    return (
        f"{where}{done}{plan.n_trials:,} to run = {count(plan.n_models, 'model')} in "
        f"{count(len(plan.blocks), 'block')} on {cores(opened.n_workers, opened.n_cores)}."
    )


def _inexact(opened: Opened) -> str:
    """Say what a sampler and a pruner leave out."""
    left_out = ["not every point is tried"] * (opened.n_target != opened.n_grid)
    left_out += ["points that look poor end early"] * opened.is_pruned
    return f" Inexact: {', and '.join(left_out)}." if left_out else ""


def _growth(opened: Opened) -> str:
    """Say that the study holds more than was asked for."""
    if opened.n_asked == opened.n_grid or opened.n_asked is None:
        return ""
    return (
        f"its grid has grown to {opened.n_grid:,} points, the {opened.n_asked:,} of this command "
        "among them; "
    )


def line(progress: SearchProgress) -> str:
    """Return the state as one line."""
    return ", ".join(
        [_trials(progress), f"{progress.fraction():.0%}", *_facts(progress), *_best(progress)]
    )


def drawing(progress: SearchProgress) -> RenderableType:
    """Return the state as a few lines: a bar, the speed, the best so far, the running blocks."""
    bar = Table.grid(padding=(0, 1))
    for ratio in (None, 1, None):
        bar.add_column(ratio=ratio, no_wrap=True)
    bar.expand = True
    fraction = progress.fraction()
    bar.add_row(_trials(progress), ProgressBar(1.0, fraction), f"{fraction:.0%}")
    below = [Text(", ".join(_facts(progress))), *map(Text, _best(progress))]
    below += [_block(progress, running) for running in progress.running]
    for text in below:
        text.no_wrap, text.overflow = True, "ellipsis"
    return Group(bar, *below)


def _trials(progress: SearchProgress) -> str:
    return f"{progress.n_finished:,}/{progress.opened.n_target:,} trials"


def _facts(progress: SearchProgress) -> list[str]:
    eta = progress.eta()
    return [
        "ETA unknown yet" if eta is None else f"ETA {duration(eta)}",
        f"{progress.trials_per_second:.4g} trials/s",
        f"{progress.gflops_per_second:.3g} GFLOP/s",
    ]


def _best(progress: SearchProgress) -> list[str]:
    if progress.best is None:
        return []
    return [f"best {number(progress.best.value)} ({params_text(progress.best.params)})"]


def _block(progress: SearchProgress, running: Running) -> Text:
    task, horizon = running.started, progress.opened.plan.horizon
    structure = params_text(task.block.structure) or "all"
    return Text(
        printable(
            f"  {structure}: {horizon} {task.start} to {task.stop}, "
            f"{count(task.n_models, 'model')}, {duration(progress.elapsed(running))}"
        ),
        style="dim",
    )
