"""Draws a search under way."""

import copy
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace

from rich.console import Console, Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from hpsoft.engine.estimate import rates
from hpsoft.engine.plan import Plan, Structure
from hpsoft.engine.setup import TrainingSetup
from hpsoft.report.live.search_progress import Running, SearchProgress
from hpsoft.report.live.ticker import SECONDS_BEFORE_THE_FIRST, Ticker
from hpsoft.report.text.console import say
from hpsoft.report.text.format import cores, count, duration, number, params_text, printable
from hpsoft.report.text.metrics import score
from hpsoft.softmax.metric import CROSS_ENTROPY
from hpsoft.tuning.events import Event, Opened

WORTH_AN_ESTIMATE = 1e12  # floating-point operations, ten seconds or so; it takes a tenth of one
SECONDS_OF_STORING = 0.5  # before it is shown: most of it is a matter of milliseconds


@contextmanager
def show_search(
    console: Console,
    opened: Opened,
    setting: TrainingSetup,
    *,
    delay: float = SECONDS_BEFORE_THE_FIRST,
) -> Iterator[Callable[[Event], None]]:
    """Show a search from its opening on, for as long as the context lasts."""
    say(console, first_line(opened))

    def estimated(plan: Plan) -> Mapping[Structure, float]:
        n_left = opened.n_target - opened.n_finished  # of a sampler more than the plan of a wave
        all_epochs = plan.model_epochs * max(1.0, n_left / max(1, plan.n_trials))
        is_short = all_epochs * setting.flops_per_model_epoch < WORTH_AN_ESTIMATE
        return {} if console.quiet or is_short else _estimate(setting, plan)

    progress = SearchProgress(opened, setting.flops_per_model_epoch, estimated)

    def show(event: Event) -> None:
        progress.take(event)
        ticker.tick()

    with Ticker(console, lambda: drawing(progress), lambda: line(progress), delay=delay) as ticker:
        yield show


def _estimate(setting: TrainingSetup, plan: Plan) -> Mapping[Structure, float]:
    """Time some passes, by an optimizer of its own: what it remembers must not be trained with."""
    with suppress(Exception):  # whatever fails here fails again, and is told, in the training
        return rates(replace(setting, optimizer=copy.deepcopy(setting.optimizer)), plan)
    return {}


def first_line(opened: Opened) -> str:
    """Say what is about to be done."""
    where = f"Study {opened.study} in {opened.storage}: {_growth(opened)}"
    if opened.n_finished == opened.n_target:
        return f"{where}this search is finished, nothing is left to train."
    done = f"{opened.n_finished:,} of {opened.n_target:,} trials are there, " * bool(
        opened.n_finished
    )
    if opened.is_endless:
        there = f"{count(opened.n_finished, 'trial')} are there, " * bool(opened.n_finished)
        return (
            f"{where}{there}as many more of ranges as {duration(opened.limit.seconds)} allow on "
            f"{cores(opened.n_workers, opened.n_cores)}.{_told_apart(opened)}{_inexact(opened)}"
        )
    if opened.budget is not None:
        points = "ranges" if opened.n_grid is None else f"a grid of {opened.n_grid:,}"
        n_left = opened.n_target - opened.n_finished
        return (
            f"{where}{done}{n_left:,} to run of {points} on "
            f"{cores(opened.n_workers, opened.n_cores)}.{_told_apart(opened)}{_inexact(opened)}"
        )
    plan = opened.plan
    return (
        f"{where}{done}{plan.n_trials:,} to run = {count(plan.n_models, 'model')} in "
        f"{count(len(plan.blocks), 'block')} on {cores(opened.n_workers, opened.n_cores)}."
        f"{_told_apart(opened)}"
    )


def _told_apart(opened: Opened) -> str:
    """Say by what trials are compared."""
    by = "" if opened.metric is CROSS_ENTROPY else f" Chosen by {opened.metric.title}."
    remark = f" {opened.remark}" if opened.remark else ""
    return f" Compared by {opened.validation.text}.{by}{remark}"


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
    facts = [*_facts(progress), *_best(progress), *_at_work(progress)]
    return ", ".join([_trials(progress), f"{progress.fraction():.0%}", *facts])


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
    return Group(bar, *below, *_storing(progress))


def _trials(progress: SearchProgress) -> str:
    if progress.opened.is_endless:
        return count(progress.n_finished, "trial")
    return f"{progress.n_finished:,}/{progress.opened.n_target:,} trials"


def _eta(progress: SearchProgress) -> str:
    """Say when the search ends: by its work, or by the time that the user gave."""
    left, limit = progress.eta(), progress.opened.limit.left()
    if limit == 0:
        rest = duration(progress.until_time_is_up())
        return f"time is up, what is begun goes on for about {rest}"
    if left is None:
        return "ETA unknown yet" if math.isinf(limit) else f"ETA at most {duration(limit)}"
    if limit < left:
        return f"ETA {duration(progress.until_time_is_up())}: time will be up first"
    return f"ETA {duration(left)}"


def _facts(progress: SearchProgress) -> list[str]:
    if not progress.trials_per_second:
        return [_eta(progress)]
    return [
        _eta(progress),
        f"{progress.trials_per_second:.4g} trials/s",
        f"{progress.gflops_per_second:.3g} GFLOP/s",
    ]


def _best(progress: SearchProgress) -> list[str]:
    if progress.best is None:
        return []
    metric, value = progress.best.metric, progress.best.value
    best = score(metric, value) if metric.maximized else number(value)
    return [f"best {best} ({params_text(progress.best.params)})"]


def _at_work(progress: SearchProgress) -> list[str]:
    """Say what is in training and for how long, while nothing else says that something goes on."""
    if progress.eta() is not None or not progress.running:
        return []
    first, *others = progress.running
    more = f" and {count(len(others), 'block')} more" if others else ""
    return [f"training {_running(progress, first)}{more}"]


def _storing(progress: SearchProgress) -> list[Text]:
    """Say that trials are being stored, where that takes long."""
    if progress.storing is None or progress.storing[1] < SECONDS_OF_STORING:
        return []
    n_trials, seconds = progress.storing
    return [Text(f"  storing {count(n_trials, 'trial')}, {duration(seconds)}", style="dim")]


def _block(progress: SearchProgress, running: Running) -> Text:
    return Text(f"  {_running(progress, running)}", style="dim")


def _running(progress: SearchProgress, running: Running) -> str:
    """Say which block is in training, how far it goes, and for how long it has been."""
    task, horizon = running.started, progress.opened.plan.horizon
    structure = params_text(task.block.structure) or "all"
    return printable(
        f"{structure}: {horizon} {task.start} to {task.stop}, "
        f"{count(task.n_models, 'model')}, {duration(progress.elapsed(running))}"
    )
