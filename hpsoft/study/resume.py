"""Open a study for writing: create it, or resume it if it holds this very search."""

import shlex
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from hpsoft.data.encoding.policy import BEFORE
from hpsoft.errors import HpsoftError, StudyError
from hpsoft.optimizers.categories import Choice
from hpsoft.softmax.metric import Direction
from hpsoft.space.points import Points, points_of
from hpsoft.space.ranges import Candidates, is_grown
from hpsoft.study.growth import check_growth, grow
from hpsoft.study.identity import ATTRIBUTE, Identity, StudyDescription
from hpsoft.study.leaderboard import competitors
from hpsoft.study.reader import description, records
from hpsoft.study.storage.connect import Connection, NoStudiesError, connect
from hpsoft.study.storage.location import Location, locate
from hpsoft.study.storage.writer_lock import writer_lock
from hpsoft.study.writer import StudyStore

if TYPE_CHECKING:
    from optuna.study import Study

RESERVED = ("best", "latest")  # --study means more by these words than a name


def open_study(
    storage: str | Path | Location | None,
    name: str,
    identity: Identity,
    *,
    versions: Mapping[str, str],
    points: Points | None = None,
) -> StudyStore:
    """Create a study for this search or resume it, as its one writer; close it after use.

    `points` are those of the search: where the space has ranges, they are numbered there. Where
    the study's grid has grown since, the store's grid is that larger one.

    Raises:
        StudyError: the study holds another search or is another tool's, another process writes
            it, or the name is reserved.
        SpaceError: the grid is too large.
        StorageError: the storage cannot be used.
    """
    if name in RESERVED or not name.strip():
        raise StudyError(f"A study cannot be named {name!r}. Choose another name with --study.")
    location = locate(storage)
    grid = points or points_of(identity.space)
    connection = connect(location, write=True, keep=True).of(name)
    with ExitStack() as opening, connection.errors():
        opening.callback(connection.close)
        lock = writer_lock(location, name)
        opening.enter_context(lock)
        with connection.batch():
            study, resumed = _create_or_load(connection, name, identity.chosen_by.direction)
            study, grid = _claim(connection, study, identity, grid, versions)
        store = StudyStore(connection, study, grid, resumed=resumed, check_lock=lock.check)
        store.reap()
        store.on_close(opening.pop_all())
    return store


def finished_ids(location: Location, name: str, identity: Identity, points: Points) -> set[int]:
    """Return the numbers, among `points`, of what a study has finished; nothing is written.

    None where there is no such study yet. Its own grid may be a part of `points`, with other ids.

    Raises:
        StudyError: the study belongs to another search or another tool.
        StorageError: the storage cannot be read.
    """
    import optuna

    try:
        connection = connect(location, write=False).of(name)
    except NoStudiesError:
        return set()
    with connection.errors():
        if name not in connection.attributes():
            return set()
        study = optuna.load_study(study_name=name, storage=connection.storage)
        recorded = _check(connection, study, identity)
        found = [record.params for record in competitors(records(study))]
    if recorded is not None and recorded.grew_since(identity.space):
        found = [params for params in found if _lies_in(identity.space, params)]
    return {points.grid_id(params) for params in found}


def _lies_in(space: Mapping[str, Candidates], params: Mapping[str, Choice]) -> bool:
    return all(value in space[name] for name, value in params.items())  # type: ignore[operator]


def _create_or_load(
    connection: Connection, name: str, direction: Direction
) -> tuple["Study", bool]:
    """Return the study and whether it was there."""
    import optuna

    storage = connection.storage
    if name in connection.attributes():
        return optuna.load_study(study_name=name, storage=storage), True
    try:
        return optuna.create_study(study_name=name, storage=storage, direction=direction), False
    except optuna.exceptions.DuplicatedStudyError:  # another process was faster
        return optuna.load_study(study_name=name, storage=storage), True


def _claim(
    connection: Connection,
    study: "Study",
    identity: Identity,
    grid: Points,
    versions: Mapping[str, str],
) -> tuple["Study", Points]:
    """Check that the study holds this search; sign it if it is new, let it grow if it is to.

    Return it as it is then, with the points that it is to hold.
    """
    recorded = _check(connection, study, identity)
    if recorded is None:
        new = StudyDescription.new(identity, grid, versions)
        study.set_user_attr(ATTRIBUTE, new.to_attribute())
        return study, grid
    continued = recorded.with_versions(versions)
    there = recorded.identity.space
    if there != identity.space:
        if not recorded.grew_since(identity.space):
            larger = continued.grown(identity, grid)
            return grow(connection, study, points_of(there), grid, larger), grid
        grid = points_of(there)
    if continued != recorded:
        study.set_user_attr(ATTRIBUTE, continued.to_attribute())
    return study, grid


def _check(connection: Connection, study: "Study", identity: Identity) -> StudyDescription | None:
    """Return what the study says about itself, None if it is new and empty.

    Raises:
        StudyError: it holds another search, or is another tool's.
    """
    name = study.study_name
    recorded = description(study)
    metric = (identity if recorded is None else recorded.identity).chosen_by
    if [direction.name.lower() for direction in study.directions] != [metric.direction]:
        what = "maximise one metric" if metric.maximized else "minimise one cost"
        raise StudyError(
            f"Study {name!r} in {connection.location} does not {what}, so it is no "
            "study of hpsoft. Name this search with --study OTHER."
        )
    if recorded is None:
        # An empty study holds nothing: a kill between creating and signing leaves one.
        if study.user_attrs or study.get_trials(deepcopy=False):
            raise StudyError(
                f"Study {name!r} in {connection.location} was made by another tool. "
                "It was left as it is; name this search with --study OTHER."
            )
        return None
    if found := recorded.differences(identity):
        way_out = _continued_by(recorded.identity, identity) or (
            "Name this search with --study OTHER, or repeat the recorded settings to resume it."
        )
        raise StudyError(
            f"Study {name!r} in {connection.location} holds another search: {'; '.join(found)}. "
            f"{way_out}"
        )
    if is_grown(recorded.identity.space, identity.space):
        check_growth(connection.location, name)
    return recorded


def _continued_by(before: Identity, now: Identity) -> str:
    """Return what continues a study that was made when constant columns were features.

    Empty: that does not explain the difference. The data are loaded once more to be sure.
    """
    given = now.source
    if before.source.policy.rules != BEFORE or not given.constant:
        return ""
    try:
        if given.keeping().load().fingerprint != before.fingerprint:
            return ""
    except HpsoftError:
        return ""
    options = " ".join(f"--keep {shlex.quote(name)}" for name in given.constant)
    return (
        "It was made when constant columns were features, which they are no more: the same "
        f"command with {options} continues it."
    )
