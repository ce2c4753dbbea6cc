"""Points trained again on the data divided otherwise: as the study divided it, by other seeds.

Each repetition has parts and an order of samples of its own, the same for all points; beside them
stand the exact optima of some of their costs.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hpsoft.assess.optima import NEWTON, Cost, newton_points
from hpsoft.data import TrainingData
from hpsoft.data.validation import Validation
from hpsoft.engine.points import Progress, Validated, validate
from hpsoft.engine.setup import TrainingSetup
from hpsoft.optimizers.categories import Choice, Key
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.softmax.metric import Metric
from hpsoft.study.identity import Identity
from hpsoft.tuning.setting.setup import make_setup
from hpsoft.tuning.setting.views import Look

SPLITS, REPEATS = 5, 3  # repetitions where nothing is said: of one part held out, of all folds

Points = Sequence[Mapping[str, Choice]]


def usual_repetitions(folds: int | None) -> int:
    """Return how often data are divided anew where nobody says: into folds, or into two parts."""
    return SPLITS if folds is None else REPEATS


@dataclass(frozen=True)
class Repetitions:
    """On what points are trained again."""

    identity: Identity  # of the study
    optimizer: Optimizer
    data: TrainingData
    validation: Validation
    seeds: Sequence[int]  # one a repetition; the study's own is none of them
    jobs: int
    looks: Mapping[Key, Look] = field(default_factory=dict)  # what the points see of the data

    def settings(self) -> Iterator[TrainingSetup]:
        """Yield a setting a seed, made when it is asked for: each holds copies of the data.

        Raises:
            DataError: the data cannot be divided so.
        """
        pooled = self.data.pooled()
        for seed in self.seeds:
            yield make_setup(
                self.optimizer,
                self.validation.splits(pooled, seed),
                scale=self.identity.scale,
                dtype=self.identity.dtype,
                seed=seed,
                looks=self.looks,
                curves=True,
            )


@dataclass(frozen=True)
class Repeated:
    """Validation losses on all parts of all repetitions, by the study's metric."""

    losses: NDArray[np.float64]  # (n_points, n_parts); infinite where a model diverged
    scores: list[dict[str, float]]  # of each point every metric by name, mean over repetitions
    optima: NDArray[np.float64]  # (n_costs, n_parts); infinite where Newton did not converge


def repeat(
    how: Repetitions, points: Points, minimised: Sequence[Cost] = ()
) -> Generator[Progress, None, Repeated]:
    """Train the points, and find the exact optima of some costs, in every repetition.

    Raises:
        HpsoftError: the data cannot be divided so, or a worker process died.
    """
    settings = how.settings()
    trained, optima = [], []
    for i in range(1, len(how.seeds) + 1):
        what = f"repetition {i} of {len(how.seeds)}"
        # No name here for the setting: it would live on beside the next one.
        both = yield from _repetition(what, next(settings), points, minimised, how.jobs)
        trained.append(both[0])
        optima.append(both[1])
    metric, are_same = how.identity.chosen_by, how.validation.by_time
    losses, best = (_losses(those, metric, are_same=are_same) for those in (trained, optima))
    return Repeated(losses, _means(trained), best)


def _repetition(
    what: str, setting: TrainingSetup, points: Points, minimised: Sequence[Cost], jobs: int
) -> Generator[Progress, None, tuple[list[Validated], list[Validated]]]:
    trained = yield from validate(what, setting, points, jobs)
    if not minimised:
        return trained, []
    exact = replace(setting, optimizer=load_optimizer(NEWTON), curves=False)
    what = f"{what}, exact optima"
    optima = yield from validate(what, exact, newton_points(minimised), jobs)
    return trained, [_if_converged(scores) for scores in optima]


def _if_converged(scores: Validated) -> Validated:
    if scores.converged:
        return scores
    diverged = {name: tuple(np.nan for _ in folds) for name, folds in scores.folds.items()}
    return replace(scores, folds=diverged)


def _losses(
    repetitions: Sequence[Sequence[Validated]], metric: Metric, *, are_same: bool
) -> NDArray[np.float64]:
    """Return the losses on all parts side by side, infinite where a model diverged.

    Where all repetitions have the same parts, the loss on a part is the mean over them: the same
    samples held out again are no further sample of what may be held out.
    """
    parts = [np.array([s.folds[metric.name] for s in repetition]) for repetition in repetitions]
    losses = metric.loss(np.mean(parts, axis=0) if are_same else np.hstack(parts))
    return np.where(np.isfinite(losses), losses, np.inf)


def _means(repetitions: Sequence[Sequence[Validated]]) -> list[dict[str, float]]:
    """Return the metrics of every point, means over the repetitions."""
    of_points = zip(*repetitions, strict=True)
    return [
        {name: float(np.mean([r.scores[name] for r in point])) for name in point[0].scores}
        for point in of_points
    ]
