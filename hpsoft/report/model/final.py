"""The chosen model on the test set, beside the reference's figures where there are some."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table

from hpsoft.assess.final import FinalResult
from hpsoft.data.side.roles import GROUPS
from hpsoft.engine.points import Training
from hpsoft.model.metrics import TestReport
from hpsoft.report.live.countdown import Countdown
from hpsoft.report.live.ticker import SECONDS_BEFORE_THE_FIRST, Ticker
from hpsoft.report.model.calibration import draw_calibration
from hpsoft.report.model.classes import draw_classes
from hpsoft.report.model.measured import (
    counted_rows,
    intervals_text,
    measured_rows,
    test_document,
)
from hpsoft.report.text.console import say, warn
from hpsoft.report.text.format import cost, count, number, params_text, percent
from hpsoft.report.text.metrics import score
from hpsoft.report.text.table import Column, draw, name
from hpsoft.softmax.l2 import COUPLED, DECOUPLED, GLMNET, SKLEARN, Strength, l2_document
from hpsoft.softmax.metric import CHOOSING, CROSS_ENTROPY
from hpsoft.space.reference import Reference


def final_document(result: FinalResult) -> dict[str, Any]:
    """Return the JSON document of a final model."""
    return {
        "study": result.study,
        "trial": result.trial.number,
        "params": result.params,
        "data": result.data,
        "n_train": result.n_train,
        "model": result.model_path,
        "validation_cost": result.trial.cross_entropy,
        "metric": result.trial.metric.name,
        "validation": {name: result.trial.score(name) for name in CHOOSING},
        "test": test_document(result.test),
        "side": result.side,
        "reference": result.reference,
        "note": result.note,
        "previous_test_uses": result.previous_test_uses,
        "l2": l2_document(result.strengths),
        "calibration": None if result.calibrated is None else result.calibrated.to_json(),
    }


@contextmanager
def show_training(
    console: Console, *, delay: float = SECONDS_BEFORE_THE_FIRST
) -> Iterator[Callable[[Training], None]]:
    """Show the training for as long as the context lasts."""
    last: list[Training] = []
    countdown = Countdown()

    def show(event: Training) -> None:
        if not last:
            say(console, f"Training on training + validation data: {_passes(event)} ...")
        last[:] = [event]
        countdown.set(event.seconds * (event.epochs / event.epoch - 1))
        ticker.tick()

    def line() -> str:
        return f"{last[0].epoch}/{_passes(last[0])}, {countdown.text()}" if last else ""

    with Ticker(console, lambda: _drawing(last, line()), line, delay=delay) as ticker:
        yield show


def _passes(event: Training) -> str:
    return f"{event.epochs:,} {'pass' if event.epochs == 1 else 'passes'}"


def _drawing(last: Sequence[Training], line: str) -> RenderableType:
    if not last:
        return ""
    grid = Table.grid(padding=(0, 1), expand=True)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1)
    grid.add_row(line, ProgressBar(last[0].epochs, last[0].epoch))
    return grid


def draw_final(console: Console, result: FinalResult) -> None:
    """Print what was trained and how it does."""
    test = result.test
    say(console, f"Study {result.study}, trial {result.trial.number}")
    say(console, params_text(result.params))
    say(console, f"Trained on {count(result.n_train, 'sample')} of {result.data}, from zero")
    for line in strengths_lines(result.strengths):
        say(console, line)
    console.print()
    columns = [name(""), Column("this model"), Column("95 % interval")]
    if result.reference is not None:
        columns.append(Column("reference"))
    draw(console, columns, [row[: len(columns)] for row in _figures(result, test)])
    for line in intervals_text(test, result.side.get(GROUPS)):
        say(console, line)
    console.print()
    draw_classes(console, test)
    if result.reference is not None:
        console.print()
        _draw_reference(console, result.reference)
    if result.calibrated is not None:
        console.print()
        draw_calibration(console, result.calibrated)
    if result.model_path is not None:
        say(console, f"Model saved as {result.model_path}")


def strengths_lines(strengths: Sequence[Strength]) -> list[str]:
    """Return L2 in other libraries' units, which act on the scaled features; [] without it."""
    values = {one.unit: number(one.value) for one in strengths if one.value is not None}
    if DECOUPLED not in values:
        return []
    if COUPLED not in values:
        return [f"alpha elsewhere: weight_decay {values[DECOUPLED]} of PyTorch's AdamW"]
    return [
        f"alpha elsewhere: C {values[SKLEARN]} of scikit-learn, lambda {values[GLMNET]} of glmnet,",
        f"weight_decay {values[COUPLED]} of PyTorch's SGD, on features that are scaled alike",
    ]


def _figures(result: FinalResult, test: TestReport) -> list[list[str]]:
    """Return the rows: name, this model's figure, its interval, the reference's figure."""
    trial, reference = result.trial, result.reference
    names = ("validation_cost", "test_cost", "test_accuracy")
    costs = [getattr(reference, name, None) for name in names]
    chosen = [m for m in (trial.metric,) if m is not CROSS_ENTROPY]
    beside = {0: cost(costs[1]), 2: percent(costs[2])}  # rows of the reference's figures
    measured = measured_rows(test, "test ")
    return [
        *([f"validation {m.title}, when chosen", score(m, trial.value), "", "-"] for m in chosen),
        ["validation cross-entropy, when chosen", cost(trial.cross_entropy), "", cost(costs[0])],
        *([*row, beside.get(i, "-")] for i, row in enumerate(measured)),
        *([*row, ""] for row in counted_rows(test, "test ")),
    ]


def _draw_reference(console: Console, reference: Reference) -> None:
    say(console, f"Reference: {params_text(reference.params)}. {reference.text}")


def draw_final_notes(console: Console, result: FinalResult) -> None:
    """Print which study was taken and why, and that every look at the test set weakens it as
    a measure.
    """
    if result.note is not None:
        say(console, result.note, "Note", "bold")
    if result.previous_test_uses:
        times = "once" if result.previous_test_uses == 1 else f"{result.previous_test_uses} times"
        warn(
            console,
            f"The test set was used {times} before, by studies of this storage: a choice that follows from "
            "its result is no longer measured by it.",
        )
