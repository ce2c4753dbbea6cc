"""What studies remember is read, and what is not what hpsoft writes is left out."""

import math

import pytest

from hpsoft.assess.card.remembered import distance_of, luck_of, number_in, use_of
from hpsoft.softmax.metric import ACCURACY, CROSS_ENTROPY
from hpsoft.study.records import TrialRecord

WINNER = TrialRecord({"alpha": 1.0}, 0, 0.9, number=7, metric=ACCURACY)


def test_luck_is_lost_of_what_the_winner_was_chosen_by():
    kept = {"top": 3, "seeds": [1, 2], "means": {"7": 0.87}, "confirmed": 2, "one-se": None}
    luck = luck_of(kept, WINNER)
    assert luck.luck == pytest.approx(0.03)
    assert (luck.mean, luck.error, luck.confirmed, luck.one_se) == (0.87, None, 2, None)
    assert luck_of(kept | {"errors": {"7": 0.01}}, WINNER).error == 0.01


def test_luck_is_not_known_of_who_was_not_there():
    assert luck_of(None, WINNER) is None
    assert luck_of({"means": {"6": 0.8}, "seeds": 3}, WINNER).luck is None
    assert luck_of({"means": {"7": 0.8}}, None).luck is None


def test_nothing_strange_comes_through():
    use = use_of(
        "s", {"trial": "7", "when": 3, "result": {"accuracy": math.nan, "n": 5, "x": "y"}}
    )
    assert (use.trial, use.when, use.seed, dict(use.result), use.n) == (
        None,
        None,
        None,
        {"n": 5},
        5,
    )
    assert use.score(CROSS_ENTROPY) is None
    assert use_of("s", {"result": 3}).n is None
    distance = distance_of({"best_optimum": None, "training_gap": True})
    assert (distance.training_gap, distance.best_value, dict(distance.best)) == (None, None, {})
    assert distance_of(None) is None
    assert number_in([1], "a") is None
