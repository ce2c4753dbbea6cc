"""What was found, in Markdown: the winner, its neighbours, luck and distance to the optimum."""

from hpsoft.assess.card.card import Card
from hpsoft.assess.card.neighbourhood import Neighbour
from hpsoft.assess.card.remembered import Luck, OptimumDistance
from hpsoft.report.card.escape import escaped, table
from hpsoft.report.search_result import score_text
from hpsoft.report.text.format import NOTHING, chosen, cost, number, of_cost, typed
from hpsoft.report.text.metrics import change, column, gap, has, score
from hpsoft.softmax.metric import Metric
from hpsoft.study.records import TrialRecord

NO_WINNER = "No trial has a value."
VIEWS = ("feature_set", "scale")
VERDICTS = {
    "no optimum": "there is no minimum to compare with",
    "longer helps": "a search that comes closer to the optimum can still win",
    "at the optimum": "a longer search at these alphas cannot help",
    "stopped early": "stopping early is better than the optimum of its alpha",
}


def winner_lines(card: Card) -> list[str]:
    """Return the values of the winner, and what was measured of it."""
    winner = card.winner
    if winner is None:
        return [NO_WINNER]
    names = list(card.about.identity.space)
    row = [
        number(winner.number),
        *(typed(name, [winner.params[name]]).partition("=")[2] for name in names),
    ]
    return [*table(("trial", *names), [row]), "", escaped(f"{score_text(winner)}.")]


def neighbour_lines(card: Card) -> list[str]:
    """Return a row for each value next to the winner's, below, at and above it."""
    winner = card.winner
    if winner is None:
        return [NO_WINNER]
    title = column(card.metric)
    header = (
        "hyperparameter", "value", title, "std error", "against the winner", "std error of that",
        f"best {title} with this value", "its std error", "its trial",
    )  # fmt: skip
    rows = []
    for name in card.about.identity.space:
        mine = [one for one in card.neighbours if one.name == name]
        before, after = (
            [o for o in mine if o.side == "below"],
            [o for o in mine if o.side != "below"],
        )
        rows += [_neighbour_row(one, winner) for one in before]
        rows.append(_own_row(name, winner))
        rows += [_neighbour_row(one, winner) for one in after]
    below = (
        "The first figures are of the trial that differs from the winner in this value alone, the "
        "last ones of the best trial with this value. A side without a row is an edge of what was "
        "tried."
    )
    return [*table(header, rows), "", below]


def _own_row(name: str, winner: TrialRecord) -> tuple[str, ...]:
    value, error = _figures(winner, winner.metric)
    own = f"{chosen(name, winner.params[name])} (winner)"
    return (name, own, value, error, NOTHING, NOTHING, value, error, number(winner.number))


def _neighbour_row(one: Neighbour, winner: TrialRecord) -> tuple[str, ...]:
    metric, against = winner.metric, one.difference
    loss = None if one.trial is None else one.trial.loss
    difference = NOTHING
    if loss is not None and winner.loss is not None:
        difference = change(metric, loss - winner.loss)
    return (
        one.name,
        chosen(one.name, one.value),
        *_figures(one.trial, metric),
        difference,
        NOTHING if against is None else gap(metric, against.error),
        *_figures(one.best, metric),
        NOTHING if one.best is None else number(one.best.number),
    )


def _figures(trial: TrialRecord | None, metric: Metric) -> tuple[str, str]:
    """Return a trial's value and its standard error, or why there are none."""
    if trial is None:
        return "not run", NOTHING
    if trial.value is None:
        return trial.status or NOTHING, NOTHING
    return score(metric, trial.value), NOTHING if trial.error is None else gap(metric, trial.error)


def luck_lines(card: Card) -> list[str]:
    """Return what became of the winner on other parts of the data."""
    luck = card.luck
    if luck is None:
        return ["Not confirmed."]
    return [*table(("confirmed", luck.when or NOTHING), _luck_rows(luck, card.metric))]


def _luck_rows(luck: Luck, metric: Metric) -> list[tuple[str, str]]:
    error = "" if luck.error is None else f" +- {gap(metric, luck.error)}"
    mean = "the winner was not among the trials, or diverged"
    if luck.mean is not None:
        mean = f"{score(metric, luck.mean)}{error}"
    return [
        ("trained again on", luck.method or NOTHING),
        ("seeds", " ".join(map(str, luck.seeds)) or NOTHING),
        ("best trials that were compared", number(luck.top)),
        ("the winner was chosen by", score(metric, luck.chosen_by)),
        ("its mean there", mean),
        ("luck (the mean against what it was chosen by)", _change(metric, luck.luck)),
        ("lowest mean loss (confirmed)", _trial(luck.confirmed)),
        ("simplest within one standard error of it (one-se)", _trial(luck.one_se)),
    ]


def _change(metric: Metric, luck: float | None) -> str:
    return NOTHING if luck is None else change(metric, luck)


def _trial(found: int | None) -> str:
    return "none is recommended: exact optima are better" if found is None else f"trial {found}"


def distance_lines(card: Card) -> list[str]:
    """Return how far the winner was from the exact optimum of the cost that it minimises."""
    distance = card.distance
    if distance is None:
        return ["Not compared with exact optima."]
    return table(("compared", distance.when or NOTHING), _distance_rows(distance, card.metric))


def _distance_rows(distance: OptimumDistance, metric: Metric) -> list[tuple[str, str]]:
    best = distance.best
    which = NOTHING
    if isinstance(alpha := best.get("alpha"), int | float):
        view = [(name, str(best[name])) for name in VIEWS if name in best]
        which = f"{of_cost(alpha, best.get('class_weight', 0.0), view)}: "
        which += has(metric, score(metric, distance.best_value))
    verdict = distance.verdict or NOTHING
    return [
        ("trial, the winner then", number(distance.trial)),
        ("its regularised training cost", cost(distance.training_cost)),
        ("above the optimum of that cost", _gap(distance.training_gap)),
        ("its validation cost", cost(distance.validation_cost)),
        ("above that of the optimum", _gap(distance.validation_gap)),
        ("best exact optimum", which),
        ("verdict", f"{verdict}: {VERDICTS[verdict]}" if verdict in VERDICTS else verdict),
    ]


def _gap(value: float | None) -> str:
    return "there is no such optimum" if value is None else f"{value:+.2e}"
