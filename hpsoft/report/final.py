"""The chosen model on the test set, beside the reference's figures where there are some."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table

from hpsoft.assess.final import FinalResult
from hpsoft.engine.points import Training
from hpsoft.model.metrics import TestReport
from hpsoft.report.live.countdown import Countdown
from hpsoft.report.live.ticker import Ticker
from hpsoft.report.text.console import say, warn
from hpsoft.report.text.format import cost, count, params_text, percent
from hpsoft.report.text.table import Column, draw, name
from hpsoft.space.reference import Reference


def final_document(result: FinalResult) -> dict[str, Any]:
    """Return the JSON document of a final model."""
    test = vars(result.test)
    return {
        "study": result.study,
        "trial": result.trial.number,
        "params": result.params,
        "data": result.data,
        "n_train": result.n_train,
        "model": result.model_path,
        "validation_cost": result.trial.value,
        "test": {key: test[key] for key in _TEST_KEYS},
        "reference": result.reference,
        "note": result.note,
        "previous_test_uses": result.previous_test_uses,
    }


_TEST_KEYS = (
    "cross_entropy", "mse", "accuracy", "accuracy_ci95", "n", "classes", "per_class", "confusion"
)  # fmt: skip


@contextmanager
def show_training(console: Console) -> Iterator[Callable[[Training], None]]:
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

    with Ticker(console, lambda: _drawing(last, line()), line) as ticker:
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
    console.print()
    columns = [name(""), Column("this model")]
    if result.reference is not None:
        columns.append(Column("reference"))
    draw(console, columns, [row[: len(columns)] for row in _figures(result, test)])
    console.print()
    _draw_classes(console, test)
    if result.reference is not None:
        console.print()
        _draw_reference(console, result.reference)
    if result.model_path is not None:
        say(console, f"Model saved as {result.model_path}")


def _figures(result: FinalResult, test: TestReport) -> list[list[str]]:
    low, high = test.accuracy_ci95
    reference = result.reference
    return [
        [
            "validation cross-entropy, when chosen",
            cost(result.trial.value),
            cost(reference.validation_cost if reference else None),
        ],
        [
            "test cross-entropy, unregularised",
            cost(test.cross_entropy),
            cost(reference.test_cost if reference else None),
        ],
        ["test MSE", cost(test.mse), "-"],
        [
            "test accuracy",
            percent(test.accuracy),
            percent(reference.test_accuracy if reference else None),
        ],
        ["  95 % interval (Wilson)", f"{100 * low:.2f} to {percent(high)}", ""],
        ["test samples" + ", weighted" * test.weighted, f"{test.n:,}", ""],
    ]


def _draw_classes(console: Console, test: TestReport) -> None:
    """Print a row a class, and where its samples went while that fits."""
    columns = [Column("#"), name("class"), Column("n"), Column("prec."), Column("recall")]
    columns.append(Column("F1"))
    rows = [
        [str(i), c.name, f"{c.n:,}", f"{c.precision:.3f}", f"{c.recall:.3f}", f"{c.f1:.3f}"]
        for i, c in enumerate(test.per_class)
    ]
    draw(console, columns, rows)
    console.print()
    widest = max(len(str(n)) for row in test.confusion for n in row)
    if (len(test.classes) + 1) * (widest + 2) > min(console.width, 120):
        say(console, f"The confusion matrix of {len(test.classes)} classes is in --json.")
        return
    say(console, "Confusion matrix: rows are true classes, columns predicted ones")
    numbered = [Column("#"), *(Column(str(i)) for i in range(len(test.classes)))]
    draw(console, numbered, [[str(i), *map(str, row)] for i, row in enumerate(test.confusion)])


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
