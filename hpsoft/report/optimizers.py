"""Installed optimizers with the roles of their hyperparameters."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hpsoft.optimizers.installed import InstalledOptimizer
from hpsoft.report.text.console import say
from hpsoft.report.text.format import candidates_text, count
from hpsoft.report.text.table import Column, draw, name, prose
from hpsoft.tuning.prepared import Prepared


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
    status = "ok" if optimizer.error is None else "unusable"
    return {**vars(optimizer), "status": status, "hyperparameters": hyperparameters}


def optimizer_document(optimizer: InstalledOptimizer, prepared: Prepared) -> dict[str, Any]:
    """Return the JSON document of one optimizer with its default space."""
    plan = prepared.design.plan()
    return {
        **_document(optimizer),
        "data": prepared.identity.data,
        "space": prepared.grid.space,
        "n_trials": plan.n_trials,
        "n_models": plan.n_models,
        "n_blocks": len(plan.blocks),
    }


def draw_optimizers(console: Console, found: Sequence[InstalledOptimizer]) -> None:
    """Print each optimizer, then its hyperparameters."""
    for i, optimizer in enumerate(found):
        if i:
            console.print()
        _draw_one(console, optimizer)
    if not found:
        say(console, "No optimizer is installed: reinstall hpsoft, which brings its own.")


def draw_optimizer(console: Console, optimizer: InstalledOptimizer, prepared: Prepared) -> None:
    """Print an optimizer, and the default space on some data."""
    _draw_one(console, optimizer)
    console.print()
    plan = prepared.design.plan()
    say(
        console,
        f"By default on {prepared.identity.data}: {count(plan.n_trials, 'trial')} -> "
        f"{count(plan.n_models, 'model')} -> {count(len(plan.blocks), 'block')}",
    )
    space = prepared.grid.space
    rows = [[f"  {h}", *candidates_text(h, values)] for h, values in space.items()]
    draw(console, [name("  hyperparameter"), Column("n"), prose("values")], rows)


def _draw_one(console: Console, optimizer: InstalledOptimizer) -> None:
    origin = " ".join(filter(None, (optimizer.distribution, optimizer.version)))
    kind = "built-in" if optimizer.builtin else "third-party"
    status = "" if optimizer.error is None else ", unusable"
    say(console, f"{optimizer.name}, from {origin or 'an unknown distribution'}, {kind}{status}")
    for line in filter(None, (optimizer.summary, optimizer.error)):
        say(console, f"  {line}")
    if optimizer.error is None:
        columns = [name("  hyperparameter"), name("role"), name("domain"), prose("meaning")]
        rows = [[f"  {h.name}", h.role, h.domain, h.summary] for h in optimizer.hyperparameters]
        draw(console, columns, rows)
