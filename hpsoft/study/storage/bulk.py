"""Finished trials into a database in one transaction: the rows that Optuna writes for each alone.

Optuna asks the database several questions for every row and commits every trial. Here the study's
row is locked as Optuna locks it, so numbers stay unique and dense, and each table gets its rows at
once.
That needs to know the tables: where their version is not the one below, nothing is done, and the
caller goes Optuna's way. Optuna's caches read on from the last trial that they have read, so what
is written here is new to them.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy
    from optuna.distributions import BaseDistribution
    from optuna.storages import BaseStorage
    from optuna.trial import FrozenTrial

KNOWN = ("v3.2.0.a", 12)  # alembic_version.version_num, version_info.schema_version
DIALECTS = frozenset({"sqlite", "postgresql", "mysql", "mariadb"})
PAUSES_S = (0.05, 0.1, 0.2, 0.4)  # after a deadlock with another process

_LOCK = "SELECT study_id FROM studies WHERE study_name = :study"
_VERSIONS = "SELECT version_num, schema_version FROM alembic_version CROSS JOIN version_info"
_COUNT = (
    "SELECT COUNT(*) FROM trials JOIN studies USING (study_id) "
    "WHERE study_name = :study AND state IN ('COMPLETE', 'PRUNED', 'FAIL')"
)
_LAST = "SELECT COUNT(*), COALESCE(MAX(trial_id), 0) FROM trials WHERE study_id = :study"
_IDS = "SELECT number, trial_id FROM trials WHERE study_id = :study AND trial_id > :last"
_STORED = (
    "SELECT distribution_json FROM trial_params JOIN trials USING (trial_id) "
    "WHERE study_id = :study AND param_name = :name LIMIT 1"
)
Row = dict[str, Any]


def add_trials(storage: "BaseStorage", study: str, trials: Sequence["FrozenTrial"]) -> bool:
    """Add finished trials to a study, all or none; False where that is left to Optuna.

    Raises:
        ValueError: a parameter's distribution does not go with those of the study.
        SQLAlchemyError: the database cannot be written; none of the trials is in it, or, if the
            connection was lost at the very end, maybe all.
    """
    from sqlalchemy.exc import OperationalError

    engine = _engine(storage)
    if engine is None:
        return False
    if not trials:
        return True
    for pause in (*PAUSES_S, None):
        try:
            with engine.begin() as session:
                return _add(session, study, trials)
        except OperationalError as error:
            # Without the connection nobody knows whether it was done, nor who may write by now.
            if pause is None or error.connection_invalidated:
                raise
        time.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def n_finished(storage: "BaseStorage", study: str) -> int | None:
    """Return how many trials of a study have ended; None where that is left to Optuna."""
    import sqlalchemy

    engine = _engine(storage)
    if engine is None:
        return None
    with engine.connect() as session:
        if not _is_known(session):
            return None
        return session.execute(sqlalchemy.text(_COUNT), {"study": study}).scalar()


def _engine(storage: "BaseStorage") -> "sqlalchemy.Engine | None":
    """Return the way into a database whose tables are described where Optuna has that today.

    The place is not public: it may be another one with the next version.
    """
    engine = getattr(storage, "engine", None)
    if engine is None or engine.dialect.name not in DIALECTS:
        return None
    try:
        from optuna.storages._rdb import models  # noqa: F401
    except ImportError:
        return None
    return engine


def _add(session: "sqlalchemy.Connection", study: str, trials: Sequence["FrozenTrial"]) -> bool:
    study_id = _lock(session, study)
    if study_id is None or not _is_known(session):
        return False
    texts = _distributions(session, study_id, trials)
    ids = _number(session, study_id, trials)
    rows: dict[str, list[Row]] = {}
    for trial_id, trial in zip(ids, trials, strict=True):
        for table, row in _rows(trial, texts):
            rows.setdefault(table, []).append({"trial_id": trial_id, **row})
    for table, those in rows.items():
        session.execute(_table(table).insert(), those)
    return True


def _lock(session: "sqlalchemy.Connection", study: str) -> int | None:
    """Return the id of a study whose row nobody else locks until the end of the transaction."""
    import sqlalchemy

    query = _LOCK
    if session.dialect.name == "sqlite":
        session.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        query += " FOR UPDATE"
    return session.execute(sqlalchemy.text(query), {"study": study}).scalar()


def _is_known(session: "sqlalchemy.Connection") -> bool:
    import sqlalchemy

    return [tuple(row) for row in session.execute(sqlalchemy.text(_VERSIONS))] == [KNOWN]


def _distributions(
    session: "sqlalchemy.Connection", study_id: int, trials: Sequence["FrozenTrial"]
) -> dict[int, str]:
    """Return the text of every distribution, by its `id`: many trials share one.

    Like Optuna, refuse one that does not go with what the study has of the parameter.
    """
    import sqlalchemy
    from optuna.distributions import (
        check_distribution_compatibility,
        distribution_to_json,
        json_to_distribution,
    )

    texts: dict[int, str] = {}
    first: dict[str, BaseDistribution] = {}
    for trial in trials:
        for name, distribution in trial.distributions.items():
            if name not in first:
                asked = {"study": study_id, "name": name}
                stored = session.execute(sqlalchemy.text(_STORED), asked).scalar()
                first[name] = json_to_distribution(stored) if stored else distribution
            if id(distribution) not in texts:
                check_distribution_compatibility(first[name], distribution)
                texts[id(distribution)] = distribution_to_json(distribution)
    return texts


def _number(
    session: "sqlalchemy.Connection", study_id: int, trials: Sequence["FrozenTrial"]
) -> list[int]:
    """Insert the rows of `trials`, numbered on from those of the study, and return their ids."""
    import sqlalchemy

    there, last = session.execute(sqlalchemy.text(_LAST), {"study": study_id}).one()
    new = [
        {
            "number": number,
            "study_id": study_id,
            "state": trial.state,
            "datetime_start": _utc(trial.datetime_start),
            "datetime_complete": _utc(trial.datetime_complete),
        }
        for number, trial in enumerate(trials, there)
    ]
    session.execute(_table("trials").insert(), new)
    found = session.execute(sqlalchemy.text(_IDS), {"study": study_id, "last": last})
    ids = {row.number: row.trial_id for row in found}
    return [ids[row["number"]] for row in new]


def _rows(trial: "FrozenTrial", texts: Mapping[int, str]) -> Iterator[tuple[str, Row]]:
    """Yield what the other tables hold of a trial, each row with the name of its table."""
    from optuna.storages._rdb.models import TrialIntermediateValueModel, TrialValueModel

    for objective, value in enumerate(trial.values or ()):
        stored, finite = TrialValueModel.value_to_stored_repr(value)
        yield "trial_values", {"objective": objective, "value": stored, "value_type": finite}
    for name, value in trial.params.items():
        distribution = trial.distributions[name]
        yield (
            "trial_params",
            {
                "param_name": name,
                "param_value": distribution.to_internal_repr(value),
                "distribution_json": texts[id(distribution)],
            },
        )
    for key, value in trial.user_attrs.items():
        yield "trial_user_attributes", {"key": key, "value_json": json.dumps(value)}
    for key, value in trial.system_attrs.items():
        yield "trial_system_attributes", {"key": key, "value_json": json.dumps(value)}
    for step, value in trial.intermediate_values.items():
        stored, kind = TrialIntermediateValueModel.intermediate_value_to_stored_repr(value)
        yield (
            "trial_intermediate_values",
            {"step": step, "intermediate_value": stored, "intermediate_value_type": kind},
        )


def _table(name: str) -> "sqlalchemy.Table":
    from optuna.storages._rdb.models import BaseModel

    return BaseModel.metadata.tables[name]


def _utc(moment: datetime | None) -> datetime | None:
    """Return what Optuna stores of a local time: UTC, without saying so."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)
