"""Every study of a storage in a few figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hpsoft.study.attributes import uses_in, uses_of_test
from hpsoft.study.frozen_trial import is_finished, value_of
from hpsoft.study.glance import Tally, glance, local_time
from hpsoft.study.identity import NONE, StudyDescription
from hpsoft.study.leaderboard import best as best_of
from hpsoft.study.leaderboard import competitors
from hpsoft.study.reader import description, description_in, records, study_in
from hpsoft.study.storage.connect import Connection

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import FrozenTrial


@dataclass(frozen=True)
class StudySummary:
    """One study at a glance. What another tool's study does not say is None."""

    name: str
    foreign: bool  # made by another tool
    data: str | None
    fingerprint: str | None
    optimizer: str | None
    sampler: str | None
    pruner: str | None
    n_finished: int  # points that have a result; of another tool's study all such trials
    n_grid: int | None
    best_value: float | None  # of the metric
    best_trial: int | None  # its number
    started: datetime | None  # local time, as Optuna keeps it
    changed: datetime | None
    test_uses: int  # how often the test set was used
    metric: str | None = None  # by which the winner is chosen

    @property
    def is_exhaustive(self) -> bool:
        """Whether every point of a grid was trained to its end."""
        return self.pruner == NONE and self.n_finished == self.n_grid


def summaries(connection: Connection) -> list[StudySummary]:
    """Return the summaries of all studies, by name.

    Raises:
        StorageError: the storage cannot be read.
    """
    found, names = _at_a_glance(connection)
    connection = connection.of(*names)
    with connection.errors():
        close = [summary_of(study_in(connection, name)) for name in names]
    return sorted([*found.values(), *close], key=lambda summary: summary.name)


def _at_a_glance(connection: Connection) -> tuple[dict[str, StudySummary], list[str]]:
    """Return what the bytes of a journal's lines tell, and the names of all other studies."""
    if connection.journal is None:
        return {}, list(connection.attributes())
    with connection.errors():
        seen = glance(connection.journal.path)
    found = {
        name: _of_tally(name, seen.attributes[name], tally)
        for name, tally in seen.tallies.items()
        if (about := description_in(name, seen.attributes[name])) is not None
        and tally.is_of(about)
    }
    return found, [name for name in seen.attributes if name not in found]


def _of_tally(name: str, attributes: Mapping[str, Any], tally: Tally) -> StudySummary:
    about = description_in(name, attributes)
    assert about is not None, "a glance tells nothing of other tools' studies"
    return StudySummary(
        name=name,
        **_described(about),
        n_finished=len(tally.finished),
        best_value=tally.best if tally.winners else None,
        best_trial=tally.winner(about),
        started=local_time(tally.started),
        changed=local_time(tally.changed),
        test_uses=len(uses_in(name, attributes)),
    )


def _described(about: StudyDescription | None) -> dict[str, Any]:
    """Return the fields that a study says itself, None for another tool's."""
    names = ("data", "fingerprint", "optimizer", "sampler", "pruner", "metric")
    if about is None:
        return {"foreign": True, "n_grid": None, **dict.fromkeys(names)}
    said = {name: getattr(about.identity, name) for name in names}
    return {"foreign": False, "n_grid": about.n_grid, **said}


def summary_of(study: "Study") -> StudySummary:
    """Return the summary of a study, from all its trials."""
    about = description(study)
    found = study.get_trials(deepcopy=False)
    if about is not None:
        counted = competitors(records(study))
        winner = best_of(counted)
        n_finished = len(counted)
        best = (winner.value, winner.number) if winner else (None, None)
    else:
        n_finished = sum(map(is_finished, found))
        best = _best_trial(study, found)
    changes = [t.datetime_complete or t.datetime_start for t in found]
    return StudySummary(
        name=study.study_name,
        **_described(about),
        n_finished=n_finished,
        best_value=best[0],
        best_trial=best[1],
        started=min((t.datetime_start for t in found if t.datetime_start), default=None),
        changed=max((change for change in changes if change), default=None),
        test_uses=len(uses_of_test(study)),
    )


def _best_trial(
    study: "Study", found: list["FrozenTrial"]
) -> tuple[float, int] | tuple[None, None]:
    """Return value and number of the best trial of another tool's study."""
    from optuna.study import StudyDirection
    from optuna.trial import TrialState

    if study.directions != [StudyDirection.MINIMIZE]:
        return None, None  # another tool's, with another meaning of best
    valued = [
        (value, t.number)
        for t in found
        if t.state == TrialState.COMPLETE and (value := value_of(t)) is not None
    ]
    return min(valued, default=(None, None))
