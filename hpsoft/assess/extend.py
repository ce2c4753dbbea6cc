"""A grid that grows: values are added to a study's space, and only the new points are run.

In a journal file a trial keeps what it was stored with, the grid of its day and its id there; in a
larger grid it is found by its point. In a database growth.py rewrites it.
"""

from dataclasses import dataclass, replace

from hpsoft.errors import SpaceError, StudyError
from hpsoft.optimizers.categories import Choice
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


@dataclass(frozen=True)
class Extended:
    """The search of a larger grid."""

    prepared: Prepared
    winner: TrialRecord | None  # before it grew; None where it does not
    remark: str | None = None


def extend(prepared: Prepared) -> Extended:
    """Return the search of a study's grid with the values beyond the winner's edges.

    A grid that is not finished is only finished: so the same command continues after a kill.

    Raises:
        StudyError: there is no such study, no winner, or it was not searched as a grid.
    """
    config, study = prepared.config, prepared.study
    if config.space or config.space_file or config.preset:
        raise SpaceError(
            "--extend begins with the study's own space: leave --set, --space, --preset."
        )
    kept = find_study(config.storage, study)
    identity = kept.description.identity
    grid = points_of(identity.space)
    if {prepared.identity.sampler, identity.sampler} != {GRID} or not isinstance(grid, Grid):
        raise StudyError("--extend adds points to a grid; a sampler's space has no edges to move.")
    check_growth(locate(config.storage), study)
    space = dict(grid.space)
    n_finished = len(competitors(kept.trials))
    if n_finished < grid.size:
        remark = (
            f"The grid of study {study!r} is not finished: {n_finished:,} of {grid.size:,} "
            "points. It is finished now; --extend after that looks beyond its edges."
        )
        return Extended(_of(prepared, space), _winner_before(kept), remark)
    wider = _widened(prepared, space, kept.ranking)
    if wider == space:
        remark = (
            "The winner lies on no edge of the grid, or going beyond cannot matter (the next value "
            "inwards does as well, or the cost is next to nothing): nothing is added."
        )
        return Extended(_of(prepared, space), None, remark)
    return Extended(_of(prepared, wider), kept.ranking[0])


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


def _widened(
    prepared: Prepared, space: dict[str, tuple[Choice, ...]], ranking: list[TrialRecord]
) -> dict[str, tuple[Choice, ...]]:
    if not ranking:
        raise StudyError(f"Study {prepared.study!r} has no winner yet, so there is no edge.")
    n_samples = prepared.setting.n_samples
    overlap = prepared.identity.validation.overlap
    found = edges(ranking, space, prepared.optimizer.hyperparameters, n_samples, overlap)
    added = {edge.name: edge.suggestion for edge in found}
    return space | {name: tuple(sorted({*space[name], value})) for name, value in added.items()}


def _of(prepared: Prepared, space: dict[str, tuple[Choice, ...]]) -> Prepared:
    identity = replace(prepared.identity, space=space)
    return replace(prepared, identity=identity, grid=points_of(space))
