"""A study remembers the last confirmation: which trial it chose, and by what."""

from typing import Any

from hpsoft.errors import StudyError
from hpsoft.search.reading import Where, load, open_storage

ATTRIBUTE = "hpsoft_confirmation"
CHOICES = ("confirmed", "one-se")


def record_confirmation(storage: Where, study: str, kept: dict[str, Any]) -> None:
    """Put a confirmation, in JSON's types, in the place of the one before.

    Raises:
        StudyError: there is no such study.
        StorageError: the storage cannot be written.
    """
    connection = open_storage(storage).of(study)
    with connection.errors(), connection.batch():
        load(connection, study).set_user_attr(ATTRIBUTE, kept)


def confirmation(storage: Where, study: str) -> dict[str, Any] | None:
    """Return the last confirmation of a study, None if there is none."""
    connection = open_storage(storage).of(study)
    found = load(connection, study)
    with connection.errors():
        return found.user_attrs.get(ATTRIBUTE)


def confirmed_trial(storage: Where, study: str, choice: str) -> int:
    """Return the number of the trial that a confirmation chose.

    Raises:
        StudyError: the study was never confirmed, or the confirmation recommends no trial.
    """
    kept = confirmation(storage, study)
    if kept is None:
        raise StudyError(
            f"Study {study!r} has no confirmation yet, so no trial is {choice}. "
            f"Run `hpsoft confirm --study {study}` first."
        )
    if kept[choice] is None:
        raise StudyError(
            f"The last confirmation of study {study!r} recommends no trial: exact optima cost less "
            "by more than the error. Search them with `hpsoft search --optimizer newton` on the "
            "same data, or take a trial by its number with --trial N."
        )
    return int(kept[choice])
