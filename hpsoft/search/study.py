"""Open a study for writing: create it, or resume it if it holds this very search."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hpsoft.errors import StudyError
from hpsoft.search.identity import (
    ATTRIBUTE,
    describe,
    differences,
    grown,
    recorded_space,
    with_versions,
)
from hpsoft.search.leaderboard import competitors
from hpsoft.search.location import Backend, Location, locate
from hpsoft.search.locks import WriterLock
from hpsoft.search.points import Points, points_of
from hpsoft.search.reading import records
from hpsoft.search.records import Identity
from hpsoft.search.server_lock import ServerLock
from hpsoft.search.storage import Connection, NoStudiesError, connect
from hpsoft.search.store import StudyStore

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

    `points` are those of the search: where the space has ranges, they are numbered there.

    Raises:
        StudyError: the study holds another search or is another tool's, another process writes
            it, or the name is reserved.
        SpaceError: the grid is too large.
        StorageError: the storage cannot be used.
    """
    if name in RESERVED or not name.strip():
        raise StudyError(f"A study cannot be named {name!r}. Choose another name with --study.")
    location = storage if isinstance(storage, Location) else locate(storage)
    grid = points or points_of(identity.space)
    connection = connect(location, write=True, keep=True)
    check_lock = None
    with ExitStack() as opening, connection.errors():
        opening.callback(connection.close)
        if location.path is not None:
            opening.enter_context(WriterLock(location.path, name))
        elif location.is_postgresql:
            check_lock = opening.enter_context(ServerLock(location, name)).check
        with connection.batch():
            study, resumed = _create_or_load(connection, name)
            _claim(connection, study, identity, describe(identity, grid, versions))
        store = StudyStore(connection, study, grid, resumed=resumed, check_lock=check_lock)
        if location.path is not None or location.is_postgresql:
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
        connection = connect(location, write=False)
    except NoStudiesError:
        return set()
    with connection.errors():
        if name not in optuna.get_all_study_names(connection.storage):
            return set()
        study = optuna.load_study(study_name=name, storage=connection.storage)
        _check(connection, study, identity)
        return {points.grid_id(record.params) for record in competitors(records(study))}


def _create_or_load(connection: Connection, name: str) -> tuple["Study", bool]:
    """Return the study and whether it was there."""
    import optuna

    storage = connection.storage
    if name in optuna.get_all_study_names(storage):
        return optuna.load_study(study_name=name, storage=storage), True
    try:
        return optuna.create_study(study_name=name, storage=storage, direction="minimize"), False
    except optuna.exceptions.DuplicatedStudyError:  # another process was faster
        return optuna.load_study(study_name=name, storage=storage), True


def _claim(
    connection: Connection, study: "Study", identity: Identity, attribute: dict[str, object]
) -> None:
    """Check that the study holds this search; sign it if it is new."""
    recorded = _check(connection, study, identity)
    if recorded is None:
        study.set_user_attr(ATTRIBUTE, attribute)
        return
    versions = attribute["versions"]
    assert isinstance(versions, Mapping)
    continued = with_versions(recorded, versions)
    if recorded_space(recorded) != identity.space:
        continued = grown(continued, attribute)
    if continued != recorded:
        study.set_user_attr(ATTRIBUTE, continued)


def check_growth(backend: Backend, name: str) -> None:
    """Refuse what a storage cannot do.

    Raises:
        StudyError: Optuna's databases keep one list of values for each parameter of a study.
    """
    if backend is Backend.DATABASE:
        raise StudyError(
            f"Study {name!r} is in a database, where Optuna lets no parameter of a study get more "
            "values. Search the larger grid under another name with --study, or keep studies that "
            "grow in a journal file (--storage NAME.journal)."
        )


def _check(connection: Connection, study: "Study", identity: Identity) -> Mapping[str, Any] | None:
    """Return what the study says about itself, None if it is new and empty.

    Raises:
        StudyError: it holds another search, or is another tool's.
    """
    from optuna.study import StudyDirection

    name = study.study_name
    if study.directions != [StudyDirection.MINIMIZE]:
        raise StudyError(
            f"Study {name!r} in {connection.location} does not minimise one cost, so it is no "
            "study of hpsoft. Name this search with --study OTHER."
        )
    recorded = study.user_attrs.get(ATTRIBUTE)
    if recorded is None:
        # An empty study holds nothing: a kill between creating and signing leaves one.
        if study.user_attrs or study.get_trials(deepcopy=False):
            raise StudyError(
                f"Study {name!r} in {connection.location} was made by another tool. "
                "It was left as it is; name this search with --study OTHER."
            )
        return None
    if found := differences(recorded, identity):
        raise StudyError(
            f"Study {name!r} in {connection.location} holds another search: {'; '.join(found)}. "
            "Name this search with --study OTHER, or repeat the recorded settings to resume it."
        )
    if recorded_space(recorded) != identity.space:
        check_growth(connection.location.backend, name)
    return recorded
