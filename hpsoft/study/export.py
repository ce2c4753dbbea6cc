"""Write the finished trials of a study as CSV, strict JSON or Parquet."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

from hpsoft.errors import StudyError, unknown
from hpsoft.softmax.metric import ACCURACY, CHOOSING
from hpsoft.study.records import NOT_IN_GRID, TrialRecord, trial_document
from hpsoft.study.study import Study
from hpsoft.system.outputs import begins_otherwise, check_output, columns_otherwise, write_output

Row = dict[str, Any]
FOLD = re.compile(r"fold_\d+")  # columns of the folds' costs


def export(study: Study, fmt: str, path: Path | None = None) -> bytes:
    """Return a study's finished trials as csv, json or parquet; write them to `path` too.

    Raises:
        StudyError: there is no such format, or the study has several objectives.
        StorageError: the storage cannot be read.
        HpsoftError: `path` cannot be written, or is another file than of that format.
    """
    if fmt not in _FORMATS:
        raise StudyError(unknown("export format", fmt, _FORMATS))
    make, is_foreign = _FORMATS[fmt]
    if path is not None:
        check_output(path, "--out", (f".{fmt}",), study.files, is_foreign)
    about = study.own_description
    search = None if about is None else about.to_attribute()
    document = {"study": study.name, "search": search, "test_uses": study.own_test_uses}
    content = make(study.trials, document)
    if path is not None:
        write_output(path, content)
    return content


def _csv(found: Iterable[TrialRecord], _document: Row) -> bytes:
    rows = _rows(found)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=_columns(rows))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _json(found: Iterable[TrialRecord], document: Row) -> bytes:
    trials = [trial_document(record) for record in found]
    text = json.dumps({**document, "trials": trials}, allow_nan=False, indent=1)
    return text.encode() + b"\n"


def _parquet(found: Iterable[TrialRecord], _document: Row) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    rows = _rows(found)
    columns = {name: [row.get(name) for row in rows] for name in _columns(rows)}
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue().to_pybytes()


def rows(found: Iterable[TrialRecord]) -> tuple[list[Row], list[str]]:
    """Return a row a trial, and the names of their columns in order."""
    made = _rows(found)
    return made, _columns(made)


_Make: TypeAlias = Callable[[Iterable[TrialRecord], Row], bytes]
_FORMATS: dict[str, tuple[_Make, Callable[[Path], bool]]] = {  # and which files are no such export
    "csv": (_csv, begins_otherwise(b"trial,grid_id,")),
    "json": (_json, begins_otherwise(b'{\n "study"')),
    "parquet": (_parquet, columns_otherwise("trial")),
}


def _rows(found: Iterable[TrialRecord]) -> list[Row]:
    return [
        {
            "trial": record.number,
            "grid_id": _id(record),
            **record.params,
            "value": record.value,
            **_metrics(record),
            "seconds": record.seconds,
            "diverged": record.diverged,
            **({} if record.converged is None else {"converged": record.converged}),
            **({"pruned": True} if record.pruned else {}),
            **({} if record.error is None else {"standard_error": record.error}),
            **_errors(record),
            **{f"fold_{i}": cost for i, cost in enumerate(record.folds, 1)},
            **{f"value_at_{step}": value for step, value in sorted(record.intermediate.items())},
        }
        for record in found
    ]


def _columns(rows: list[Row]) -> list[str]:
    """Return the names of all rows, those of every row before those of the longest trials."""
    seen = dict.fromkeys(name for row in rows for name in row)
    metrics = [name for name in CHOOSING if name in seen or (not rows and name == "accuracy")]
    fixed = ["trial", "grid_id", "value", *metrics, "seconds", "diverged"]
    steps = sorted((n for n in seen if n.startswith("value_at_")), key=lambda n: int(n[9:]))
    errors = ("standard_error", *(f"{name}_error" for name in metrics))
    fixed += [name for name in ("converged", "pruned", *errors) if name in seen]
    folds = sorted((n for n in seen if FOLD.fullmatch(n)), key=lambda n: int(n[5:]))
    params = [name for name in seen if name not in {*fixed, *folds, *steps}]
    return [*fixed[:2], *params, *fixed[2:], *folds, *steps]


def _metrics(record: TrialRecord) -> Row:
    """Return what was measured beside the value; accuracy has a column even where it was not."""
    scores = {name: record.score(name) for name in CHOOSING if name != record.metric.name}
    scores = {name: score for name, score in scores.items() if score is not None}
    return scores if record.metric is ACCURACY else {"accuracy": None, **scores}


def _errors(record: TrialRecord) -> Row:
    """Return the standard errors of those that are means over folds."""
    errors = {f"{name}_error": record.error_of(name) for name in _metrics(record)}
    return {name: error for name, error in errors.items() if error is not None}


def _id(record: TrialRecord) -> int | None:
    return None if record.grid_id == NOT_IN_GRID else record.grid_id
