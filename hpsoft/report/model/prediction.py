"""Predictions of a saved model: the first rows, how often each class, and figures with labels."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from hpsoft.model.predict.run import MOST_LISTED, Prediction, Progress
from hpsoft.report.live.ticker import SECONDS_BEFORE_THE_FIRST, Ticker
from hpsoft.report.model.classes import FEW, draw_classes
from hpsoft.report.model.measured import (
    counted_rows,
    intervals_text,
    measured_rows,
    test_document,
)
from hpsoft.report.text.console import say
from hpsoft.report.text.format import count, percent
from hpsoft.report.text.table import Column, draw, name


def prediction_document(result: Prediction) -> dict[str, Any]:
    """Return the JSON document: predictions where no file has them, metrics where labels are."""
    listed = result.out is None
    whole = result.n_rows <= MOST_LISTED
    return {
        "model": result.model,
        "data": result.data,
        "n": result.n_rows,
        "classes": result.classes,
        "predicted": dict(zip(result.classes, result.counts, strict=True)),
        "temperature": result.temperature,
        "out": result.out,
        "predictions": [called for called, _ in result.rows] if listed and whole else None,
        "probabilities": result.probabilities if listed and whole and result.proba else None,
        "labels": result.label,
        "n_labelled": result.n_labelled,
        "test": None if result.test is None else test_document(result.test),
        "notes": result.notes,
    }


@contextmanager
def show_predicting(
    console: Console, *, delay: float = SECONDS_BEFORE_THE_FIRST
) -> Iterator[Callable[[Progress], None]]:
    """Show how many rows are done for as long as the context lasts."""
    last: list[Progress] = []

    def line() -> str:
        if not last:
            return ""
        total = "" if last[0].total is None else f" of {last[0].total:,}"
        return f"{last[0].n_rows:,}{total} rows predicted"

    with Ticker(console, line, line, delay=delay) as ticker:

        def show(progress: Progress) -> None:
            last[:] = [progress]
            ticker.tick()

        yield show


def draw_prediction_notes(console: Console, result: Prediction) -> None:
    """Print what was decided about the data."""
    for note in result.notes:
        say(console, note, "Note", "bold")


def draw_prediction(console: Console, result: Prediction) -> None:
    """Print the first rows and how often each class is predicted; then the figures."""
    if result.out is not None:
        say(console, f"Wrote {count(result.n_rows, 'prediction')} to {result.out}")
    else:
        _draw_rows(console, result)
    console.print()
    _draw_counts(console, result)
    if result.test is None:
        return
    console.print()
    say(console, f"{count(result.n_labelled, 'row')} with labels, {result.label!r}")
    columns = [name(""), Column("this model"), Column("95 % interval")]
    draw(console, columns, [*measured_rows(result.test, ""), *counted_rows(result.test, "")])
    for text in intervals_text(result.test):
        say(console, text)
    console.print()
    draw_classes(console, result.test)


def _draw_rows(console: Console, result: Prediction) -> None:
    """Print the first rows, with all probabilities where they are asked for."""
    n, columns = len(result.rows), [Column("row"), name("prediction")]
    if result.proba:
        columns += [Column(title, spare=k + 1) for k, title in enumerate(result.classes)]
    else:
        columns.append(Column("probability"))
    columns += [name("label")] if result.labels else []
    rows = []
    for i, (called, share) in enumerate(result.rows):
        shares = result.probabilities[i] if result.proba else (share,)
        label = [result.labels[i]] if result.labels else []
        rows.append([str(i), called, *(f"{p:.4f}" for p in shares), *label])
    draw(console, columns, rows)
    if n < result.n_rows:
        say(console, f"... and {result.n_rows - n:,} more rows; --out FILE writes all of them.")


def _draw_counts(console: Console, result: Prediction) -> None:
    """Print how often each class is predicted, the most frequent ones where they are many."""
    pairs = list(zip(result.classes, result.counts, strict=True))
    if len(pairs) > FEW:
        pairs = sorted(pairs, key=lambda pair: -pair[1])[:FEW]
        say(console, f"The {FEW} classes of {len(result.classes):,} that are predicted most often")
    rows = [[called, f"{n:,}", percent(n / result.n_rows)] for called, n in pairs]
    draw(console, [name("class"), Column("predicted"), Column("of all rows")], rows)
