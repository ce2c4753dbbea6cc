"""A grid that grows: values are added to a study's space, and only the new points are run.

A trial keeps what it was stored with, the grid of its day and its id there; in a larger grid it is
found by its point. Nothing that was stored is changed.
"""

from dataclasses import replace

from hpsoft.errors import SpaceError, StudyError
from hpsoft.search.choices import GRID
from hpsoft.search.edges import edges
from hpsoft.search.leaderboard import competitors, rank
from hpsoft.search.listing import trials
from hpsoft.search.location import locate
from hpsoft.search.points import points_of
from hpsoft.search.prepare import Prepared
from hpsoft.search.reading import describe_study
from hpsoft.search.study import check_growth


def extend(prepared: Prepared) -> Prepared:
    """Return the search of a study's grid with the values beyond the winner's edges.

    Raises:
        StudyError: there is no such study, no winner, or it was not searched as a grid.
    """
    config = prepared.config
    if config.settings or config.space_file or config.preset:
        raise SpaceError(
            "--extend begins with the study's own space: leave --set, --space, --preset."
        )
    about = describe_study(prepared.config.storage, prepared.study)
    if prepared.identity.sampler != GRID or about["sampler"] != GRID:
        raise StudyError("--extend adds points to a grid; a sampler's space has no edges to move.")
    check_growth(locate(prepared.config.storage).backend, prepared.study)
    space = {name: tuple(values) for name, values in about["space"].items()}
    ranking = rank(competitors(trials(prepared.config.storage, prepared.study)))
    if not ranking:
        raise StudyError(f"Study {prepared.study!r} has no winner yet, so there is no edge.")
    found = edges(
        ranking[0], space, prepared.optimizer.hyperparameters, len(prepared.setting.labels)
    )
    for edge in found:
        if edge.suggestion is not None:
            space[edge.name] = tuple(sorted({*space[edge.name], edge.suggestion}))
    return replace(
        prepared,
        identity=replace(prepared.identity, space=space),
        grid=points_of(space),
    )
