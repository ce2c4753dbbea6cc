"""Data sets: those that have a name, and one in numbers."""

from collections.abc import Sequence

from rich.console import Console

from hpsoft.data import DataInfo, DataSource
from hpsoft.data.side.roles import ROLES
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
    for line in parts_lines(info):
        say(console, line)
    console.print()
    rows = [[c.name, f"{c.training:,}", f"{c.test:,}"] for c in info.classes]
    draw(console, [name("class"), Column("training"), Column("test")], rows)


def parts_lines(info: DataInfo) -> list[str]:
    """Say what decides which samples go where, how many groups there are, and equal samples."""
    found = [f"{ROLES[role].what}: column {column!r}" for role, column in info.side.items()]
    lines = [f"divided by {', '.join(found)}"] if found else []
    if info.groups is not None:
        groups = info.groups
        given = "" if groups.validation is None else f" and {groups.validation:,} validation"
        test = "" if groups.test is None else f" and {groups.test:,} test"
        lines.append(
            f"{groups.training:,} training{given}{test} groups; the largest has {groups.largest:,} samples"
        )
    if info.twins is None:
        return [*lines, "equal samples: not looked for"]
    twins = info.twins
    if not twins.n_samples:
        return [*lines, "equal samples: none"]
    shared = f"; {twins.n_validation:,} of the validation part" if info.n_validation else ""
    told = (
        f"equal samples: {twins.n_samples:,} of {info.n_training + info.n_test:,} have one, "
        f"{twins.n_conflicting:,} of another label; {twins.n_test:,} of the test part{shared} have "
        "one among what is trained on"
    )
    return [*lines, told]
