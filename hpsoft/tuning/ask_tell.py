"""Optuna's sampler and pruner at work, in memory: which points next, which to end.

They see a listed number as its place in the ascending list, an integer: so they know that 1e-7
lies between 1e-8 and 1e-6, which a category would not tell. Words are categories. Points that are
finished are never asked for again: a repetition is answered at once from what is known, so that
the sampler learns from it, and another point is asked for instead.
"""

import math
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, IntDistribution
from optuna.trial import TrialState, create_trial

from hpsoft.errors import SpaceError
from hpsoft.optimizers.categories import Choice
from hpsoft.softmax.metric import CROSS_ENTROPY, Direction, Metric
from hpsoft.space.points import Points
from hpsoft.space.ranges import Candidates, Range
from hpsoft.study.frozen_trial import distribution_of
from hpsoft.study.records import TrialRecord

ASKS_A_POINT = 1000  # repetitions in a row after which nothing new is expected
ASKS_MORE = (
    20  # after which a wave goes without more, where results teach the sampler other points
)
REHEARSED = 12  # points: samplers draw the first ten at random by default


class _Study(optuna.Study):
    """A study that its sampler may stop: Optuna allows that in `optimize` alone."""

    stopped = False

    def stop(self) -> None:
        """Notice that the sampler knows no more points."""
        self.stopped = True


class AskTell:
    """A study in memory that mirrors the stored one."""

    def __init__(
        self,
        grid: Points,
        sampler: optuna.samplers.BaseSampler,
        pruner: optuna.pruners.BasePruner,
        finished: Iterable[TrialRecord] = (),
        direction: Direction = "minimize",
    ) -> None:
        """Take what is finished already, and which way is better."""
        self._grid = grid
        self._distributions = {name: _distribution(grid.space[name]) for name in grid.names}
        self._known: dict[int, TrialRecord] = {}
        self._asked: dict[int, optuna.Trial] = {}
        # Samplers that draw words independently (cmaes) would warn of each in every trial.
        words = any(map(_are_words, grid.space.values()))
        level = optuna.logging.ERROR if words else optuna.logging.WARNING
        optuna.logging.set_verbosity(level)
        storage = optuna.storages.InMemoryStorage()
        # Hyperband deals trials to its brackets by the study's name, which is random by default.
        optuna.create_study(study_name="ask_tell", storage=storage, direction=direction)
        self._study = _Study("ask_tell", storage, sampler, pruner)
        for record in sorted(finished, key=lambda record: record.number or 0):
            self._known[record.grid_id] = record
            self._study.add_trial(self._frozen(record))

    @property
    def n_known(self) -> int:
        """How many points have ended."""
        return len(self._known)

    def ask(self, n: int, patience: int = ASKS_MORE) -> list[int]:
        """Return at most `n` grid ids that are not known, fewer when the sampler repeats itself.

        A wave that has a point ends after `patience` repetitions in a row.

        Where no more than `n` are left, they are taken as they come: a sampler that has seen
        nearly all of a small grid repeats itself.

        Raises:
            SpaceError: the sampler fails.
        """
        left = self._left()
        if left is not None and left <= n:
            return self._rest()
        wave: list[int] = []
        repetitions = 0
        while len(wave) < n and not self._study.stopped:
            if repetitions >= (patience if wave else ASKS_A_POINT):
                break
            trial = self._asked_trial()
            grid_id = self._id(trial.params)
            if grid_id in self._known:
                self._answer(trial, self._known[grid_id])
                repetitions += 1
            elif grid_id in self._asked:
                self._end(trial, None, TrialState.FAIL)  # its twin is in training
                repetitions += 1
            else:
                self._asked[grid_id] = trial
                wave.append(grid_id)
                repetitions = 0
        return wave

    def _left(self) -> int | None:
        size = self._grid.size
        return None if size is None else size - len(self._known) - len(self._asked)

    def _rest(self) -> list[int]:
        taken = self._known.keys() | self._asked.keys()
        rest = [i for i in range(self._grid.size or 0) if i not in taken]
        for grid_id in rest:
            self.want(grid_id)
        return rest

    def want(self, grid_id: int) -> None:
        """Ask for a given point."""
        self._study.enqueue_trial(self._places(self._grid.params(grid_id)))
        self._asked[grid_id] = self._asked_trial()

    def _asked_trial(self) -> optuna.Trial:
        with _failures_told(self._study.sampler, "sampler"), warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            return self._study.ask(dict(self._distributions))

    def report(self, grid_id: int, cost: float, horizon: int) -> bool:
        """Take a cost on the way of a trial; return whether the pruner wants to end it.

        Raises:
            SpaceError: the pruner fails.
        """
        trial = self._asked[grid_id]
        trial.report(cost, horizon)
        with _failures_told(self._study.pruner, "pruner"):
            return trial.should_prune()

    def tell(self, record: TrialRecord) -> None:
        """Take the end of a trial that was asked for."""
        self._known[record.grid_id] = record
        self._answer(self._asked.pop(record.grid_id), record)

    def _answer(self, trial: optuna.Trial, record: TrialRecord) -> None:
        for horizon, cost in sorted(record.intermediate.items()):
            if math.isfinite(cost):
                with warnings.catch_warnings():  # the pruner has seen some of them
                    warnings.simplefilter("ignore")
                    trial.report(cost, horizon)
        self._end(trial, record.value, _state(record))

    def _end(self, trial: optuna.Trial, value: float | None, state: TrialState) -> None:
        with _failures_told(self._study.sampler, "sampler"):
            self._study.tell(trial, value, state)

    def _id(self, places: Mapping[str, Choice]) -> int:
        space = self._grid.space
        return self._grid.grid_id({n: _at(space[n], place) for n, place in places.items()})

    def _places(self, params: Mapping[str, Choice]) -> dict[str, Choice]:
        space = self._grid.space
        return {name: _place(space[name], value) for name, value in params.items()}

    def _frozen(self, record: TrialRecord) -> optuna.trial.FrozenTrial:
        return create_trial(
            state=_state(record),
            value=record.value,
            params=self._places(record.params),
            distributions=dict(self._distributions),
            intermediate_values=dict(record.intermediate),
        )


