"""Open a study for reading only, by its name."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from hpsoft.errors import StudyError, unknown
from hpsoft.space.points import points_of
from hpsoft.study.frozen_trial import Converter, is_finished, to_record
from hpsoft.study.identity import ATTRIBUTE, StudyDescription, is_description
from hpsoft.study.records import NOT_IN_GRID, TrialRecord
from hpsoft.study.storage.connect import Connection, connect
from hpsoft.study.storage.location import Location, locate

if TYPE_CHECKING:
    from optuna.study import Study

Where: TypeAlias = str | Path | Location | Connection | None  # a storage, open or to be opened


def open_storage(storage: Where) -> Connection:
    """Open a storage that exists; one that is open already is returned as it is.

    Raises:
        StorageError: it does not exist or cannot be read.
    """
    if isinstance(storage, Connection):
        return storage
    return connect(storage if isinstance(storage, Location) else locate(storage), write=False)


def load(connection: Connection, name: str) -> "Study":
    """Return the Optuna study with this name, through `connection.of(name)`.

    Raises:
        StudyError: there is none; the message guesses which was meant.
        StorageError: the storage cannot be read.
    """
    connection = connection.of(name)
    names = connection.attributes()
    if name not in names:
        raise StudyError(f"{unknown('study', name, names)} Storage: {connection.location}.")
    with connection.errors():
        return study_in(connection, name)


def study_in(connection: Connection, name: str) -> "Study":
    """Return a study that a connection has."""
    import optuna

    return optuna.load_study(study_name=name, storage=connection.storage)


def description(study: "Study") -> StudyDescription | None:
    """Return what a study of hpsoft says about itself, None for another tool's.

    Raises:
        StudyError: what it says is not what hpsoft writes.
    """
    about = study.user_attrs.get(ATTRIBUTE)
    if about is not None and not is_description(about):
        raise StudyError(
            f"What study {study.study_name!r} says about itself (its user attribute {ATTRIBUTE!r}) "
            "is not what hpsoft writes: another program or another version has changed it. "
            "Name another study with --study; optuna-dashboard shows this one."
        )
    return None if about is None else StudyDescription.from_attribute(about)


def records(study: "Study") -> list[TrialRecord]:
    """Return every finished trial by number, with its id in the study's own grid if it has one.

    Raises:
        StudyError: the study has several objectives.
    """
    if len(study.directions) != 1:
        raise StudyError(
            f"Study {study.study_name!r} has {len(study.directions)} objectives, so its trials "
            "have no one value. Look at it with optuna-dashboard."
        )
    about = description(study)
    converter = None
    if about:
        converter = Converter(points_of(about.identity.space), about.grown_from)
    return [
        to_record(trial, converter.grid_id(trial) if converter else NOT_IN_GRID)
        for trial in study.get_trials(deepcopy=False)
        if is_finished(trial)
    ]
