"""Sentences: which values were used, and how far the search has come."""

from collections.abc import Mapping, Sequence

from hpsoft.assess.card.card import Card
from hpsoft.assess.card.remembered import TestUse
from hpsoft.optimizers.categories import Choice
from hpsoft.report.search_result import certificate_line
from hpsoft.report.text.format import count, typed
from hpsoft.report.text.metrics import score, with_error
from hpsoft.softmax.metric import ACCURACY, CROSS_ENTROPY, METRICS, Metric
from hpsoft.study.records import TrialRecord


def used_values(card: Card) -> str:
    """Say which values were used, how they were chosen, and what the test set said of them."""
    used = card.used
    if used is None:
        return f"None yet: no trial of study {card.study} has a value."
    about = card.about.identity
    method = f"by {about.optimizer}, features {_scaled(card)}, in {about.dtype}, seed {about.seed}"
    text = (
        f"{exact_text(used.params, list(about.space))} (trial {used.number} of study "
        f"{card.study}), {method}. {_choice(card, used)}"
    )
    last = card.own_uses[-1] if card.own_uses else None
    return f"{text} {_tested(card, last)}"


def exact_text(params: Mapping[str, Choice], names: Sequence[str]) -> str:
    """Write values so that typing them gives the same model, to the last digit."""
    return ", ".join(typed(name, [params[name]]).replace("=", " ", 1) for name in names)


def _scaled(card: Card) -> str:
    """Say how the features of the model were scaled."""
    assert card.used is not None, "whoever asks has looked"
    scale = card.used.params.get("scale", card.about.identity.scale)
    return "as they are" if scale == "raw" else f"scaled by {scale}"


def _choice(card: Card, used: TrialRecord) -> str:
    """Say by what the values were chosen, and of how many."""
    if card.winner is None or used.number != card.winner.number:
        return f"{_other_choice(card, used)}; {_of(card)} {_best(card)}."
    metric = card.metric
    by = "highest" if metric.maximized else "lowest"
    validation = card.about.identity.validation.text
    text = f"Chosen by the {by} validation {metric.title}, {with_error(used, metric)}"
    text += f" (mean and standard error over {len(used.folds)} folds)" * (used.error is not None)
    return f"{text}, by {validation}, {_of(card)}."


def _other_choice(card: Card, used: TrialRecord) -> str:
    luck = card.luck
    for name, number in (("confirmed", luck and luck.confirmed), ("one-se", luck and luck.one_se)):
        if number == used.number:
            return f"Chosen by hpsoft confirm ({name})"
    return "Chosen by its number"


def _best(card: Card) -> str:
    winner = card.winner
    return "none has a value" if winner is None else f"trial {winner.number} is the best"


def _of(card: Card) -> str:
    proof = card.proof
    if proof.complete:
        return f"of all {count(proof.n_finished, 'point')} of the grid"
    whole = "" if proof.n_grid is None else f" of {proof.n_grid:,}"
    return f"of the {proof.n_finished:,}{whole} points that were tried"


def _tested(card: Card, last: TestUse | None) -> str:
    """Say what the test set said, and how often it was asked."""
    uses = f"The test set was used {_times(len(card.uses))} in all"
    if last is None:
        return f"{uses}, by other studies." if card.uses else "The test set was not used."
    figures = ", ".join(f"{metric.title} {text}" for metric, text in scores(last, card.metric))
    on = "" if last.n is None else f" on {count(last.n, 'sample')}"
    return f"Test{on}: {figures or 'no figures were kept'}. {uses}."


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def scores(use: TestUse, chosen_by: Metric) -> list[tuple[Metric, str]]:
    """Return the metrics of a use of the test set that people ask for first."""
    wanted = dict.fromkeys((chosen_by, CROSS_ENTROPY, ACCURACY))
    return [(m, score(m, value)) for m in wanted if (value := use.score(m)) is not None]


def tested_metrics(card: Card) -> list[Metric]:
    """Return all metrics that the test set was measured by."""
    return [m for m in METRICS.values() if any(use.score(m) is not None for use in card.uses)]


def state(card: Card) -> str:
    """Say how far the search has come, and what it proves."""
    line = certificate_line(card.proof)
    if not card.is_finished:
        return f"Not finished: {line}. A better trial may be among the others."
    return f"{line}."