def rehearse(
    grid: Points,
    sampler: optuna.samplers.BaseSampler,
    pruner: optuna.pruners.BasePruner,
    rungs: Iterable[int],
    metric: Metric = CROSS_ENTROPY,
) -> None:
    """Go through some trials with made-up values.

    Raises:
        SpaceError: the sampler or the pruner fails.
    """
    ask_tell = AskTell(grid, sampler, pruner, direction=metric.direction)
    for place in range(REHEARSED):
        value = 1 - place / REHEARSED if metric.maximized else 1.0 + place
        for grid_id in ask_tell.ask(1):
            for rung in rungs:
                ask_tell.report(grid_id, value, rung)
            ask_tell.tell(TrialRecord(grid.params(grid_id), grid_id, value))


@contextmanager
def _failures_told(culprit: object, what: str) -> Iterator[None]:
    """Turn what a sampler or pruner raises into an error that names it."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise SpaceError(
            f"The {what} {type(culprit).__name__} failed: {type(error).__name__}: {error}. "
            f"Check its options, --{what}-option, and whether it takes this space, or choose "
            f"another --{what}. Trials that were finished are stored."
        ) from error


def _distribution(candidates: Candidates) -> BaseDistribution:
    if isinstance(candidates, Range):
        return distribution_of(candidates)
    if _are_words(candidates):
        return CategoricalDistribution(candidates)
    return IntDistribution(0, len(candidates) - 1)


def _are_words(candidates: Candidates) -> bool:
    return not isinstance(candidates, Range) and isinstance(candidates[0], str)


def _place(candidates: Candidates, value: Choice) -> Choice:
    if isinstance(candidates, Range) or _are_words(candidates):
        return value
    return candidates.index(value)


def _at(candidates: Candidates, place: Choice) -> Choice:
    if isinstance(candidates, Range) or _are_words(candidates):
        return place
    return candidates[int(place)]


def _state(record: TrialRecord) -> TrialState:
    if record.pruned:
        return TrialState.PRUNED
    return TrialState.COMPLETE if record.value is not None else TrialState.FAIL
