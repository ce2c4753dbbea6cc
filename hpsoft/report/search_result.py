"""What a finished search found: leaderboard, winner, certificate, warnings, what to do next."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console

from hpsoft.optimizers.protocol import Value
from hpsoft.report.commands import final_command
from hpsoft.report.console import offer, say, warn
from hpsoft.report.format import cost, count, duration, exact, number, params_text, percent
from hpsoft.report.table import Column, draw, parameter
from hpsoft.search.certificate import Certificate
from hpsoft.search.edges import Edge
from hpsoft.search.ranges import Candidates, Range
from hpsoft.search.records import TrialRecord
from hpsoft.search.run import Finished

TOP = 10

Space = Mapping[str, Candidates]


def search_document(finished: Finished) -> dict[str, Any]:
    """Return the JSON document of a search."""
    proof, ranking = finished.certificate, finished.leaderboard
    return {
        "study": finished.study,
        "storage": finished.storage,
        "data": proof.data,
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
        "seconds": finished.seconds,
        "gflops_per_second": gflops_per_second(finished),
    }


def certificate_document(proof: Certificate) -> dict[str, Any]:
    """Return the certificate with its verdict first."""
    return {"complete": proof.complete, **vars(proof)}


def trial_document(record: TrialRecord) -> dict[str, Any]:
    """Return a trial; its number is Optuna's."""
    return {
        "trial": record.number,
        "params": record.params,
        "value": record.value,
        "accuracy": record.accuracy,
        "converged": record.converged,
        "intermediate": record.intermediate,
    }


def gflops_per_second(finished: Finished) -> float:
    """Return the speed of this run, the writing of trials included."""
    return finished.flops / finished.seconds / 1e9 if finished.seconds else 0.0


def draw_result(console: Console, finished: Finished, names: Sequence[str]) -> None:
    """Print the leaderboard, the winner and the certificate; `names` orders the columns."""
    ranking = finished.leaderboard
    if ranking:
        columns = [Column(""), Column("trial"), *map(parameter, names)]
        columns += [Column("cost"), Column("accuracy")]
        draw(console, columns, [_row(i, r, names) for i, r in enumerate(ranking[:TOP], 1)])
        console.print()
        say(console, f"Winner: trial {ranking[0].number}: {params_text(ranking[0].params, names)}")
        say(
            console,
            f"Validation cross-entropy {cost(ranking[0].value)}, unregularised; "
            f"accuracy {percent(ranking[0].accuracy)}",
        )
    proof = finished.certificate
    say(console, certificate_line(proof))


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


def draw_notes(
    console: Console, finished: Finished, space: Space, storage_option: str | None
) -> None:
    """Print warnings, how long it took, where the study is, and the next command."""
    proof = finished.certificate
    for edge in finished.edges:
        warn(console, edge_warning(edge))
    if wider := wider_options(finished.edges, space, finished.study):
        say(console, "A better one may lie beyond. To look there, search again with")
        offer(console, "--extend" if finished.can_grow else wider)
    if proof.n_finished and proof.n_finished == proof.n_diverged:
        warn(console, "Every trial diverged: there is no winner. Search smaller learning rates.")
    elif proof.n_finished and not finished.leaderboard:
        warn(console, "Every trial was pruned or diverged: there is no winner.")
    elif proof.n_diverged:
        warn(
            console,
            f"{count(proof.n_diverged, 'trial')} of {proof.n_finished:,} diverged: their numbers left "
            f"the range of {proof.dtype}. They rank nowhere.",
        )
    if stopped := stopped_line(finished.leaderboard):
        say(console, stopped)
    if proof.strangers:
        verb = "is" if proof.strangers == 1 else "are"
        warn(
            console,
            f"{count(proof.strangers, 'trial')} in the study {verb} not of this grid. They rank "
            "nowhere.",
        )
    if finished.n_run:
        say(console, speed_line(finished))
    say(console, f"Study {finished.study} is in {finished.storage}")
    if finished.leaderboard:
        say(console, "Next:")
        offer(console, next_command(finished, storage_option))


def stopped_line(ranking: Sequence[TrialRecord]) -> str:
    """Say where the optimizer stopped before its optimum, empty where it does not say."""
    told = [record for record in ranking if record.converged is not None]
    if not told or all(record.converged for record in told):
        return ""
    text = (
        f"{sum(not record.converged for record in told):,} of {count(len(told), 'trial')} stopped "
        "at their last iteration, before the optimum (status max_iter)"
    )
    if told[0] is ranking[0]:
        text += f"; the winner {'had reached it' if told[0].converged else 'is one of them'}"
    return f"{text}."


def edge_warning(edge: Edge) -> str:
    """Say that the winner lies on an edge of the grid."""
    text = f"The winner's {edge.name} = {exact(edge.value)} is the {edge.side} that was tried"
    return f"{text}." if edge.suggestion is not None else f"{text}; no value lies beyond it."


def wider_options(edges: Sequence[Edge], space: Space, study: str) -> str:
    """Return the options of a search that looks beyond the edges, empty if there are none."""
    settings = [
        f"--set {edge.name}={_listed({*values, edge.suggestion})}"
        for edge in edges
        if edge.suggestion is not None
        and not isinstance(values := space[edge.name], Range)  # a range has no edge
    ]
    return " ".join([*settings, f"--study {shlex.quote(f'{study}-wider')}"] if settings else [])


def _listed(values: Iterable[Value]) -> str:
    return ",".join(exact(value) for value in sorted(values))


def speed_line(finished: Finished) -> str:
    """Say how long this run took."""
    return (
        f"{count(finished.n_run, 'trial')} in {duration(finished.seconds)}: "
        f"{finished.n_run / finished.seconds:.4g} trials/s, "
        f"{gflops_per_second(finished):.3g} GFLOP/s"
    )


def next_command(finished: Finished, storage_option: str | None) -> str:
    """Return the command that retrains the winner and opens the test set."""
    storage = None if storage_option is None else finished.storage
    return final_command(finished.study, storage)


def _row(rank: int, record: TrialRecord, names: Sequence[str]) -> list[str]:
    return [
        str(rank),
        number(record.number),
        *(number(record.params[name]) for name in names),
        cost(record.value),
        percent(record.accuracy),
    ]
