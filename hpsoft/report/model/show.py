"""What the file of a model says, as tables and as a document; and what an export has written."""

import math
from typing import Any

from rich.console import Console

from hpsoft.model.export.export import Exported
from hpsoft.model.show import Shown
from hpsoft.report.text.console import say
from hpsoft.report.text.format import NOTHING, cost, count, number, params_text, size
from hpsoft.report.text.metrics import score
from hpsoft.report.text.table import Column, draw, name, prose
from hpsoft.softmax.l2 import l2_document
from hpsoft.softmax.metric import METRICS

FEW = 20  # classes, features or columns that are listed


def model_document(shown: Shown) -> dict[str, Any]:
    """Return the JSON document of a model: the metadata of its file, and what follows."""
    model, about = shown.model, shown.about
    scaling = {"kind": model.scale, "shift": model.shift.tolist()}
    columns = [
        {"name": column.name, "as": column.taken_for, "becomes": column.becomes}
        for column in shown.columns
    ]
    return {
        "model": shown.path,
        "classes": model.classes,
        "n_features": shown.n_features,
        "features": model.features,
        "columns": columns or None,
        "feature_columns": None if model.columns is None else model.columns.text,
        "scaling": {**scaling, "divisor": model.divisor.tolist()},
        "dtype": str(model.weights.dtype),
        "optimizer": about.get("optimizer"),
        "params": about.get("params"),
        "seed": about.get("seed"),
        "study": about.get("study"),
        "trial": about.get("trial"),
        "data": about.get("data"),
        "fingerprint": about.get("fingerprint"),
        "label": about.get("label"),
        "n_train": about.get("n_train"),
        "validation_cost": about.get("validation_cost"),
        "test": about.get("test"),
        "temperature": model.temperature,
        "calibration": about.get("calibration"),
        "l2": l2_document(shown.strengths) if shown.strengths else None,
        "folded": about.get("folded"),
        "versions": about.get("versions"),
    }


def draw_model(console: Console, shown: Shown) -> None:
    """Print what is known of a model."""
    about = shown.about
    study = f"Study {about['study']}, trial" if about.get("study") else "Trial"
    say(console, f"{study} {about.get('trial', NOTHING)}, optimizer {about.get('optimizer')}")
    say(console, params_text(about.get("params", {})))
    n = about.get("n_train")
    trained = "" if n is None else f"{n:,.15g} samples of "  # or the sum of their weights
    fingerprint = str(about.get("fingerprint") or NOTHING)[:12]
    say(console, f"Trained on {trained}{about.get('data')}, fingerprint {fingerprint}")
    say(console, f"Classes ({len(shown.model.classes):,}): {_listed(shown.model.classes)}")
    _draw_features(console, shown)
    if about.get("test"):
        console.print()
        _draw_test(console, about["test"])
    _draw_temperature(console, shown)
    if shown.strengths:
        console.print()
        _draw_strengths(console, shown)


def _draw_temperature(console: Console, shown: Shown) -> None:
    if shown.model.temperature != 1.0:
        say(
            console,
            f"Temperature {number(shown.model.temperature)}: probabilities are softmax(logits / "
            "temperature).",
        )
    if shown.about.get("test") and (found := shown.about.get("calibration")) is not None:
        before, after = (
            cost(found["test"][when]["cross_entropy"]) for when in ("before", "after")
        )
        say(
            console,
            "The test's figures are those without the temperature; with it the test cross-entropy "
            f"is {after} instead of {before}.",
        )


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - FEW:,} more; --json has all" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


def _draw_features(console: Console, shown: Shown) -> None:
    model = shown.model
    named = "without names" if model.features is None else _listed(model.features)
    say(console, f"Features ({shown.n_features:,}): {named}")
    if model.columns is not None:
        say(console, f"Of these it looks at {len(model.columns):,}: {model.columns.text}")
    say(console, f"Scale: {model.scale}, {_WAYS[model.scale]}; weights {model.weights.dtype}")
    if (folded := shown.about.get("folded")) is not None:
        say(console, f"Scale {folded['scale']} is folded into weights and bias.")
    if not shown.columns:
        return
    console.print()
    rows = [[c.name, c.taken_for, c.becomes] for c in shown.columns[:FEW]]
    draw(console, [name("column"), name("as"), prose("becomes")], rows)
    if len(shown.columns) > FEW:
        say(console, f"... and {len(shown.columns) - FEW:,} more columns; --json has all.")


_WAYS = {
    "raw": "features as they are",
    "unit": "all divided by one number",
    "standard": "each of mean 0 and standard deviation 1",
    "l2-rows": "each row divided by its Euclidean norm",
}


def _draw_test(console: Console, test: dict[str, Any]) -> None:
    rows = []
    for metric in METRICS.values():
        if (value := test.get(metric.name)) is not None:
            ends = test.get("intervals", {}).get(metric.name)
            between = NOTHING if ends is None else " to ".join(score(metric, end) for end in ends)
            rows.append([f"test {metric.title}", score(metric, value), between])
    rows.append(["test samples", f"{test['n']:,}", ""])
    draw(console, [name(""), Column("this model"), Column("95 % interval")], rows)


def _draw_strengths(console: Console, shown: Shown) -> None:
    rows = [[s.unit, _strength(s.value), s.note] for s in shown.strengths]
    draw(console, [name("L2 as"), Column("value"), prose("taken by")], rows)


def _strength(value: float | None) -> str:
    return "inf" if value is not None and math.isinf(value) else number(value)


def export_document(found: Exported) -> dict[str, Any]:
    """Return the JSON document of an export."""
    return dict(vars(found))


def draw_export(console: Console, found: Exported) -> None:
    """Print what was written, and what whoever uses it must know."""
    say(
        console,
        f"Wrote {found.path}, {size(found.n_bytes) if found.n_bytes > 1e6 else f'{found.n_bytes:,} bytes'}: "
        f"{count(found.n_features, 'column')} -> {found.n_classes:,} classes, {found.dtype}; its "
        "logits agree with the model's on random rows",
    )
    for note in found.notes:
        say(console, note)
