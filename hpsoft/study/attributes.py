"""What a study remembers beside its trials: uses of the test set, and the last confirmation."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hpsoft.errors import StudyError
from hpsoft.study.identity import ATTRIBUTE, is_description
from hpsoft.study.reader import Where, load, open_storage

if TYPE_CHECKING:
    from optuna.study import Study

TEST_USES = "hpsoft_test_uses"
CONFIRMATION = "hpsoft_confirmation"
CHOICES = ("confirmed", "one-se")


def record_test_use(
    storage: Where,
    study: str,
    trial: int,
    result: Mapping[str, Any],
    when: datetime | None = None,
) -> None:
    """Add a use of the test set to a study: by which trial, when (now), with what result.

    `result` must be JSON. The study's writer is not disturbed: this is no trial.

    Raises:
        StudyError: there is no such study.
        StorageError: the storage cannot be written.
    """
    when = when or datetime.now(UTC)
    use = {"trial": trial, "when": when.isoformat(timespec="seconds"), "result": dict(result)}
    connection = open_storage(storage).of(study)
    with connection.errors(), connection.batch():
        loaded = load(connection, study)
        loaded.set_user_attr(TEST_USES, [*uses_of_test(loaded), use])


def uses_of_test(study: "Study") -> list[dict[str, Any]]:
    """Return the uses of the test set so far, oldest first."""
    return study.user_attrs.get(TEST_USES, [])


def uses_of_data(studies: Iterable[Mapping[str, Any]], fingerprint: str | None) -> int:
    """Return how often the test set of some data was used, from the attributes of studies."""
    return sum(
        len(attributes.get(TEST_USES, ()))
        for attributes in studies
        if _fingerprint(attributes.get(ATTRIBUTE)) == fingerprint
    )


def _fingerprint(about: Any) -> str | None:
    return about["fingerprint"] if is_description(about) else None


def record_confirmation(storage: Where, study: str, kept: dict[str, Any]) -> None:
    """Put a confirmation, in JSON's types, in the place of the one before.

    Raises:
        StudyError: there is no such study.
        StorageError: the storage cannot be written.
    """
    connection = open_storage(storage).of(study)
    with connection.errors(), connection.batch():
        load(connection, study).set_user_attr(CONFIRMATION, kept)


def confirmation(storage: Where, study: str) -> dict[str, Any] | None:
    """Return the last confirmation of a study, None if there is none."""
    connection = open_storage(storage).of(study)
    found = load(connection, study)
    with connection.errors():
        return found.user_attrs.get(CONFIRMATION)


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
