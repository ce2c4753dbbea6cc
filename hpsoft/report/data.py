"""Data sets: those that have a name, and one in numbers."""

from collections.abc import Sequence

from rich.console import Console

from hpsoft.data import DataInfo, DataSource
from hpsoft.report.text.console import say
from hpsoft.report.text.format import NOTHING
from hpsoft.report.text.table import Column, draw, name, prose


def draw_sources(console: Console, sources: Sequence[DataSource]) -> None:
    """Print a row a data set: what it is and where, or how to get it."""
    columns = [name("--data"), prose("what"), prose("where"), prose("how to get it")]
    rows = [[s.name, s.description, s.found or NOTHING, s.how] for s in sources]
    draw(console, columns, rows)


def draw_data_notes(console: Console, notes: Sequence[str]) -> None:
    """Print what was decided about the data where nobody said."""
    for note in notes:
        label, colon, rest = note.partition(": ")
        is_labels = label == "Labels" and bool(colon)
        say(console, rest if is_labels else note, label if is_labels else "Note", "bold")


def draw_info(console: Console, info: DataInfo) -> None:
    """Print the shape, the fingerprint and the classes of a data set."""
    say(console, f"{info.name}, from {info.source}")
    given = "" if info.n_validation is None else f" ({info.n_validation:,} to choose by)"
    say(
        console,
        f"{info.n_training:,} training{given} and {info.n_test:,} test samples, {info.n_features:,} "
        f"features ({info.dtype}), {len(info.classes)} classes, scale {info.scale}",
    )
    say(console, f"fingerprint {info.fingerprint}")
    console.print()
    rows = [[c.name, f"{c.training:,}", f"{c.test:,}"] for c in info.classes]
    draw(console, [name("class"), Column("training"), Column("test")], rows)
