"""Finished trials as records of a journal: those that Optuna writes for each alone.

Optuna reads every record back as soon as it is written, and describes every distribution anew.
Here a batch is made of the trials at once, and read when somebody asks for them.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hpsoft.study.storage.journal_records import Operation, Record

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial


def trial_records(trials: Iterable["FrozenTrial"], study_id: int, worker_id: str) -> list[Record]:
    """Return the records that add trials of one value, or none, to a study."""
    from optuna.distributions import distribution_to_json

    texts: dict[int, str] = {}  # of every distribution, by its `id`: many trials share one
    found = []
    for trial in trials:
        for distribution in trial.distributions.values():
            if id(distribution) not in texts:
                texts[id(distribution)] = distribution_to_json(distribution)
        found.append(_record(trial, study_id, worker_id, texts))
    return found


def _record(trial: "FrozenTrial", study_id: int, worker_id: str, texts: dict[int, str]) -> Record:
    distributions = trial.distributions
    return {
        "op_code": Operation.CREATE_TRIAL,
        "worker_id": worker_id,
        "study_id": study_id,
        "datetime_start": _utc(trial.datetime_start),
        "state": trial.state,
        "value": trial.value,
        "values": None,  # of several objectives
        "datetime_complete": _utc(trial.datetime_complete),
        "distributions": {name: texts[id(one)] for name, one in distributions.items()},
        "params": {
            name: distributions[name].to_internal_repr(value)
            for name, value in trial.params.items()
        },
        "user_attrs": trial.user_attrs,
        "system_attrs": trial.system_attrs,
        "intermediate_values": trial.intermediate_values,
    }


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")
