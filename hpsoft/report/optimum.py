"""The optimum as a yardstick: exact minima by alpha, and how far trials are from them."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hpsoft.assess.optimum import Distance, Optimum, OptimumReport
from hpsoft.report.text.console import say, warn
from hpsoft.report.text.format import chosen, cost, count, number, of_cost, params_text, percent
from hpsoft.report.text.metrics import of_loss, score
from hpsoft.report.text.table import Column, draw, name
from hpsoft.softmax.metric import ACCURACY, CROSS_ENTROPY, Metric


def optimum_document(report: OptimumReport) -> dict[str, Any]:
    """Return the JSON document."""
    best = report.best_optimum
    return {
        "study": report.study,
        "metric": report.best_trial.metric.name,
        "note": report.note,
        "optima": [_optimum_document(optimum) for optimum in report.optima],
        "trials": [_document(distance) for distance in report.distances],
        "best_trial": report.best_trial.number,
        "best_trial_value": report.best_trial.value,
        "best_optimum": best and _optimum_document(best),
        "verdict": report.verdict,
        "conclusion": conclusion(report),
    }


def _optimum_document(optimum: Optimum) -> dict[str, Any]:
    return {**_known(optimum), **dict(optimum.view)}


def _known(found: Optimum | Distance) -> dict[str, Any]:
    return {name: value for name, value in vars(found).items() if name != "view"}


def _document(distance: Distance) -> dict[str, Any]:
    return {
        **_known(distance),
        "trial": distance.trial.number,
        "params": distance.trial.params,
        "stored_validation_cost": distance.trial.cross_entropy,
    }


def draw_optimum(console: Console, report: OptimumReport) -> None:
    """Print the optima, the trials beside them, and what follows."""
    say(console, "The minimum of the regularised training cost, by Newton's method")
    # Where classes have weights, the cost is another one for each power.
    weighted = any(optimum.class_weight for optimum in report.optima)
    apart = [Column("class_weight")] if weighted else []
    apart += [name(title) for title, _ in report.optima[0].view] if report.optima else []
    columns = [Column("alpha"), *apart, Column("training cost"), Column("validation cost")]
    others = [m for m in (report.best_trial.metric,) if m not in {CROSS_ENTROPY, ACCURACY}]
    columns += [Column("accuracy"), *(Column(metric.title) for metric in others), name("status")]
    draw(console, columns, [_optimum_row(o, others, weighted=weighted) for o in report.optima])
    console.print()
    say(console, f"Trials of study {report.study} beside the optimum of their alpha")
    columns = [Column("trial"), Column("alpha"), *apart, Column("training cost")]
    columns += [Column("above optimum"), Column("validation cost"), Column("above optimum")]
    draw(console, columns, [_distance_row(d, weighted=weighted) for d in report.distances])
    console.print()
    say(console, conclusion(report))


def _optimum_row(optimum: Optimum, others: Sequence[Metric], *, weighted: bool) -> list[str]:
    return [
        number(optimum.alpha),
        *([chosen("class_weight", optimum.class_weight)] if weighted else []),
        *(word for _, word in optimum.view),
        cost(optimum.training_cost),
        cost(optimum.validation_cost),
        percent(optimum.accuracy),
        *(score(metric, optimum.scores[metric.name]) for metric in others),
        "converged" if optimum.converged else "max_iter",
    ]


def _distance_row(distance: Distance, *, weighted: bool) -> list[str]:
    return [
        number(distance.trial.number),
        number(distance.alpha),
        *([chosen("class_weight", distance.class_weight)] if weighted else []),
        *(word for _, word in distance.view),
        cost(distance.training_cost),
        f"{distance.training_gap:.2e}",
        cost(distance.validation_cost),
        f"{distance.validation_gap:+.2e}",
    ]


def draw_optimum_notes(console: Console, report: OptimumReport) -> None:
    """Print which study was taken, and what is not as it should be."""
    if report.note is not None:
        say(console, report.note, "Note", "bold")
    if open_ends := [optimum for optimum in report.optima if not optimum.converged]:
        warn(
            console,
            f"Newton did not converge for {_listed(open_ends)}: the cost may have no "
            "minimum (classes that can be separated), and the figures are not optima.",
        )
    if report.unrecorded is not None:
        say(console, f"Not kept for `hpsoft card`: {report.unrecorded}", "Note", "bold")
    metric = report.best_trial.metric
    value = metric.title if metric.maximized else "cost"
    if missed := [distance for distance in report.distances if not distance.reproduced]:
        warn(
            console,
            f"{count(len(missed), 'trial')} of {len(report.distances)} did not give the stored "
            f"validation {value} again to 1e-6: rounding in float32 grows towards the edge of "
            "stability.",
        )


def _listed(optima: Sequence[Optimum]) -> str:
    if any(optimum.class_weight or optimum.view for optimum in optima):
        return "; ".join(of_cost(o.alpha, o.class_weight, o.view) for o in optima)
    return "alpha " + ", ".join(number(optimum.alpha) for optimum in optima)


def conclusion(report: OptimumReport) -> str:
    """Say whether a longer search can help."""
    trial, best = report.best_trial, report.best_optimum
    metric = trial.metric
    what = metric.title if metric.maximized else "cost"
    facts = f"The best trial ({params_text(trial.params)}) has validation {what} "
    facts += score(metric, trial.value)
    if best is not None:
        which = of_cost(best.alpha, best.class_weight, best.view)
        facts += f"; the best optimum, at {which}, has "
        facts += of_loss(metric, best.loss(metric))
    return f"{facts}. {_ADVICE[report.verdict]}"


_ADVICE = {
    "no optimum": "Newton found no minimum for the best trial's alpha, so there is no telling where longer "
    "training leads: the cost may fall for ever. Any alpha above 0 has a minimum.",
    "longer helps": "A search that comes closer to the optimum can still win that difference: "
    "longer training, other learning rates, or `--optimizer newton`.",
    "at the optimum": "A longer search at these alphas cannot help: other alphas, other features "
    "or another model can.",
    "stopped early": "Training it longer leads to the optimum of its alpha, which is no better: stopping early "
    "regularises more than any of these alphas does.",
}
