"""The one place that makes consoles: results on standard output, all else on standard error.

Markup is off: a class called "[red]x[/]" is printed as it is. NO_COLOR is respected by rich. What
rich itself makes of styles reaches a terminal; control characters in texts, of whatever origin,
are written as their codes.
"""

import io
import os
import sys
from collections.abc import Callable, Iterable
from typing import IO, NoReturn, TextIO, cast

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from hpsoft.report.text.format import printable
from hpsoft.system.streams import Drawing, Notes, harmless

__all__ = ["Console", "fail", "notes", "offer", "output", "say", "text_of", "warn"]

WIDTH_OF_A_FILE = 200  # where nothing says how wide the lines may be


class _Console(Console):
    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Let nothing drive the terminal but rich: all that is drawn comes through here."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else harmless(segment.text)
            yield segment if text == segment.text else Segment(text, segment.style)

    def on_broken_pipe(self) -> NoReturn:
        """Let the command line decide: rich would exit with code 1 from inside a print."""
        raise BrokenPipeError


def output() -> Console:
    """Return the console of results."""
    return _make(sys.stdout, stderr=False, quiet=False)


def notes(*, quiet: bool = False) -> Console:
    """Return the console of progress, notes and warnings; errors are not `quiet`."""
    return _make(sys.stderr, stderr=True, quiet=quiet)


def _make(stream: TextIO, *, stderr: bool, quiet: bool) -> Console:
    free = not stream.isatty() and "COLUMNS" not in os.environ
    width = WIDTH_OF_A_FILE if free else None
    return _Console(
        file=cast("IO[str]", Drawing(stream)) if isinstance(stream, Notes) else None,
        stderr=stderr,
        quiet=quiet,
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
    )


def text_of(draw: Callable[[Console], None]) -> str:
    """Return what is drawn as text, as wide as in a file."""
    memory = io.StringIO()
    draw(
        _Console(
            file=memory,
            width=WIDTH_OF_A_FILE,
            color_system=None,
            force_terminal=False,
            markup=False,
            emoji=False,
            highlight=False,
        )
    )
    return memory.getvalue().rstrip()


def say(console: Console, text: str, label: str = "", style: str = "") -> None:
    """Print a paragraph, with a coloured label before it."""
    paragraph = Text.assemble((f"{label}: " if label else "", style), printable(text))
    is_free = not console.is_terminal and "COLUMNS" not in os.environ
    console.print(paragraph, soft_wrap=is_free)


def offer(console: Console, command: str) -> None:
    """Print a command to copy: only the terminal breaks its line."""
    console.print(Text(f"  {printable(command)}"), soft_wrap=True)


def warn(console: Console, text: str) -> None:
    """Print something that the user should know before trusting a result."""
    say(console, text, "Warning", "bold yellow")


def fail(text: str) -> None:
    """Print why a command ends without its result."""
    say(notes(), " ".join(line.strip() for line in text.splitlines()), "Error", "bold red")
