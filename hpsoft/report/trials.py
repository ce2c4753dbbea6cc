"""The finished trials of a study."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hpsoft.report.text.format import NOTHING, chosen, number
from hpsoft.report.text.metrics import column, score
from hpsoft.report.text.table import Column, draw, name, parameter
from hpsoft.softmax.metric import ACCURACY, CHOOSING, CROSS_ENTROPY, Metric
from hpsoft.study.records import TrialRecord, trial_document


def trials_document(study: str, found: Sequence[TrialRecord]) -> dict[str, Any]:
    """Return the JSON document of trials."""
    return {"study": study, "trials": [trial_document(record) for record in found]}


def draw_trials(console: Console, found: Sequence[TrialRecord]) -> None:
    """Print a row a trial."""
    names = list(dict.fromkeys(key for record in found for key in record.params))
    columns = [Column("trial"), *map(parameter, names)]
    shown = _metrics(found)
    columns += [Column(column(m), spare=0 if i < 2 else 2 + i) for i, m in enumerate(shown)]
    columns += [Column("seconds", spare=2)]
    rows = [_row(record, names, shown) for record in found]
    if any(record.converged is not None for record in found):
        columns.append(name("status", spare=1))
        rows = [[*row, record.status or NOTHING] for row, record in zip(rows, found, strict=True)]
    draw(console, columns, rows)


def _metrics(found: Sequence[TrialRecord]) -> list[Metric]:
    """Return the metrics that have a column: what chooses first, then cost and accuracy, the rest
    where any trial has it.
    """
    chosen_by = found[0].metric if found else CROSS_ENTROPY
    usual = [chosen_by, *(m for m in (CROSS_ENTROPY, ACCURACY) if m is not chosen_by)]
    return usual + [
        m for m in CHOOSING.values() if m not in usual and any(m.name in r.others for r in found)
    ]


def _row(record: TrialRecord, names: Sequence[str], metrics: Sequence[Metric]) -> list[str]:
    first, *rest = (score(metric, record.score(metric.name)) for metric in metrics)
    return [
        number(record.number),
        *(chosen(key, record.params.get(key)) for key in names),
        first if record.value is not None else record.status or NOTHING,
        *rest,
        f"{record.seconds:.3f}",
    ]
