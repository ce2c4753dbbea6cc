"""What must be known of a search's result before it is trusted, and what to do next."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hpsoft.assess.optima import NEWTON, has_optimum
from hpsoft.report.search_result import gflops_per_second
from hpsoft.report.text.commands import (
    accuracy_command,
    asked_options,
    confirm_command,
    extend_command,
    final_command,
    newton_command,
    wider_command,
)
from hpsoft.report.text.console import offer, say, warn
from hpsoft.report.text.format import count, duration, exact, percent
from hpsoft.report.text.metrics import gap
from hpsoft.softmax.metric import ACCURACY
from hpsoft.space.ranges import numbers_of
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.edges import Edge
from hpsoft.tuning.events import Finished
from hpsoft.tuning.prepared import Prepared


def draw_notes(console: Console, finished: Finished, prepared: Prepared) -> None:
    """Print warnings, how long it took, where the study is, and the next command."""
    _draw_extension(console, finished)
    _draw_edges(console, finished, prepared)
    _draw_certificate(console, finished)
    _draw_standing(console, finished, prepared)
    _draw_accuracy(console, finished, prepared)
    if stopped := stopped_line(finished.leaderboard):
        say(console, stopped)
    if finished.n_run:
        say(console, speed_line(finished))
    say(console, f"Study {finished.study} is in {finished.storage}")
    if finished.leaderboard:
        say(console, "Next:")
        command = final_command(finished.study, _storage(finished, prepared))
        extension = finished.extension
        if extension is not None and extension.is_worse:
            command = f"{command} --trial {extension.before.number}"
        offer(console, command)


def _storage(finished: Finished, prepared: Prepared) -> str | None:
    """Return what commands need to find the storage again: nothing where it is the usual one."""
    return None if prepared.config.storage is None else finished.storage


def _draw_extension(console: Console, finished: Finished) -> None:
    """Say whether the winner of the larger grid is better than the one before, on other parts."""
    extension = finished.extension
    if extension is None:
        return
    metric, difference = extension.after.metric, extension.difference
    size = f"{gap(metric, abs(difference.mean))} +- {gap(metric, difference.error)}"
    verb = "has" if metric.maximized else "costs"
    what = f" {metric.title}" if metric.maximized else ""
    better, worse = ("more", "less") if metric.maximized else ("less", "more")
    if extension.is_worse:
        warn(
            console,
            f"The larger grid has not helped: on other parts of the data its winner {verb} {size} "
            f"{worse}{what} than trial {extension.before.number}, the winner before. Keep that one.",
        )
    else:
        say(
            console,
            f"On other parts of the data the winner {verb} {size} {better}{what} than "
            f"trial {extension.before.number}, the winner before the grid grew.",
        )


def _draw_edges(console: Console, finished: Finished, prepared: Prepared) -> None:
    """Say where the winner lies on an edge, and print the command that looks beyond."""
    if not finished.edges:
        return
    for edge in finished.edges:
        warn(console, edge_warning(edge))
    say(console, "A better one may lie beyond. To look there:")
    storage = _storage(finished, prepared)
    if finished.can_grow:
        offer(console, extend_command(finished.study, storage))
    else:
        space = prepared.grid.space
        values = {
            edge.name: sorted({*numbers_of(space[edge.name]), edge.suggestion})
            for edge in finished.edges
        }
        offer(console, wider_command(_asked(prepared), values, finished.study, storage))


def _asked(prepared: Prepared) -> dict[str, Any]:
    return asked_options(prepared.config, prepared.identity.source, prepared.grid.space)


def edge_warning(edge: Edge) -> str:
    """Say that the winner lies on an edge of the grid."""
    return f"The winner's {edge.name} = {exact(edge.value)} is the {edge.side} that was tried."


def _draw_certificate(console: Console, finished: Finished) -> None:
    """Say what diverged, and what in the study is of no point of the grid."""
    proof = finished.certificate
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
    if proof.strangers:
        verb = "is" if proof.strangers == 1 else "are"
        warn(
            console,
            f"{count(proof.strangers, 'trial')} in the study {verb} not of this grid. They rank "
            "nowhere.",
        )
    if proof.n_waiting:
        verb = "waits" if proof.n_waiting == 1 else "wait"
        warn(
            console,
            f"{count(proof.n_waiting, 'enqueued trial')} of the study {verb} to be run: hpsoft runs "
            "the points of its own grid or sampler only. To run it here, add its values with "
            "--set; `study.optimize` of Optuna runs it elsewhere.",
        )


def _draw_standing(console: Console, finished: Finished, prepared: Prepared) -> None:
    """Say how sure the winner is, and print the command that tells more."""
    standing = finished.standing
    if standing is None:
        return
    is_sgd_like = prepared.identity.optimizer != NEWTON and has_optimum(prepared.optimizer)
    metric = finished.leaderboard[0].metric
    if not standing.is_settled and is_sgd_like:
        word, size = metric.title if metric.maximized else "cost", gap(metric, standing.variation)
        warn(
            console,
            f"The winner has not settled: its {word} varies by {size} over the second half of its "
            "passes, more than its margin. Exact optima do not vary:",
        )
        asked, space = _asked(prepared), prepared.grid.space
        storage = _storage(finished, prepared)
        offer(console, newton_command(asked, space, finished.study, storage))
    if standing.n_as_good:
        share = "within one standard error of" if finished.leaderboard[0].folds else "as good as"
        say(
            console,
            f"{count(standing.n_as_good, 'other trial')} of {standing.n_ranked:,} "
            f"{'is' if standing.n_as_good == 1 else 'are'} {share} the winner: read the "
            "leaderboard as a region. To compare the best on other parts of the data:",
        )
        offer(console, confirm_command(finished.study, _storage(finished, prepared)))


def _draw_accuracy(console: Console, finished: Finished, prepared: Prepared) -> None:
    """Say where accuracy would choose another trial, by more than noise, and the command."""
    if (other := finished.by_accuracy) is None:
        return
    winner = finished.leaderboard[0]
    say(
        console,
        f"Chosen by {winner.metric.title}. Accuracy would choose trial {other.trial.number}: "
        f"{percent(other.trial.accuracy)}, {gap(ACCURACY, other.gain.mean)} more than the winner's "
        f"{percent(winner.accuracy)} (+- {gap(ACCURACY, other.gain.error)}). To have that one, or "
        "to search by accuracy:",
    )
    storage = _storage(finished, prepared)
    offer(console, f"{final_command(finished.study, storage)} --trial {other.trial.number}")
    offer(console, accuracy_command(_asked(prepared), finished.study, storage))


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


def speed_line(finished: Finished) -> str:
    """Say how long this run took."""
    return (
        f"{count(finished.n_run, 'trial')} in {duration(finished.seconds)}: "
        f"{finished.n_run / finished.seconds:.4g} trials/s, "
        f"{gflops_per_second(finished):.3g} GFLOP/s"
    )
