"""The finished trials of a study."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hpsoft.report.text.format import NOTHING, cost, number, percent
from hpsoft.report.text.table import Column, draw, name, parameter
from hpsoft.study.records import TrialRecord, trial_document


def trials_document(study: str, found: Sequence[TrialRecord]) -> dict[str, Any]:
    """Return the JSON document of trials."""
    return {"study": study, "trials": [trial_document(record) for record in found]}


def draw_trials(console: Console, found: Sequence[TrialRecord]) -> None:
    """Print a row a trial."""
    names = list(dict.fromkeys(key for record in found for key in record.params))
    columns = [Column("trial"), *map(parameter, names)]
    columns += [Column("cost"), Column("accuracy"), Column("seconds", spare=2)]
    rows = [_row(record, names) for record in found]
    if any(record.converged is not None for record in found):
        columns.append(name("status", spare=1))
        rows = [[*row, record.status or NOTHING] for row, record in zip(rows, found, strict=True)]
    draw(console, columns, rows)


def _row(record: TrialRecord, names: Sequence[str]) -> list[str]:
    return [
        number(record.number),
        *(number(record.params.get(key)) for key in names),
        cost(record.value) if record.value is not None else record.status or NOTHING,
        percent(record.accuracy),
        f"{record.seconds:.3f}",
    ]
