"""The top trials over several seeds: mean, spread, ranks, and how much was luck."""

from typing import Any

from rich.console import Console

from hpsoft.report.console import offer, say
from hpsoft.report.format import cost, number, params_text, percent
from hpsoft.report.table import Column, draw
from hpsoft.search.confirm import Candidate, ConfirmReport


def confirm_document(report: ConfirmReport) -> dict[str, Any]:
    """Return the JSON document."""
    return {
        "study": report.study,
        "note": report.note,
        "method": report.method,
        "trials": [_document(candidate) for candidate in report.candidates],
        "winner": report.winner.trial.number,
        "confirmed": report.confirmed.trial.number,
        "one_se": report.one_se.trial.number,
        "luck": report.luck,
        "stability": report.stability,
        "agreement": report.agreement,
        "conclusion": conclusion(report),
    }


def _document(candidate: Candidate) -> dict[str, Any]:
    return {
        "trial": candidate.trial.number,
        "params": candidate.trial.params,
        "value": candidate.trial.value,
        "mean": candidate.mean,
        "standard_deviation": candidate.deviation,
        "standard_error": candidate.error,
        "accuracy": candidate.accuracy,
        "mean_rank": candidate.mean_rank,
        "costs": candidate.costs,
        "ranks": candidate.ranks,
    }


def draw_confirm(console: Console, report: ConfirmReport) -> None:
    """Print a row a trial, the lowest mean first, and what follows."""
    names = list(report.winner.trial.params)
    columns = [Column("trial"), *map(Column, names), Column("in study"), Column("mean")]
    columns += [Column("std dev"), Column("std error"), Column("accuracy")]
    columns += [Column("mean rank"), Column("ranks")]
    ordered = sorted(report.candidates, key=lambda candidate: candidate.mean)
    draw(console, columns, [_row(candidate, names) for candidate in ordered])
    console.print()
    say(console, conclusion(report))
    say(console, "Next:")
    offer(console, f"hpsoft final --study {report.study} --trial confirmed")


def _row(candidate: Candidate, names: list[str]) -> list[str]:
    return [
        number(candidate.trial.number),
        *(number(candidate.trial.params[name]) for name in names),
        cost(candidate.trial.value),
        cost(candidate.mean),
        f"{candidate.deviation:.2g}",
        f"{candidate.error:.2g}",
        percent(candidate.accuracy),
        f"{candidate.mean_rank:.1f}",
        f"{min(candidate.ranks):.0f} to {max(candidate.ranks):.0f}",
    ]


def conclusion(report: ConfirmReport) -> str:
    """Say how sure the winner is."""
    winner, best, simple = report.winner, report.confirmed, report.one_se
    first = (
        f"Over {report.method} the study's winner, trial {winner.trial.number}, costs "
        f"{cost(winner.mean)}, {report.luck:+.2g} against the {cost(winner.trial.value)} that it was "
        f"chosen by (standard deviation between repetitions {winner.deviation:.2g})."
    )
    facts = [first]
    if best is winner:
        facts.append("It stays the best.")
    else:
        facts.append(
            f"Trial {best.trial.number} is better by {winner.mean - best.mean:.2g} "
            f"({params_text(best.trial.params)})."
        )
    facts.append(
        f"The simplest within one standard error is trial {simple.trial.number} "
        f"({params_text(simple.trial.params)})."
    )
    if len(report.candidates) > 1:
        runner_up = report.candidates[1]
        assert runner_up.trial.value is not None, "a ranked trial has a value"
        assert winner.trial.value is not None, "a ranked trial has a value"
        facts.append(
            f"The winner's margin to the second was {runner_up.trial.value - winner.trial.value:.2g}; "
            f"it is {runner_up.mean - winner.mean:+.2g} now. Rank correlation between repetitions "
            f"{report.stability:.2f}, with the study {report.agreement:.2f}."
        )
    return " ".join(facts)


def draw_confirm_notes(console: Console, report: ConfirmReport) -> None:
    """Print which study was taken, and that an earlier confirmation is gone."""
    if report.note is not None:
        say(console, report.note, "Note", "bold")
    if report.replaced:
        say(console, "This takes the place of the study's earlier confirmation.", "Note", "bold")
