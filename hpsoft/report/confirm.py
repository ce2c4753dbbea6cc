"""The top trials over several seeds: mean, spread, ranks, and how much was luck."""

from typing import Any

import numpy as np
from rich.console import Console

from hpsoft.assess.confirm_report import Candidate, ConfirmReport, ExactOptimum
from hpsoft.report.text.commands import asked_options, final_command, newton_command
from hpsoft.report.text.console import offer, say, warn
from hpsoft.report.text.format import NOTHING, chosen, number, of_cost, params_text
from hpsoft.report.text.metrics import change, column, gap, has, less, more, of_loss, score
from hpsoft.report.text.table import Column, draw, parameter
from hpsoft.softmax.metric import ACCURACY, AUROC, AVERAGE_PRECISION, METRICS
from hpsoft.tuning.noise import Difference
from hpsoft.tuning.repeat import config_of


def confirm_document(report: ConfirmReport) -> dict[str, Any]:
    """Return the JSON document."""
    return {
        "study": report.study,
        "metric": report.metric.name,
        "note": report.note,
        "method": report.method,
        "trials": [_document(report, candidate) for candidate in report.candidates],
        "optima": [_optimum_document(report, optimum) for optimum in report.optima],
        "winner": report.winner.trial.number,
        "confirmed": None if report.refused else report.confirmed.trial.number,
        "one_se": None if report.refused else report.one_se.trial.number,
        "luck": report.luck,
        "stability": report.stability,
        "agreement": report.agreement,
        "conclusion": conclusion(report),
    }


def _optimum_document(report: ConfirmReport, optimum: ExactOptimum) -> dict[str, Any]:
    return {
        "alpha": optimum.alpha,
        **({"class_weight": optimum.class_weight} if optimum.class_weight else {}),
        **dict(optimum.view),
        "mean": report.metric.loss(optimum.mean),
        "costs": list(map(report.metric.loss, optimum.costs)),
    }


def _document(report: ConfirmReport, candidate: Candidate) -> dict[str, Any]:
    difference = report.difference(candidate, report.confirmed)
    return {
        "trial": candidate.trial.number,
        "params": candidate.trial.params,
        "value": candidate.trial.value,
        "mean": report.metric.loss(candidate.mean),
        "standard_deviation": candidate.deviation,
        "standard_error": report.error(candidate),
        "outliers": report.outliers[report.candidates.index(candidate)],
        "difference": difference.mean,
        "difference_error": difference.error,
        **{name: candidate.scores.get(name) for name in METRICS},
        "mean_rank": candidate.mean_rank,
        "costs": list(map(report.metric.loss, candidate.costs)),
        "ranks": candidate.ranks,
    }


def draw_confirm(console: Console, report: ConfirmReport, storage: str | None) -> None:
    """Print a row a trial, the lowest mean first, what follows, and the next command.

    `storage` is the option that the command needs too.
    """
    draw_candidates(console, report)
    if report.refused:
        warn(console, refusal(report))
        if (mine := report.identity) is not None:
            asked = asked_options(config_of(mine), mine.source, mine.space)
            offer(console, newton_command(asked, mine.space, report.study, storage))
        return
    say(console, "Next:")
    offer(console, f"{final_command(report.study, storage)} --trial confirmed")


def draw_candidates(console: Console, report: ConfirmReport) -> None:
    """Print a row a trial, the lowest mean first, and what follows."""
    names = list(report.winner.trial.params)
    columns = [Column("trial"), *map(parameter, names), Column("in study"), Column("mean")]
    columns += [Column("std dev", spare=2), Column("std error")]
    columns += [Column(column(METRICS[key]), spare=_SPARE.get(key, 6)) for key in _others(report)]
    columns += [Column("mean rank", spare=3), Column("ranks", spare=4)]
    ordered = sorted(report.candidates, key=lambda candidate: candidate.mean)
    draw(console, columns, [_row(report, candidate, names) for candidate in ordered])
    console.print()
    say(console, conclusion(report))
    if any(report.outliers):
        say(console, _outliers_text(report))


_SPARE = {ACCURACY.name: 1, AUROC.name: 5, AVERAGE_PRECISION.name: 5}  # in narrow tables


def _others(report: ConfirmReport) -> list[str]:
    """Return the metrics that have a column beside the one that chooses."""
    names = report.winner.scores.keys() - {report.metric.name}
    return [name for name in METRICS if name in names]


def _word(report: ConfirmReport) -> str:
    """Return what is compared, in one word."""
    return report.metric.title if report.metric.maximized else "cost"


def _outliers_text(report: ConfirmReport) -> str:
    """Say which trials jump on some parts, and what became of them."""
    jumpy = [
        f"{candidate.trial.number} (on {n} of {len(candidate.costs)} parts)"
        for candidate, n in zip(report.candidates, report.outliers, strict=True)
        if n
    ]
    what = _word(report)
    far = f"{what[0].upper()}{what[1:]} far {'below' if report.metric.maximized else 'above'}"
    text = f"{far} the other trials' on some parts: {', '.join(jumpy)}."
    if len(report.steady) < len(report.candidates):
        return f"{text} Such trials are left out of the choice."
    return f"{text} All trials have such parts, so none is left out of the choice."


def refusal(report: ConfirmReport) -> str:
    """Say why no trial is recommended."""
    best = report.best_optimum
    assert best is not None, "that is why"
    metric, size = report.metric, _size(report, report.difference(report.confirmed, best))
    return (
        f"No trial is recommended: the exact optimum of {of_cost(best.alpha, best.class_weight, best.view)} "
        f"{has(metric, of_loss(metric, best.mean))} on the same parts, {size} {less(metric)} than "
        "the best trial. The training has not come to its end, or jumps: search longer, or the exact "
        "optima on the same data:"
    )


