"""What the methods of a result return, shown as the commands print it: in notebooks too."""

from abc import ABC, abstractmethod
from dataclasses import fields
from html import escape
from typing import Any, Self

from hpsoft.api.errors import in_python
from hpsoft.assess.confirm_report import ConfirmReport
from hpsoft.assess.final import FinalResult
from hpsoft.assess.optimum import OptimumReport
from hpsoft.report.confirm import draw_candidates, draw_confirm_notes, refusal
from hpsoft.report.model.final import draw_final, draw_final_notes
from hpsoft.report.optimum import draw_optimum, draw_optimum_notes
from hpsoft.report.text.console import Console, say, text_of, warn


class Shown(ABC):
    """A result of some work: `print` shows what the command prints, `repr` is one line."""

    @classmethod
    def of(cls, found: Any) -> Self:
        """Return a dataclass's instance as one that is shown."""
        return cls(**{each.name: getattr(found, each.name) for each in fields(found)})

    @abstractmethod
    def _draw(self, console: Console) -> None:
        """Draw what the command prints."""

    @abstractmethod
    def _facts(self) -> str:
        """Return what `repr` tells."""

    def __str__(self) -> str:
        """Return what the command prints."""
        return "\n".join(
            line if _is_row(line) else in_python(line) for line in text_of(self._draw).split("\n")
        )

    def __repr__(self) -> str:
        """Return one line."""
        return f"{type(self).__name__}({self._facts()})"

    def _repr_html_(self) -> str:
        """Return the same for a notebook, escaped: paragraphs wrap, rows of tables do not."""
        lines = "".join(
            f'<div style="white-space: {"pre" if _is_row(line) else "pre-wrap"}">'
            f"{escape(line) or '&nbsp;'}</div>"
            for line in str(self).split("\n")
        )
        return (
            f'<div class="hpsoft" style="font-family: monospace; overflow-x: auto">{lines}</div>'
        )


def _is_row(line: str) -> bool:
    """Tell a row of a table, which has what the data call things, from prose."""
    return "  " in line


class Final(Shown, FinalResult):
    """What `SearchResult.final` returns."""

    def _draw(self, console: Console) -> None:
        draw_final_notes(console, self)
        draw_final(console, self)
        if self.problem is not None:
            warn(console, self.problem)

    def _facts(self) -> str:
        test = self.test
        return (
            f"study={self.study!r}, trial={self.trial.number}, cross-entropy={test.cross_entropy:.6g}, "
            f"accuracy={test.accuracy:.4g}"
        )


class Confirmed(Shown, ConfirmReport):
    """What `SearchResult.confirm` returns."""

    def _draw(self, console: Console) -> None:
        draw_confirm_notes(console, self)
        draw_candidates(console, self)
        if self.refused:
            warn(console, refusal(self))
            return
        say(console, 'Next: result.final(..., trial="confirmed")')

    def _facts(self) -> str:
        best = self.confirmed
        return (
            f"study={self.study!r}, trials={len(self.candidates)}, "
            f"confirmed={best.trial.number}, mean={best.mean:.6g}"
        )


class Compared(Shown, OptimumReport):
    """What `SearchResult.optimum` returns."""

    def _draw(self, console: Console) -> None:
        draw_optimum_notes(console, self)
        draw_optimum(console, self)

    def _facts(self) -> str:
        return f"study={self.study!r}, optima={len(self.optima)}, verdict={self.verdict!r}"
