"""What a finished search found: leaderboard, winner, certificate, warnings, what to do next."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hpsoft.data.side.roles import ROLES, WEIGHT
from hpsoft.report.text.console import WIDTH_OF_A_FILE, say
from hpsoft.report.text.format import chosen, count, number, params_text
from hpsoft.report.text.metrics import column, gap, score, with_error
from hpsoft.report.text.table import Column, draw, lines, parameter
from hpsoft.softmax.metric import ACCURACY, CHOOSING, CROSS_ENTROPY, Metric
from hpsoft.study.certificate import Certificate
from hpsoft.study.records import TrialRecord, trial_document
from hpsoft.tuning.events import Extension, Finished

TOP = 10


def search_document(finished: Finished) -> dict[str, Any]:
    """Return the JSON document of a search."""
    proof, ranking = finished.certificate, finished.leaderboard
    return {
        "study": finished.study,
        "storage": finished.storage,
        "data": proof.data,
        "metric": proof.metric,
        "n_grid": proof.n_grid,
        "n_finished": proof.n_finished,
        "n_run": finished.n_run,
        "n_diverged": proof.n_diverged,
        "n_pruned": proof.n_pruned,
        "out_of_time": finished.out_of_time,
        "certificate": certificate_document(proof),
        "winner": trial_document(ranking[0]) if ranking else None,
        "leaderboard": [trial_document(record) for record in ranking[:TOP]],
        "edges": finished.edges,
        "standing": finished.standing,
        "by_accuracy": _by_accuracy(finished),
        "extension": _extension_document(finished.extension),
        "seconds": finished.seconds,
        "gflops_per_second": gflops_per_second(finished),
    }


def _by_accuracy(finished: Finished) -> dict[str, Any] | None:
    """Return the trial that accuracy would choose, where that is another by more than noise."""
    other = finished.by_accuracy
    if other is None:
        return None
    gain = {"gain": other.gain.mean, "standard_error": other.gain.error}
    return {"trial": other.trial.number, "accuracy": other.trial.accuracy, **gain}


def _extension_document(extension: Extension | None) -> dict[str, Any] | None:
    """Return how the winner compares with that of the grid before it grew."""
    if extension is None:
        return None
    return {
        "before": extension.before.number,
        "after": extension.after.number,
        "difference": extension.difference.mean,
        "standard_error": extension.difference.error,
        "is_worse": extension.is_worse,
    }


def certificate_document(proof: Certificate) -> dict[str, Any]:
    """Return the certificate with its verdict first."""
    return {"complete": proof.complete, **vars(proof)}


def gflops_per_second(finished: Finished) -> float:
    """Return the speed of this run, the writing of trials included."""
    return finished.flops / finished.seconds / 1e9 if finished.seconds else 0.0


def draw_result(console: Console, finished: Finished, names: Sequence[str]) -> None:
    """Print the leaderboard, the winner and the certificate; `names` orders the columns."""
    columns, cells = leaderboard(finished, names)
    if cells:
        draw(console, columns, cells)
        console.print()
    for line in verdict(finished, names):
        say(console, line)


def result_text(finished: Finished, names: Sequence[str]) -> str:
    """Return the same as text."""
    columns, cells = leaderboard(finished, names)
    table = [*lines(columns, cells, WIDTH_OF_A_FILE), ""] if cells else []
    return "\n".join([*table, *verdict(finished, names)])


def leaderboard(finished: Finished, names: Sequence[str]) -> tuple[list[Column], list[list[str]]]:
    """Return the columns and the rows of the best trials; nothing where none has a value."""
    ranking = finished.leaderboard
    if not ranking:
        return [], []
    columns = [Column(""), Column("trial"), *map(parameter, names)]
    shown = _metrics(ranking[0])
    columns += [Column(column(shown[0])), *_error_column(ranking[0])]
    columns += [Column(column(metric)) for metric in shown[1:]]
    return columns, [_row(i, r, names, shown) for i, r in enumerate(ranking[:TOP], 1)]


def verdict(finished: Finished, names: Sequence[str]) -> list[str]:
    """Return in lines who won, how it did and what the storage proves."""
    ranking, proof = finished.leaderboard, finished.certificate
    winner = [
        text
        for record in ranking[:1]
        for text in (
            f"Winner: trial {record.number}: {params_text(record.params, names)}",
            score_text(record),
        )
    ]
    parts = parts_line(proof)
    return [*winner, certificate_line(proof), *([parts] if parts else [])]


def certificate_line(proof: Certificate) -> str:
    """Say what the storage proves."""
    counts = f"{proof.n_finished}/{proof.n_grid} grid points"
    if proof.n_grid is None:
        counts = count(proof.n_finished, "point")
    if proof.complete:
        return f"{counts}, each with exactly one finished trial"
    if proof.n_pruned or (proof.sampler != "grid" and not proof.exhausted):
        pruned = f", {proof.n_pruned:,} of them pruned" if proof.pruner != "none" else ""
        unknown = ["the others"] * (not proof.exhausted) + ["the pruned"] * bool(proof.n_pruned)
        return (
            f"{counts} tried{pruned}: inexact, a better point may be among {' or '.join(unknown)} "
            f"(sampler {proof.sampler}, pruner {proof.pruner})"
        )
    if proof.exhausted:
        again = count(proof.duplicates, "finished trial")
        return f"{counts} have a finished trial; {again} more repeat some of them"
    return f"{counts} have a finished trial"


def parts_line(proof: Certificate) -> str:
    """Say what decided which samples go where, or count for how much; empty where nothing did."""
    told = {role: f"{ROLES[role].what} of column {name!r}" for role, name in proof.side.items()}
    weighted = f"Weighted by {told.pop(WEIGHT)}." if WEIGHT in told else ""
    given = [*told.values(), *["equal samples on one side"] * proof.dedupe]
    divided = f"Divided by {', '.join(given)}." if given else ""
    return f"{divided} {weighted}".strip()


def incomplete(proof: Certificate) -> str:
    """Say why a grid search that has ended has no certificate."""
    if proof.missing:
        return (
            f"Study {proof.study} is no exhaustive search: {count(proof.missing, 'grid point')} "
            "without a finished trial. Did another program write to the study? Run the same "
            "command again for what is missing."
        )
    return (
        f"Study {proof.study} has more than one finished trial of some grid points: "
        f"{count(proof.duplicates, 'trial')} too many. Another program wrote to it; the first "
        "trial of each point is the one that ranks. Search again under another name (--study) "
        "for a certificate."
    )


def _metrics(winner: TrialRecord) -> list[Metric]:
    """Return the metrics of the leaderboard: what chooses first, then cost and accuracy."""
    others = (metric for metric in (CROSS_ENTROPY, ACCURACY) if metric is not winner.metric)
    return [winner.metric, *others]


def _row(
    rank: int, record: TrialRecord, names: Sequence[str], metrics: Sequence[Metric]
) -> list[str]:
    first, *rest = (score(metric, record.score(metric.name)) for metric in metrics)
    return [
        str(rank),
        number(record.number),
        *(chosen(name, record.params[name]) for name in names),
        first,
        *([gap(record.metric, record.error)] if record.error is not None else []),
        *rest,
    ]


def _error_column(winner: TrialRecord) -> list[Column]:
    return [] if winner.error is None else [Column("std error", spare=1)]


def score_text(record: TrialRecord) -> str:
    """Write what a trial was chosen by, and all else that was measured, with standard errors."""
    chosen_by = record.metric
    text = f"Validation {chosen_by.title} {with_error(record, chosen_by)}"
    if record.error is not None:
        text += f" (mean and standard error over {len(record.folds)} folds)"
    if chosen_by is CROSS_ENTROPY:
        text += ", unregularised"
    others = [
        m for m in CHOOSING.values() if m is not chosen_by and record.score(m.name) is not None
    ]
    return "; ".join([text, ", ".join(f"{m.title} {with_error(record, m)}" for m in others)])
