"""Data sets: those that have a name, and one in numbers."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from rich.console import Console

from hpsoft.data import DataInfo, DataSource
from hpsoft.data.side.roles import ROLES, WEIGHT
from hpsoft.data.sources.catalog import ClassCount
from hpsoft.report.text.console import say, warn
from hpsoft.report.text.format import NOTHING
from hpsoft.report.text.table import Column, draw, name, prose

WARNING = "Warning: "  # begins a note that must be known before a result is trusted
MOST_COLUMNS = 40  # that are shown one by one
MOST_CLASSES = 20
PLAIN_NUMBER = ("number", "as it is")


def draw_sources(console: Console, sources: Sequence[DataSource]) -> None:
    """Print a row a data set: what it is and where, or how to get it."""
    columns = [name("--data"), prose("what"), prose("where"), prose("how to get it")]
    rows = [[s.name, s.description, s.found or NOTHING, s.how] for s in sources]
    draw(console, columns, rows)


def draw_data_notes(console: Console, notes: Sequence[str]) -> None:
    """Print what was decided about the data where nobody said."""
    for note in notes:
        if note.startswith(WARNING):
            warn(console, note.removeprefix(WARNING))
            continue
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
    for line in _set_lines(info.feature_sets):
        say(console, line)
    console.print()
    _draw_columns(console, info)
    _draw_classes(console, info.classes)


def _draw_classes(console: Console, classes: Sequence[ClassCount]) -> None:
    """Print how often each class occurs; of many the first, and how the others do."""
    shown = classes if len(classes) <= MOST_CLASSES + 1 else classes[:MOST_CLASSES]
    rows = [[c.name, f"{c.training:,}", f"{c.test:,}"] for c in shown]
    draw(console, [name("class"), Column("training"), Column("test")], rows)
    if others := classes[len(shown) :]:
        counts = [c.training for c in others]
        test = sum(c.test for c in others)
        say(
            console,
            f"and {len(others):,} other classes of {min(counts):,} to {max(counts):,} training "
            f"samples, {sum(counts):,} in all, and {test:,} test samples. --json has all.",
        )


def _set_lines(sets: Mapping[str, str]) -> Iterator[str]:
    """Say of each feature set how many features it has, and shares with those before it."""
    before: dict[str, str] = {}
    for title, columns in sets.items():
        n = sum(stop - start for start, stop in _spans(columns))
        shared = [
            f"{k:,} of them in {t} too" for t, o in before.items() if (k := _both(columns, o))
        ]
        yield ", ".join((f"feature set {title}: {n:,} features", columns, *shared))
        before[title] = columns


def _both(columns: str, others: str) -> int:
    """Return how many features are in both of two sets."""
    pairs = product(_spans(columns), _spans(others))
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in pairs)


def _spans(columns: str) -> Iterator[tuple[int, int]]:
    for span in columns.split(","):
        start, _, stop = span.partition(":")
        yield int(start), int(stop)


def _draw_columns(console: Console, info: DataInfo) -> None:
    """Print what each column of a table becomes; of many plain numbers only how many they are."""
    if not info.columns:
        return
    plain = [c for c in info.columns if (c.taken_for, c.becomes) == PLAIN_NUMBER]
    few = len(info.columns) <= MOST_COLUMNS
    shown = info.columns if few else [c for c in info.columns if c not in plain]
    rows = [[c.name, c.taken_for, c.becomes] for c in shown[:MOST_COLUMNS]]
    draw(console, [name("column"), name("taken for"), prose("becomes")], rows)
    if not few:
        others = len(shown) - len(rows)
        more = f" and {others:,} other columns" if others > 0 else ""
        say(console, f"and {len(plain):,} columns of numbers, as they are{more}. --json has all.")
    console.print()


def parts_lines(info: DataInfo) -> list[str]:
    """Say what decides which samples go where, how many groups there are, and equal samples."""
    found = {role: f"{ROLES[role].what}: column {column!r}" for role, column in info.side.items()}
    lines = [f"weighted by {found.pop(WEIGHT)}"] if WEIGHT in found else []
    lines += [f"divided by {', '.join(found.values())}"] if found else []
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
