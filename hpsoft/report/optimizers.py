"""Installed optimizers with the roles of their hyperparameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from hpsoft.optimizers.protocol import Hyperparameter
from hpsoft.report.console import say
from hpsoft.report.table import draw, name, prose


@dataclass(frozen=True)
class InstalledOptimizer:
    """A plugin that was found, whether or not it loads."""

    name: str
    distribution: str | None
    version: str | None
    hyperparameters: tuple[Hyperparameter, ...]
    error: str | None  # why it does not load


def optimizers_document(found: Sequence[InstalledOptimizer]) -> dict[str, Any]:
    """Return the JSON document of optimizers."""
    return {"optimizers": [_document(optimizer) for optimizer in found]}


def _document(optimizer: InstalledOptimizer) -> dict[str, Any]:
    hyperparameters = [
        {
            "name": h.name,
            "role": h.role,
            "kind": h.kind.__name__,
            "domain": h.domain,
            "summary": h.summary,
        }
        for h in optimizer.hyperparameters
    ]
    return {**vars(optimizer), "hyperparameters": hyperparameters}


def draw_optimizers(console: Console, found: Sequence[InstalledOptimizer]) -> None:
    """Print each optimizer, then its hyperparameters."""
    columns = [name("  hyperparameter"), name("role"), name("domain"), prose("meaning")]
    for i, optimizer in enumerate(found):
        if i:
            console.print()
        origin = " ".join(filter(None, (optimizer.distribution, optimizer.version)))
        say(console, f"{optimizer.name}, from {origin or 'an unknown distribution'}")
        if optimizer.error is not None:
            say(console, f"  {optimizer.error}")
            continue
        rows = [[f"  {h.name}", h.role, h.domain, h.summary] for h in optimizer.hyperparameters]
        draw(console, columns, rows)
    if not found:
        say(console, "No optimizer is installed: reinstall hpsoft, which brings its own.")
