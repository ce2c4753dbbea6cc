"""Named search spaces. A preset is a constant; `presets()` lists them."""

from dataclasses import dataclass

from hpsoft.errors import SpaceError, unknown
from hpsoft.optimizers.protocol import Space


@dataclass(frozen=True)
class Preset:
    """A search space with a name."""

    name: str
    description: str
    space: Space


_BATCH_SIZES = (8, 16, 32, 64, 128, 256, 512, 1024)

_PRESETS = (
    Preset(
        "fashion-mnist",
        "The reference's grid, sgd on raw pixels 0..255: 8 values each, 4096 trials.",
        {
            "epochs": (5, 10, 15, 20, 25, 30, 35, 40),
            "batch_size": _BATCH_SIZES,
            "learning_rate": (1e-8, 2e-8, 5e-8, 1e-7, 2e-7, 5e-7, 1e-6, 2e-6),
            "alpha": (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3, 1e4),
        },
    ),
    Preset(
        "fashion-mnist-unit",
        "About the same models, sgd on pixels scaled to 0..1 (--scale unit): 4096 trials.",
        {  # learning rates times 255^2, strengths over 255^2
            "epochs": (5, 10, 15, 20, 25, 30, 35, 40),
            "batch_size": _BATCH_SIZES,
            "learning_rate": (5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 1e-1),
            "alpha": (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1),
        },
    ),
    Preset(
        "fashion-mnist-small",
        "A first look, sgd on raw pixels 0..255: 81 trials around the best of the full grid.",
        {
            "epochs": (5, 10, 20),
            "batch_size": (32, 128, 512),
            "learning_rate": (1e-7, 2e-7, 5e-7),
            "alpha": (1.0, 1e1, 1e2),
        },
    ),
)


def presets() -> tuple[Preset, ...]:
    """Return every named search space."""
    return _PRESETS


def preset_space(name: str) -> Space:
    """Return the space of a preset.

    Raises:
        SpaceError: no preset has that name.
    """
    by_name = {preset.name: preset.space for preset in _PRESETS}
    if name not in by_name:
        raise SpaceError(unknown("preset", name, by_name))
    return by_name[name]
