"""A grid that grows outwards: values are added to a study's space, and only the new points run.

In a journal file a trial keeps what it was stored with, the grid of its day and its id there; in a
larger grid it is found by its point. In a database growth.py rewrites it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from hpsoft.errors import SpaceError, StudyError
from hpsoft.optimizers.categories import Choice
from hpsoft.optimizers.protocol import Value
from hpsoft.space.grid import Grid
from hpsoft.space.points import points_of
from hpsoft.study.growth import check_growth
from hpsoft.study.identity import GRID, space_of
from hpsoft.study.leaderboard import competitors
from hpsoft.study.records import TrialRecord
from hpsoft.study.storage.location import locate
from hpsoft.study.study import Study, find_study
from hpsoft.tuning.edges import edges
from hpsoft.tuning.prepared import Prepared

Space: TypeAlias = Mapping[str, tuple[Choice, ...]]
Ranking: TypeAlias = list[TrialRecord]


@dataclass(frozen=True)
class Extended:
    """The search of a larger grid."""

    prepared: Prepared
    winner: TrialRecord | None  # before it grew; None where it does not
    remark: str | None = None


@dataclass(frozen=True)
class Growth:
    """A way for a grid to grow."""

    option: str  # that asks for it
    does: str  # "looks beyond its edges"
    nothing: str  # said where it adds nothing
    values: Callable[[Prepared, Space, Ranking], Mapping[str, Sequence[Value]]]  # that it adds


def extend(prepared: Prepared) -> Extended:
    """Return the search of a study's grid with the values beyond the winner's edges.

    A grid that is not finished is only finished: so the same command continues after a kill.

    Raises:
        StudyError: there is no such study, no winner, or it was not searched as a grid.
    """
    return grow(prepared, OUTWARDS)


def grow(prepared: Prepared, how: Growth) -> Extended:
    """Return the search of a study's grid with the values of a way to grow; see `extend`."""
    config, study = prepared.config, prepared.study
    if config.space or config.space_file or config.preset:
        raise SpaceError(
            f"{how.option} begins with the study's own space: leave --set, --space, --preset."
        )
    kept = find_study(config.storage, study)
    identity = kept.description.identity
    grid = points_of(identity.space)
    if {prepared.identity.sampler, identity.sampler} != {GRID} or not isinstance(grid, Grid):
        raise StudyError(
            f"{how.option} adds points to a grid; a sampler's space has no edges to move."
        )
    check_growth(locate(config.storage), study)
    n_finished = len(competitors(kept.trials))
    if n_finished < grid.size:
        remark = (
            f"The grid of study {study!r} is not finished: {n_finished:,} of {grid.size:,} "
            f"points. It is finished now; {how.option} after that {how.does}."
        )
        return Extended(with_space(prepared, grid.space), _winner_before(kept), remark)
    if not kept.ranking:
        raise StudyError(f"Study {study!r} has no winner yet, so there is no edge.")
    larger = add(grid.space, how.values(prepared, grid.space, kept.ranking))
    if larger == grid.space:
        return Extended(with_space(prepared, grid.space), None, how.nothing)
    return Extended(with_space(prepared, larger), kept.ranking[0])


def beyond(prepared: Prepared, space: Space, ranking: Ranking) -> dict[str, list[Value]]:
    """Return the values beyond the edges on which the winner lies."""
    n_samples = prepared.setting.n_samples
    overlap = prepared.identity.validation.overlap
    found = edges(ranking, space, prepared.optimizer.hyperparameters, n_samples, overlap)
    return {edge.name: [edge.suggestion] for edge in found}


OUTWARDS = Growth(
    "--extend",
    "looks beyond its edges",
    "The winner lies on no edge of the grid, or going beyond cannot matter (the next value "
    "inwards does as well, or the cost is next to nothing): nothing is added.",
    beyond,
)


def add(space: Space, values: Mapping[str, Sequence[Value]]) -> dict[str, tuple[Choice, ...]]:
    """Return a space with some values more."""
    return {**space} | {
        name: tuple(sorted({*space[name], *added})) for name, added in values.items()
    }


def _winner_before(study: Study) -> TrialRecord | None:
    """Return the winner of the grid before an extension that was interrupted; None without one."""
    grown_from = study.description.grown_from
    if not grown_from:
        return None
    space = space_of(grown_from[-1])
    inside = (
        trial
        for trial in study.ranking
        if all(value in space[name] for name, value in trial.params.items())  # type: ignore[operator]
    )
    return next(inside, None)


def with_space(prepared: Prepared, space: Space) -> Prepared:
    """Return the search of another grid of the same data."""
    identity = replace(prepared.identity, space=space)
    return replace(prepared, identity=identity, grid=points_of(space))
