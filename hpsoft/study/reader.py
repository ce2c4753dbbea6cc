"""Open a study for reading only, by its name."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any, TypeAlias

from hpsoft.errors import StudyError, unknown
from hpsoft.softmax.metric import CROSS_ENTROPY
from hpsoft.space.grid import grid_hash
from hpsoft.space.points import points_of
from hpsoft.study.frozen_trial import Converter, is_finished, to_record
from hpsoft.study.identity import ATTRIBUTE, StudyDescription
from hpsoft.study.records import NOT_IN_GRID, TrialRecord
from hpsoft.study.storage.connect import Connection, connect
from hpsoft.study.storage.location import Location, locate

if TYPE_CHECKING:
    from optuna.study import Study as Study  # noqa: PLC0414 -- for those above, who may not import Optuna

Where: TypeAlias = str | Path | Location | Connection | None  # a storage, open or to be opened

LONGEST_REASON = 80  # characters of it in a message


def open_storage(storage: Where) -> Connection:
    """Open a storage that exists; one that is open already is returned as it is.

    Raises:
        StorageError: it does not exist or cannot be read.
    """
    if isinstance(storage, Connection):
        return storage
    return connect(locate(storage), write=False)


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
    return description_in(study.study_name, study.user_attrs)


def description_in(name: str, attributes: Mapping[str, Any]) -> StudyDescription | None:
    """Return the description among the attributes of a study. Raises as `description` does."""
    kept = attributes.get(ATTRIBUTE)
    if kept is None:
        return None
    try:
        about = StudyDescription.from_attribute(kept)
    except (TypeError, ValueError) as error:
        raise StudyError(
            f"What study {name!r} says about itself (its user attribute {ATTRIBUTE!r}) "
            f"is not what hpsoft writes: {shorten(str(error), LONGEST_REASON)}. Another program or "
            "another version has changed it. "
            "Name another study with --study; optuna-dashboard shows this one."
        ) from error
    if grid_hash(about.identity.space) != about.grid_hash:
        raise StudyError(f"The recorded grid of study {name!r} was changed after the search.")
    return about


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
    converter, metric = None, CROSS_ENTROPY
    if about:
        converter = Converter(points_of(about.identity.space), about.grown_from)
        metric = about.identity.chosen_by
    return [
        to_record(trial, converter.grid_id(trial) if converter else NOT_IN_GRID, metric)
        for trial in study.get_trials(deepcopy=False)
        if is_finished(trial)
    ]


def n_waiting(study: "Study") -> int:
    """Return how many trials wait to be run, as Optuna's `enqueue_trial` leaves them."""
    from optuna.trial import TrialState

    return len(study.get_trials(deepcopy=False, states=(TrialState.WAITING,)))
