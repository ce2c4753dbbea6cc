"""By what trials are told apart: one validation part, or K folds where that part would be small.

The cost on a few dozen samples is noise: the best of thousands of trials by such a cost is the
luckiest. The mean over the folds of a stratified K-fold cross-validation uses every sample.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hpsoft.data import Split, TrainingData, folds, split
from hpsoft.data.splitting import VAL_FRACTION
from hpsoft.errors import SpaceError

AUTO, NONE = "auto", "none"
LARGEST = 5_000  # samples; of more, one part is large enough: a thousand samples
SMALLEST = 200  # samples; of fewer, folds are repeated
FOLDS, REPEATS = 5, 2


@dataclass(frozen=True)
class Validation:
    """One part of the training data held out, or all of them in turn."""

    fraction: float | None = VAL_FRACTION  # None: folds, or the part that the data has
    folds: int | None = None
    repeats: int = 1  # of all folds, divided otherwise each time

    def splits(self, data: TrainingData, seed: int) -> Iterator[Split]:
        """Yield the parts to train on and to choose by.

        Raises:
            DataError: the data cannot be divided so.
        """
        if self.folds is None:
            yield split(data, self.fraction, seed)
        else:
            yield from folds(data, self.folds, self.repeats, seed)

    @property
    def is_given(self) -> bool:
        """Whether it is the validation part that the data has."""
        return self.fraction is None and self.folds is None

    def of_pooled(self, data: TrainingData) -> "Validation":
        """Return what divides training and validation part anew, into parts of these sizes."""
        if not self.is_given:
            return self
        assert data.validation is not None, "it is the one that is given"
        return Validation(len(data.validation) / len(data))

    @property
    def overlap(self) -> float:
        """Samples that are held out over those that are trained on, each time.

        0 for a part that is given: nobody knows what it was drawn from.
        """
        if self.folds is not None:
            return 1 / (self.folds - 1)
        if self.fraction is None:
            return 0.0
        return self.fraction / (1 - self.fraction)

    @property
    def text(self) -> str:
        """What it is, in words."""
        if self.is_given:
            return "the validation part of the data"
        if self.folds is None:
            assert self.fraction is not None, "the part that is given has a text of its own"
            return f"a validation part of {100 * self.fraction:.4g} %"
        text = f"{self.folds}-fold cross-validation"
        return text if self.repeats == 1 else f"{text}, repeated {self.repeats} times"


def choose_validation(
    cv: str, val_fraction: float | None, data: TrainingData, *, is_reference: bool
) -> Validation:
    """Return what `--cv` and `--val-fraction` mean for some data.

    Raises:
        SpaceError: they make no sense, alone or together.
    """
    if cv not in {AUTO, NONE}:
        if val_fraction is not None:
            raise SpaceError(
                "--val-fraction holds one part out, --cv K all of K folds: leave out one of the two."
            )
        return Validation(None, *_counts(cv))
    if data.validation is not None and val_fraction is None:  # `split` refuses a fraction
        return Validation(None)
    n_samples = len(data.samples)
    if cv == NONE or val_fraction is not None or is_reference or n_samples > LARGEST:
        return Validation(VAL_FRACTION if val_fraction is None else val_fraction)
    return Validation(None, FOLDS, REPEATS if n_samples < SMALLEST else 1)


def _counts(text: str) -> tuple[int, int]:
    """Return folds and repetitions of `5` or `5x3`."""
    counts = re.fullmatch(r"(\d{1,9})(?:x(\d{1,9}))?", text.strip())
    if counts is None or not int(counts[2] or 1):
        raise SpaceError(
            "--cv takes a number of folds, such as 5, or 5x3 for three repetitions of them, or "
            f"{AUTO} or {NONE}, not {text!r}."
        )
    return int(counts[1]), int(counts[2] or 1)
