"""Named search spaces."""

import math
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hpsoft.report.text.console import say
from hpsoft.report.text.format import exact, number
from hpsoft.space.presets import Preset


def presets_document(presets: Sequence[Preset]) -> dict[str, Any]:
    """Return the JSON document of presets."""
    return {"presets": [{**vars(preset), "n_trials": _n_trials(preset)} for preset in presets]}


def draw_presets(console: Console, presets: Sequence[Preset]) -> None:
    """Print each preset with its values, as a --space file has them."""
    for i, preset in enumerate(presets):
        if i:
            console.print()
        say(console, f"{preset.name}: {preset.description}")
        for name, values in {**preset.space, **preset.beside}.items():
            where = "  where there is one" * (name in preset.beside)
            say(console, f"  {name} = [{', '.join(map(exact, values))}]{where}")
        if preset.C:
            low, high = (number(value) for value in (preset.C[0], preset.C[-1]))
            say(console, f"  C = {len(preset.C)} values from {low} to {high}; alpha is 1 / (C n)")
        if preset.source:
            say(console, f"  made for --optimizer {preset.made_for}")
            say(console, f"  source: {preset.source}")


def _n_trials(preset: Preset) -> int:
    return math.prod(len(values) for values in preset.space.values()) * max(1, len(preset.C))