def _row(report: ConfirmReport, candidate: Candidate, names: list[str]) -> list[str]:
    return [
        number(candidate.trial.number),
        *(chosen(name, candidate.trial.params[name]) for name in names),
        score(report.metric, candidate.trial.value),
        *_spread(report, candidate),
        *(score(METRICS[name], candidate.scores[name]) for name in _others(report)),
        f"{candidate.mean_rank:.1f}",
        f"{min(candidate.ranks):.0f} to {max(candidate.ranks):.0f}",
    ]


def _spread(report: ConfirmReport, candidate: Candidate) -> list[str]:
    """Return mean, standard deviation and standard error."""
    if candidate.n_diverged:
        return ["diverged", NOTHING, NOTHING]
    metric, deviation = report.metric, candidate.deviation
    return [
        of_loss(metric, candidate.mean),
        gap(metric, deviation),
        gap(metric, report.error(candidate)),
    ]


def _size(report: ConfirmReport, difference: Difference) -> str:
    """Write a difference with its error."""
    return f"{gap(report.metric, difference.mean)} +- {gap(report.metric, difference.error)}"


def conclusion(report: ConfirmReport) -> str:
    """Say how sure the winner is."""
    winner, best, simple = report.winner, report.confirmed, report.one_se
    facts = [_luck(report)]
    if best is winner:
        facts.append(f"It stays the best{_of_steady(report)}.")
    else:
        facts.append(_better(report))
    facts.append(
        f"The simplest within one standard error is trial {simple.trial.number} "
        f"({params_text(simple.trial.params)})."
    )
    facts += _optimum_text(report)
    if len(report.candidates) > 1:
        facts += [*_margin(report), _ranks(report)]
    return " ".join(facts)


def _better(report: ConfirmReport) -> str:
    """Say which trial is better than the winner, and whether by more than noise."""
    winner, best = report.winner, report.confirmed
    which = (
        f"Trial {best.trial.number} is the best{_of_steady(report)} "
        f"({params_text(best.trial.params)})"
    )
    if winner.n_diverged:
        return f"{which}."
    difference = report.difference(winner, best)
    noise = "" if abs(difference.mean) > difference.error else ", no more than noise"
    metric, is_worse = report.metric, difference.mean < 0  # where the winner jumps on some parts
    size = f"{gap(metric, abs(difference.mean))} +- {gap(metric, difference.error)}"
    return f"{which}: {size} {more(metric) if is_worse else less(metric)} than the winner{noise}."


def _of_steady(report: ConfirmReport) -> str:
    """Say among which trials one is the best, where some are left out."""
    n = len(report.candidates) - len(report.steady)
    return f" of the {len(report.steady)} trials that are compared" if n else ""


def _optimum_text(report: ConfirmReport) -> list[str]:
    """Say how far the best trial is from the best exact optimum, where there is one."""
    optimum = report.best_optimum
    if optimum is None:
        return []
    metric, difference = report.metric, report.difference(report.confirmed, optimum)
    value = has(metric, of_loss(metric, optimum.mean))
    size = f"{change(metric, difference.mean)} +- {gap(metric, difference.error)}"
    which = of_cost(optimum.alpha, optimum.class_weight, optimum.view)
    text = f"The exact optimum of {which} {value} on the same parts"
    return [f"{text}: the best trial {size} beside it."]


def _luck(report: ConfirmReport) -> str:
    """Say what the winner costs now, against what it was chosen by."""
    winner = report.winner
    text = f"Over {report.method} the study's winner, trial {winner.trial.number},"
    if winner.n_diverged:
        return f"{text} diverged in {winner.n_diverged}: it has no mean {_word(report)}."
    metric = report.metric
    return (
        f"{text} {has(metric, of_loss(metric, winner.mean))}, {change(metric, report.luck)} against "
        f"the {score(metric, winner.trial.value)} that it was chosen by (standard deviation between "
        f"repetitions {gap(metric, winner.deviation)})."
    )


def _margin(report: ConfirmReport) -> list[str]:
    """Say how much of the winner's margin is left, where both have a mean cost."""
    winner, second = report.candidates[:2]
    if winner.n_diverged or second.n_diverged:
        return []
    assert second.trial.loss is not None, "a ranked trial has a value"
    assert winner.trial.loss is not None, "a ranked trial has a value"
    before, now = second.trial.loss - winner.trial.loss, second.mean - winner.mean
    was, is_now = gap(report.metric, before), f"{'+' * (now >= 0)}{gap(report.metric, now)}"
    return [f"The winner's margin to the second was {was}; it is {is_now} now."]


def _ranks(report: ConfirmReport) -> str:
    if np.isnan(report.stability) or np.isnan(report.agreement):
        return "Trials tie, so there is no rank correlation."
    stability, agreement = (round(r, 2) + 0.0 for r in (report.stability, report.agreement))
    return (  # no -0.00
        f"Rank correlation between repetitions {stability:.2f}, with the study {agreement:.2f}."
    )


def draw_confirm_notes(console: Console, report: ConfirmReport) -> None:
    """Print which study was taken, and that an earlier confirmation is gone."""
    if report.note is not None:
        say(console, report.note, "Note", "bold")
    if report.replaced:
        say(console, "This takes the place of the study's earlier confirmation.", "Note", "bold")
