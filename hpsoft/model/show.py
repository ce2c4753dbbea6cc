"""What the file of a model says: classes, features, where it came from, its test."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hpsoft.data.encoding.encoding import Column
from hpsoft.model.files import TrainedModel, load
from hpsoft.model.strengths import strengths_of
from hpsoft.softmax.l2 import Strength


@dataclass(frozen=True, eq=False)
class Shown:
    """A model and what is known of it; None: an older file does not say."""

    path: str
    model: TrainedModel
    n_features: int  # of X
    columns: tuple[Column, ...]  # of a table, as it takes them
    strengths: tuple[Strength, ...]  # of L2, in everybody's units; none: no alpha, or no samples

    @property
    def about(self) -> Mapping[str, Any]:
        """The metadata of the file."""
        return self.model.metadata


def show_model(path: Path) -> Shown:
    """Read what a model says.

    Raises:
        HpsoftError: the file is missing, or is no model of hpsoft.
    """
    model = load(path)
    encoding = model.encoding
    return Shown(
        str(path),
        model,
        model.n_features,
        () if encoding is None else encoding.columns,
        strengths_of(model),
    )
