"""A study remembers each use of the test set: when, and which trial's hyperparameters."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hpsoft.search.reading import Where, load, open_storage

if TYPE_CHECKING:
    from optuna.study import Study

ATTRIBUTE = "hpsoft_test_uses"


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
        loaded.set_user_attr(ATTRIBUTE, [*uses_of_test(loaded), use])


def uses_of_test(study: "Study") -> list[dict[str, Any]]:
    """Return the uses of the test set so far, oldest first."""
    return study.user_attrs.get(ATTRIBUTE, [])
