"""By what trials are told apart: one validation part, or K folds where that part would be small.

The cost on a few dozen samples is noise: the best of thousands of trials by such a cost is the
luckiest. The mean over the folds of a stratified K-fold cross-validation uses every sample. Where
samples have a time, one later part is the rule, and folds are what was asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hpsoft.data import Split, TrainingData, folds, split
from hpsoft.data.parts.callers import given_folds, given_share
from hpsoft.data.side.roles import FOLDS as GIVEN_FOLDS
from hpsoft.data.side.roles import GROUPS, TIME
from hpsoft.data.splitting import VAL_FRACTION, groups_held
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
    by_time: bool = False  # a later part, or folds that are trained on all before them
    # Folds that the caller has made; `fraction` is then what they hold out of what they use.
    by_caller: bool = False

    def splits(self, data: TrainingData, seed: int) -> Iterator[Split]:
        """Yield the parts to train on and to choose by.

        Raises:
            DataError: the data cannot be divided so.
        """
        if self.by_caller:
            yield from given_folds(data)
        elif self.folds is None:
            yield split(data, self.fraction, seed)
        else:
            yield from folds(data, self.folds, self.repeats, seed)

    @property
    def is_given(self) -> bool:
        """Whether it is the validation part that the data has."""
        return self.fraction is None and self.folds is None

    @property
    def anew(self) -> "Validation":
        """What repetitions divide by: as this, but folds of its own where this is one division."""
        if self.by_caller and self.folds == 1:
            return Validation(self.fraction, by_time=self.by_time)
        if self.by_caller:
            return Validation(None, self.folds, by_time=self.by_time)
        if self.by_time and self.folds is None:
            return Validation(None, FOLDS, by_time=True)
        return self

    def of_pooled(self, data: TrainingData) -> "Validation":
        """Return what divides training and validation part anew, into parts of these sizes."""
        if not self.is_given:
            return self
        assert data.validation is not None, "it is the one that is given"
        return replace(self, fraction=len(data.validation) / len(data))

    @property
    def overlap(self) -> float:
        """Samples that are held out over those that are trained on, in the mean of all times.

        Whole groups count by their samples. 0 for a part that is given: nobody knows what it was
        drawn from.
        """
        if self.by_caller:
            assert self.fraction is not None, "it is counted"
            return self.fraction / (1 - self.fraction)
        if self.folds is not None:
            # By time, K windows of n / (K + 1) samples are trained on 1, 2, ..., K of these.
            return 2 / (self.folds + 1) if self.by_time else 1 / (self.folds - 1)
        if self.fraction is None:
            return 0.0
        return self.fraction / (1 - self.fraction)

    @property
    def text(self) -> str:
        """What it is, in words."""
        if self.is_given:
            return "the validation part of the data"
        if self.by_caller:
            return (
                "a validation part as given" if self.folds == 1 else f"{self.folds} folds as given"
            )
        if self.folds is None:
            assert self.fraction is not None, "the part that is given has a text of its own"
            return f"a {'later ' * self.by_time}validation part of {100 * self.fraction:.4g} %"
        if self.by_time:
            return f"{self.folds} folds, each later than all that is trained on"
        text = f"{self.folds}-fold cross-validation"
        return text if self.repeats == 1 else f"{text}, repeated {self.repeats} times"


def choose_validation(
    cv: str, val_fraction: float | None, data: TrainingData, *, is_reference: bool
) -> Validation:
    """Return what `--cv` and `--val-fraction` mean for some data.

    Raises:
        SpaceError: they make no sense, alone or together.
    """
    by_time = TIME in data.samples.side
    if GIVEN_FOLDS in data.samples.side:
        n_folds, share = given_share(data.samples)
        return Validation(share, n_folds, by_time=by_time, by_caller=True)
    if cv not in {AUTO, NONE}:
        if val_fraction is not None:
            raise SpaceError(
                "--val-fraction holds one part out, --cv K all of K folds: leave out one of the two."
            )
        return _by_folds(*_counts(cv), by_time=by_time)
    if data.validation is not None and val_fraction is None:  # `split` refuses a fraction
        return Validation(None, by_time=by_time)
    n_samples, n_folds = len(data.samples), _usual_folds(data)
    one_part = by_time or n_samples > LARGEST or n_folds < 2
    if one_part or cv == NONE or val_fraction is not None or is_reference:
        fraction = VAL_FRACTION if val_fraction is None else val_fraction
        return Validation(fraction, by_time=by_time)
    return Validation(None, n_folds, REPEATS if n_samples < SMALLEST else 1)


def _by_folds(folds: int, repeats: int, *, by_time: bool) -> Validation:
    if by_time and repeats > 1:
        raise SpaceError(
            f"--time divides samples in one way only, so folds cannot be repeated: --cv {folds}."
        )
    return Validation(None, folds, repeats, by_time)


def _usual_folds(data: TrainingData) -> int:
    """Return the usual number of folds, or as many as there are groups to hold out."""
    if GROUPS not in data.samples.side:
        return FOLDS
    return min(FOLDS, groups_held(data.samples, data.classes))


def _counts(text: str) -> tuple[int, int]:
    """Return folds and repetitions of `5` or `5x3`."""
    counts = re.fullmatch(r"(\d{1,9})(?:x(\d{1,9}))?", text.strip())
    if counts is None or not int(counts[2] or 1):
        raise SpaceError(
            "--cv takes a number of folds, such as 5, or 5x3 for three repetitions of them, or "
            f"{AUTO} or {NONE}, not {text!r}."
        )
    return int(counts[1]), int(counts[2] or 1)
