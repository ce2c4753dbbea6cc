"""What a study remembers beside its trials: uses of the test set, the last confirmation and the
last comparison with exact optima.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hpsoft.errors import StudyError, unknown
from hpsoft.study.reader import description_in
from hpsoft.study.storage.connect import Connection

if TYPE_CHECKING:
    from optuna.study import Study

TEST_USES = "hpsoft_test_uses"
CONFIRMATION = "hpsoft_confirmation"
OPTIMUM = "hpsoft_optimum"
BEST = "best"
CHOICES = ("confirmed", "one-se")


def record_test_use(
    connection: Connection,
    study: "Study",
    trial: int,
    result: Mapping[str, Any],
    when: datetime | None = None,
    seed: int | None = None,
    asked: Mapping[str, Any] | None = None,
) -> None:
    """Add a use of the test set to a study: by which trial, when (now), with what result.

    `result` must be JSON, and so must `asked`, what else was asked for: calibrate, model_out;
    `seed` orders the samples where that is not the study's. The study's writer is not disturbed:
    this is no trial.

    Raises:
        StorageError: the storage cannot be written.
    """
    when = when or datetime.now(UTC)
    use = {"trial": trial, "when": when.isoformat(timespec="seconds"), "result": dict(result)}
    use |= {**({} if seed is None else {"seed": seed}), **(asked or {})}
    with connection.errors(), connection.batch():
        study.set_user_attr(TEST_USES, [*uses_of_test(study), use])


def uses_of_test(study: "Study") -> list[dict[str, Any]]:
    """Return the uses of the test set so far, oldest first. Raises as `uses_in` does."""
    return uses_in(study.study_name, study.user_attrs)


def uses_in(name: str, attributes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the uses of the test set among the attributes of a study.

    Raises:
        StudyError: they are not what hpsoft writes.
    """
    uses = attributes.get(TEST_USES, [])
    if not isinstance(uses, list) or not all(isinstance(use, dict) for use in uses):
        raise _changed(name, TEST_USES, "how often the test set was used cannot be told")
    return uses


def uses_of_data(
    studies: Mapping[str, Mapping[str, Any]], fingerprint: str | None
) -> list[tuple[str, dict[str, Any]]]:
    """Return the uses of the test set of some data with their studies, from the attributes of
    studies: the studies by name, the uses of each oldest first.

    Raises:
        StudyError: a study on this data does not tell.
    """
    return [
        (name, use)
        for name, attributes in sorted(studies.items())
        if _fingerprint(name, attributes) == fingerprint
        for use in uses_in(name, attributes)
    ]


def _fingerprint(name: str, attributes: Mapping[str, Any]) -> str | None:
    """Return of which data a study is, None where it does not say: that is no other's fault."""
    try:
        about = description_in(name, attributes)
    except StudyError:
        return None
    return None if about is None else about.identity.fingerprint


def _changed(study: str, attribute: str, so: str) -> StudyError:
    return StudyError(
        f"The user attribute {attribute!r} of study {study!r} is not what hpsoft writes, so {so}: "
        "another program has changed it. Put a copy of the storage from before in its place, or "
        "name another study with --study."
    )


def record_confirmation(connection: Connection, study: "Study", kept: dict[str, Any]) -> None:
    """Put a confirmation, in JSON's types, in the place of the one before.

    Raises:
        StorageError: the storage cannot be written.
    """
    _record(connection, study, CONFIRMATION, kept)


def record_optimum(connection: Connection, study: "Study", kept: dict[str, Any]) -> None:
    """Put a comparison with exact optima in the place of the one before, as a confirmation."""
    _record(connection, study, OPTIMUM, kept)


def _record(connection: Connection, study: "Study", name: str, kept: dict[str, Any]) -> None:
    with connection.errors(), connection.batch():
        study.set_user_attr(name, kept)


def confirmation_of(study: "Study") -> dict[str, Any] | None:
    """Return the last confirmation of a study, None if there is none.

    Raises:
        StudyError: it is not what hpsoft writes.
    """
    return _recorded(study, CONFIRMATION, "nothing is known to be confirmed")


def optimum_of(study: "Study") -> dict[str, Any] | None:
    """Return the last comparison with exact optima, None if there is none. Raises the same."""
    return _recorded(study, OPTIMUM, "nothing is known of an optimum")


def _recorded(study: "Study", name: str, so: str) -> dict[str, Any] | None:
    kept = study.user_attrs.get(name)
    if kept is not None and not isinstance(kept, dict):
        raise _changed(study.study_name, name, so)
    return kept


def confirmed_trial(study: str, kept: Mapping[str, Any] | None, choice: str) -> int:
    """Return the number of the trial that a study's confirmation chose.

    Raises:
        StudyError: there is no such choice, the study was never confirmed, or the confirmation
            recommends no trial.
    """
    if choice not in CHOICES:
        told = unknown("choice of a trial", choice, (BEST, *CHOICES))
        raise StudyError(f"{told} Or its number.")
    if kept is None:
        raise StudyError(
            f"Study {study!r} has no confirmation yet, so no trial is {choice}. "
            f"Run `hpsoft confirm --study {study}` first."
        )
    number = kept.get(choice, "")
    if number is None:
        raise StudyError(
            f"The last confirmation of study {study!r} recommends no trial: exact optima cost less "
            f"by more than the error. `hpsoft confirm --study {study}` prints the command that "
            "searches them, or take a trial by its number with --trial N."
        )
    if type(number) is not int:
        raise _changed(study, CONFIRMATION, f"no trial is {choice}")
    return number
