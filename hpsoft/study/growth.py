"""A study gets a larger grid; in a database all its trials are rewritten, in one transaction.

In a journal file a trial keeps the grid of its day; it is found in a larger one by its point.
Optuna lets no parameter of a study have two lists of values in a database, and has no way to
change a finished trial. So its tables are updated: the lists of values, the places of the trials'
values in them, the grid and the trials' ids in it, and last what the study says about itself.
After a kill the study is as it was or as it is to be. Numbers, values and dates stay.
"""

import json
from typing import TYPE_CHECKING, Any

from hpsoft.errors import StudyError
from hpsoft.space.grid import Grid
from hpsoft.space.points import Points
from hpsoft.study.frozen_trial import distribution
from hpsoft.study.identity import ATTRIBUTE, StudyDescription
from hpsoft.study.storage.connect import Connection
from hpsoft.study.storage.location import Backend, Location

if TYPE_CHECKING:
    import sqlalchemy
    from optuna.study import Study

_LISTS = (
    "SELECT DISTINCT param_name, distribution_json FROM trial_params WHERE param_name IN :names "
    "AND trial_id IN (SELECT trial_id FROM trials WHERE study_id = :study)"
)
_MOVE = (
    "UPDATE trial_params SET param_value = :to, distribution_json = :larger "
    "WHERE param_name = :name AND distribution_json = :smaller AND param_value = :at "
    "AND trial_id IN (SELECT trial_id FROM trials WHERE study_id = :study)"
)
_IDS = (
    "SELECT space.trial_id, space.value_json, id.value_json FROM trial_system_attributes space "
    "JOIN trial_system_attributes id ON id.trial_id = space.trial_id AND id.key = 'grid_id' "
    "WHERE space.key = 'search_space' AND space.trial_id IN "
    "(SELECT trial_id FROM trials WHERE study_id = :study)"
)
_RENUMBER = (
    "UPDATE trial_system_attributes SET value_json = :value WHERE trial_id = :trial AND key = :key"
)
_SIGN = (
    "UPDATE study_user_attributes SET value_json = :value WHERE study_id = :study AND key = :key"
)


def grow(
    connection: Connection,
    study: "Study",
    before: Points,
    after: Points,
    about: StudyDescription,
) -> "Study":
    """Give a study a larger grid; `about` is what it says from now on. Call it as its one writer.

    Raises:
        StorageError: the storage cannot be written.
    """
    import optuna

    if connection.location.backend is not Backend.DATABASE:
        study.set_user_attr(ATTRIBUTE, about.to_attribute())
        return study
    assert isinstance(before, Grid)
    assert isinstance(after, Grid)
    study_id = connection.storage.get_study_id_from_name(study.study_name)
    _regrid(connection, study_id, before, after, about)
    # Opened anew: Optuna keeps finished trials in memory.
    return optuna.load_study(study_name=study.study_name, storage=connection.storage)


def check_growth(location: Location, name: str) -> None:
    """Refuse what a storage cannot do.

    Raises:
        StudyError: Optuna's databases keep one list of values for each parameter of a study, and
            hpsoft changes it in SQLite and PostgreSQL alone.
    """
    if not location.can_grow:
        raise StudyError(
            f"Study {name!r} is in a database of a kind in which hpsoft cannot let its grid grow. "
            "Search the larger grid under another name with --study, or keep studies that "
            "grow in a .journal or .db file or on PostgreSQL."
        )


def _regrid(
    connection: Connection, study_id: int, before: Grid, after: Grid, about: StudyDescription
) -> None:
    """Put the trials of one grid into a larger one; what was read of them before is old then."""
    import sqlalchemy

    engine = connection.storage.engine  # type: ignore[attr-defined]
    with engine.begin() as session:
        _move_values(session, study_id, before, after)
        _renumber(session, study_id, before, after)
        signed = {"study": study_id, "key": ATTRIBUTE, "value": json.dumps(about.to_attribute())}
        session.execute(sqlalchemy.text(_SIGN), signed)


def _move_values(
    session: "sqlalchemy.Connection", study_id: int, before: Grid, after: Grid
) -> None:
    """Give every parameter its larger list: a value is stored as its place in that."""
    import sqlalchemy
    from optuna.distributions import distribution_to_json, json_to_distribution

    names = [name for name in after.names if before.space[name] != after.space[name]]
    lists = sqlalchemy.text(_LISTS).bindparams(sqlalchemy.bindparam("names", expanding=True))
    for name, stored in session.execute(lists, {"study": study_id, "names": names}).all():
        if json_to_distribution(stored) == distribution(before.space[name]):
            larger = distribution_to_json(distribution(after.space[name]))
            common = {"study": study_id, "name": name, "smaller": stored, "larger": larger}
            moves = [
                {**common, "at": at, "to": after.space[name].index(value)}
                for at, value in enumerate(before.space[name])
            ]
            session.execute(sqlalchemy.text(_MOVE), moves)


def _renumber(session: "sqlalchemy.Connection", study_id: int, before: Grid, after: Grid) -> None:
    """Give every trial of the grid its id in the larger one, as stock Optuna's sampler counts."""
    import sqlalchemy

    smaller = {name: list(values) for name, values in before.space.items()}
    larger = json.dumps({name: list(after.space[name]) for name in after.names})
    changes: list[dict[str, Any]] = []
    for trial, space, grid_id in session.execute(sqlalchemy.text(_IDS), {"study": study_id}):
        if json.loads(space) == smaller:
            point = before.params(json.loads(grid_id))
            new_id = json.dumps(after.grid_id(point))
            changes.append({"trial": trial, "key": "search_space", "value": larger})
            changes.append({"trial": trial, "key": "grid_id", "value": new_id})
    if changes:
        session.execute(sqlalchemy.text(_RENUMBER), changes)
