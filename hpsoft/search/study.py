"""Open a study for writing: create it, or resume it if it holds this very search."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from hpsoft.errors import StudyError
from hpsoft.search.grid import Grid
from hpsoft.search.identity import ATTRIBUTE, describe, differences, with_versions
from hpsoft.search.location import Location, locate
from hpsoft.search.locks import WriterLock
from hpsoft.search.records import Identity
from hpsoft.search.storage import Connection, connect
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
) -> StudyStore:
    """Create a study for this search or resume it, as its one writer; close it after use.

    Raises:
        StudyError: the study holds another search or is another tool's, another process writes
            it, or the name is reserved.
        SpaceError: the grid is too large.
        StorageError: the storage cannot be used.
    """
    if name in RESERVED or not name.strip():
        raise StudyError(f"A study cannot be named {name!r}. Choose another name with --study.")
    location = storage if isinstance(storage, Location) else locate(storage)
    grid = Grid(identity.space)
    connection = connect(location, write=True)
    with ExitStack() as opening, connection.errors():
        if location.path is not None:
            opening.enter_context(WriterLock(location.path, name))
        with connection.batch():
            study, resumed = _create_or_load(connection, name)
            _claim(connection, study, identity, describe(identity, grid, versions))
        store = StudyStore(connection, study, grid, resumed=resumed)
        if location.path is not None:
            store.reap()
        store.on_close(opening.pop_all())
    return store


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
        study.set_user_attr(ATTRIBUTE, attribute)
        return
    if found := differences(recorded, identity):
        raise StudyError(
            f"Study {name!r} in {connection.location} holds another search: {'; '.join(found)}. "
            "Name this search with --study OTHER, or repeat the recorded settings to resume it."
        )
    versions = attribute["versions"]
    assert isinstance(versions, Mapping)
    continued = with_versions(recorded, versions)
    if continued != recorded:
        study.set_user_attr(ATTRIBUTE, continued)
