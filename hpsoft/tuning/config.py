"""What the user asked of a search, as given; nothing is read or checked yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hpsoft.study.storage.location import Location

DEFAULT_TRIALS = 256  # of samplers other than grid, where neither number nor time is given
DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class SearchConfig:
    """Options of `hpsoft search` that are not about where the data lies."""

    optimizer: str = "sgd"
    sampler: str = "grid"
    sampler_options: Mapping[str, Any] = field(default_factory=dict)
    pruner: str = "none"
    pruner_options: Mapping[str, Any] = field(default_factory=dict)
    trials: int | None = None  # in the study at the end; None: DEFAULT_TRIALS, or all of a grid
    timeout: float | None = None  # seconds
    wave: int | None = None  # points asked for at a time; None: by the number of trials
    preset: str | None = None
    space_file: Path | None = None
    # Values, or a range, of some hyperparameters, over all other sources of the space.
    space: Mapping[str, object] = field(default_factory=dict)
    single: bool = False  # what the space does not name has one value that fits the data
    study: str | None = None  # None: named after data, optimizer and sampler
    storage: str | Location | None = None  # None: $OPTUNA_STORAGE, then ./hpsoft.journal
    cv: str = "auto"  # folds, none, or auto: folds where one validation part would be small
    # None: VAL_FRACTION where one part is held out, or the validation part that the data has.
    val_fraction: float | None = None
    metric: str = "cross-entropy"  # by which the winner is chosen; as softmax.metric calls it
    seed: int = 0
    dtype: str = "float32"
    jobs: int | None = None  # None: every core this process may use
    extend: bool = False  # begin with the space of the study that is there
    refine: bool = False  # the same; both grow the study's grid

    @property
    def grows(self) -> bool:
        """Whether the grid of a study that is there is to grow."""
        return self.extend or self.refine
