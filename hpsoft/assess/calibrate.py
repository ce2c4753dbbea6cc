"""Probabilities as sure as they should be: one temperature, fitted to samples that were held out.

The final model has seen training and validation data, so neither can tell how sure it should be.
Models of the same hyperparameters are trained on the parts that the study trained on, and their
logits on the parts that it chose by, all folds together, give the temperature of the final one.
"""

from collections.abc import Generator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from hpsoft.data import Split, TrainingData
from hpsoft.engine.points import Training
from hpsoft.errors import StudyError
from hpsoft.model.calibration import BINS, Calibration, calibration, fit_temperature
from hpsoft.model.files import TrainedModel
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.softmax.probabilities import Array
from hpsoft.study.identity import Identity
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.setting.setup import filled_in
from hpsoft.tuning.setting.single import single_setup, train_single
from hpsoft.tuning.setting.views import Look


@dataclass(frozen=True)
class Compared:
    """What probabilities are worth, without and with the temperature."""

    before: Calibration
    after: Calibration


@dataclass(frozen=True)
class Calibrated:
    """A temperature, and what it does."""

    temperature: float
    n_parts: int  # parts that were held out, each from a model of its own
    validation: Compared  # on these, to which the temperature was fitted
    test: Compared

    def to_json(self) -> dict[str, Any]:
        """Return it in JSON's types."""
        return {**asdict(self), "bins": BINS}


@dataclass(frozen=True)
class HeldOut:
    """Logits of samples that their model was not trained on."""

    logits: Array  # (n, n_classes)
    labels: Array  # (n,)
    weight: Array | None
    n_parts: int

    @property
    def temperature(self) -> float:
        """The temperature that fits them."""
        return fit_temperature(self.logits, self.labels, self.weight)

    def compared(self, temperature: float) -> Compared:
        """Return what a temperature does to them."""
        at_1, at_t = (
            calibration(self.logits, self.labels, T, self.weight) for T in (1.0, temperature)
        )
        return Compared(at_1, at_t)


def held_out(
    optimizer: Optimizer, identity: Identity, chosen: TrialRecord, data: TrainingData, look: Look
) -> Generator[Training, None, HeldOut]:
    """Train the point on each part that the study trained on; return the logits on the others.

    Raises:
        StudyError: a model diverges.
    """
    parts = []
    for parted in identity.validation.splits(data, identity.seed):
        split = filled_in(parted)
        logits = yield from _logits(optimizer, identity, chosen, split, look)
        parts.append((logits, split.validation.labels, split.validation.weight))
    weights = [weight for _, _, weight in parts if weight is not None]
    return HeldOut(
        np.concatenate([logits for logits, _, _ in parts]),
        np.concatenate([labels for _, labels, _ in parts]),
        np.concatenate(weights) if weights else None,
        len(parts),
    )


def _logits(
    optimizer: Optimizer, identity: Identity, chosen: TrialRecord, split: Split, look: Look
) -> Generator[Training, None, Array]:
    """Return logits (n, n_classes) of the validation part, trained on the other."""
    setup, scaler = single_setup(
        optimizer,
        look.of(split.train),
        n_classes=len(split.classes),
        scale=look.scale,
        dtype=identity.dtype,
        seed=identity.seed,
    )
    model = yield from train_single(setup, chosen.params)
    if not model.sound:
        raise StudyError(
            f"Trial {chosen.number} diverges on the part that the study trained on, so --calibrate "
            "has no logits to fit to. Choose another one with --trial, or leave --calibrate out."
        )
    kept = TrainedModel(
        model.weights, model.bias, **scaler.arrays(), metadata={"scale": look.scale}
    )
    return kept.logits(np.asarray(look.of(split.validation).X))
