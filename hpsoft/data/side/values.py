"""What readers hand on: the raw values of one side column, of each part."""

from collections.abc import Callable
from dataclasses import dataclass

from hpsoft.softmax.probabilities import Array


@dataclass(frozen=True)
class SideValues:
    """One column beside features and labels, as it was stored."""

    name: str  # of the column or the array
    train: Array  # (n,), numbers, strings or dates; all rows where the data are not divided
    val: Array | None = None
    test: Array | None = None
    number: Callable[[str], float] = float  # reads text as the number it stands for there
