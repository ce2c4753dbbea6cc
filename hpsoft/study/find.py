"""Look around in a storage: its studies, and which of them is meant."""

from dataclasses import dataclass

from hpsoft.errors import StudyError, unknown
from hpsoft.softmax.metric import CHOOSING, CROSS_ENTROPY
from hpsoft.study.reader import Where, open_storage
from hpsoft.study.storage.connect import Connection
from hpsoft.study.summaries import StudySummary, summaries

TIE = 1e-6  # relative: costs of one trial in two studies, by rounding in float32
CHOICES = ("best", "latest")  # names that mean more than a name


def studies(storage: Where) -> list[StudySummary]:
    """Return every study of a storage, by name.

    Raises:
        StorageError: the storage does not exist or cannot be read.
    """
    return summaries(open_storage(storage))


@dataclass(frozen=True)
class Choice:
    """The study that is meant."""

    name: str
    summary: StudySummary | None = None  # where it was chosen by what all studies hold
    note: str | None = None  # what is to be said of the choice


def choose_study(connection: Connection, which: str) -> Choice:
    """Return the study that is meant.

    Raises:
        StudyError: there is no such study (did you mean), or none to choose from.
        StorageError: the storage cannot be read.
    """
    if which not in CHOICES:
        names = connection.of(which).attributes()
        if which not in names:
            known = [*CHOICES, *names]
            raise StudyError(f"{unknown('study', which, known)} Storage: {connection.location}.")
        return Choice(which)
    ours = [s for s in summaries(connection) if not s.foreign and s.changed is not None]
    if not ours:
        raise _nothing(connection)
    latest = max(ours, key=lambda s: (s.changed, s.name))
    found, note = (latest, None) if which == "latest" else _best(connection, ours, latest)
    return Choice(found.name, found, note)


def _best(
    connection: Connection, ours: list[StudySummary], latest: StudySummary
) -> tuple[StudySummary, str | None]:
    """Return the best study by the metric and on the data of the latest, and what is to be said.

    Of values equal to rounding an exhaustive study's wins, then that of the earlier study.
    """
    same = [s for s in ours if _compares(s, latest)]
    if not same:
        raise _nothing(connection, f" on {latest.data}, the data of the latest study,")
    metric = CHOOSING[str(latest.metric)]
    losses = {s.name: metric.loss(s.best_value) for s in same if s.best_value is not None}
    lowest = min(losses.values())
    tied = [s for s in same if losses[s.name] - lowest <= TIE * lowest]
    best = min(tied, key=lambda s: (not s.is_exhaustive, s.started or s.changed, s.name))
    kept_apart = _kept_apart(ours, best)
    if not kept_apart:
        return best, None
    value = "validation cost" if metric is CROSS_ENTROPY else f"validation {metric.title}"
    note = (
        f"Took study {best.name!r} on {best.data}: its {value} {best.best_value:.6g} is "
        f"the {'highest' if metric.maximized else 'lowest'} on the data of the latest study. "
        f"Those {' and those '.join(kept_apart)} do not compare with it. Name another with --study "
        "NAME."
    )
    return best, note


def _compares(one: StudySummary, other: StudySummary) -> bool:
    """Tell whether a study has a value, of the metric of another and on its data."""
    same = (one.fingerprint, one.metric) == (other.fingerprint, other.metric)
    return same and one.best_value is not None


def _kept_apart(ours: list[StudySummary], best: StudySummary) -> list[str]:
    """Return which studies do not compare with the best: on other data, by other metrics."""
    data = sorted({str(s.data) for s in ours if s.fingerprint != best.fingerprint})
    here = [s for s in ours if s.fingerprint == best.fingerprint and s.metric != best.metric]
    metrics = sorted({CHOOSING[str(s.metric)].title for s in here})
    found = [("on other data", data), ("chosen by another metric", metrics)]
    return [f"{what} ({', '.join(names)})" for what, names in found if names]


def _nothing(connection: Connection, where: str = "") -> StudyError:
    return StudyError(
        f"No study in {connection.location}{where} has a finished trial of hpsoft. "
        "Run `hpsoft search` first."
    )
