"""Columns that become no feature, and why."""

from dataclasses import dataclass
from typing import ClassVar

KEEP = "--keep"  # the hint of what is left out for having one value


@dataclass(frozen=True)
class Left:
    """A column that is left out."""

    TYPE: ClassVar = "left out"

    name: str
    why: str
    is_text: bool = False  # stored as texts, so among the texts of a table
    hint: str = ""  # how to keep it, if that is sensible

    @property
    def features(self) -> tuple[str, ...]:
        """Names of its features: none."""
        return ()

    @property
    def taken_for(self) -> str:
        """What it is taken for."""
        return self.TYPE

    @property
    def becomes(self) -> str:
        """What is done to it, in words."""
        return f"left out: {self.why}"
