"""The same data again, divided otherwise: as the study divided it, by other seeds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hpsoft.data import TrainingData
from hpsoft.engine.train import Setting
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.search.setting import make_setting
from hpsoft.search.validation import Validation


def repetitions(
    about: Mapping[str, Any],
    optimizer: Optimizer,
    data: TrainingData,
    validation: Validation,
    seeds: Sequence[int],
) -> Iterator[Setting]:
    """Yield a setting a seed, made when it is asked for: each holds copies of the data.

    Raises:
        DataError: the data cannot be divided so.
    """
    for seed in seeds:
        yield make_setting(
            optimizer,
            validation.splits(data, seed),
            scale=about["scale"],
            dtype=about["dtype"],
            seed=seed,
        )
