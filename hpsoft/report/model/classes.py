"""How a model does class by class: all classes where they are few, else those to look at."""

from rich.console import Console

from hpsoft.model.metrics import ClassReport, TestReport
from hpsoft.report.text.console import say
from hpsoft.report.text.format import percent
from hpsoft.report.text.table import Column, draw, name

FEW = 20  # classes of which every one has its row
SHOWN = 10  # of more: so many of the worst, and of the most confused pairs
WIDEST = 120  # of a confusion matrix


def draw_classes(console: Console, test: TestReport) -> None:
    """Print a row a class, and where its samples went while that fits."""
    columns = [Column("#"), name("class"), Column("n"), *[Column("weight")] * test.weighted]
    columns += [Column("prec."), Column("recall"), Column("F1")]
    if test.weighted:
        say(console, "All but the column n counts samples by their weight.")
    places = {c.name: i for i, c in enumerate(test.per_class)}
    many = len(test.classes) > FEW
    shown = test.worst_classes[:SHOWN] if many else test.per_class
    if many:
        say(console, f"The {len(shown)} worst of {len(test.classes):,} classes, by F1")
    draw(
        console,
        columns,
        [[str(places[c.name]), *_row(c)] for c in shown],
    )
    console.print()
    counts = [] if many else [[_count(n) for n in row] for row in test.counts]
    widest = max((len(n) for row in counts for n in row), default=0)
    if many or (len(test.classes) + 1) * (widest + 2) > min(console.width, WIDEST):
        _draw_pairs(console, test)
        return
    say(console, "Confusion matrix: rows are true classes, columns predicted ones")
    numbered = [Column("#"), *(Column(str(i)) for i in range(len(test.classes)))]
    draw(console, numbered, [[str(i), *row] for i, row in enumerate(counts)])


def _row(c: ClassReport) -> list[str]:
    weight = [] if c.weight is None else [_count(c.weight)]
    return [c.name, f"{c.n:,}", *weight, *map(_share, (c.precision, c.recall, c.f1))]


def _count(n: float) -> str:
    """Write a number of samples, or a sum of weights."""
    return str(n) if isinstance(n, int) else f"{n:.4g}"


def _share(share: float) -> str:
    return f"{share:.3f}"


def _draw_pairs(console: Console, test: TestReport) -> None:
    """Print the pairs of classes that are confused most often."""
    if pairs := test.confused[:SHOWN]:
        say(console, "The most confused pairs of classes")
        columns = [
            name("true class"),
            name("taken for"),
            Column("weight" if test.weighted else "n"),
        ]
        columns.append(Column("of the class"))
        draw(console, columns, [_pair(test, *pair) for pair in pairs])
        console.print()
    say(
        console,
        f"All {len(test.classes):,} classes and the confusion matrix are in --json and --out FILE.",
    )


def _pair(test: TestReport, true: int, called: int, n: float) -> list[str]:
    names = test.classes[true], test.classes[called]
    many = f"{n:,}" if isinstance(n, int) else _count(n)
    return [*names, many, percent(n / test.per_class[true].counted)]
