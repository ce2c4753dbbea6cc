"""What noise leaves of a comparison."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.softmax.metric import CROSS_ENTROPY
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.noise import difference, is_as_good, standing

costs = st.lists(st.floats(0, 10), min_size=2, max_size=15)


def trial(folds, epochs=8, rate=1.0, intermediate=()):
    value = float(np.mean(folds))
    return TrialRecord(
        {"epochs": epochs, "rate": rate},
        0,
        value,
        dict(intermediate) | {epochs: value},
        folds=tuple(folds) if len(folds) > 1 else (),
    )


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=2, max_size=15))
def test_a_difference_is_that_of_pairs(pairs):
    """The error is that of the mean of paired differences, whose training parts overlap."""
    one, other = zip(*pairs, strict=True)
    found = difference(one, other, 0.25)
    gaps = np.subtract(one, other)
    assert found.mean == pytest.approx(gaps.mean(), abs=1e-12)
    assert found.error == pytest.approx(
        gaps.std(ddof=1) * math.sqrt(1 / len(gaps) + 0.25), rel=1e-6, abs=1e-9
    )


def test_what_matters_is_more_than_its_error_and_than_next_to_nothing():
    """What all parts have in common is no error of the difference."""
    hard = np.array([0.1, 0.5, 0.9])
    assert difference(hard + 0.02, hard, 0.5).matters(CROSS_ENTROPY)
    assert not difference(hard + CROSS_ENTROPY.negligible / 2, hard, 0.5).matters(CROSS_ENTROPY)
    assert not difference(hard + np.array([0.5, -0.3, -0.1]), hard, 0.5).matters(CROSS_ENTROPY)
    assert not difference(hard, hard + 0.02, 0.5).matters(CROSS_ENTROPY)


def test_a_part_on_which_one_diverged_makes_it_infinitely_worse():
    assert difference([1.0, math.inf], [1.0, 1.0], 0.25).mean == math.inf
    assert math.isnan(difference([math.inf, 1.0], [1.0, math.inf], 0.25).mean)


def test_as_good_is_within_one_standard_error_of_paired_differences():
    winner = trial([0.1, 0.5, 0.9, 0.3])
    assert is_as_good(trial([0.2, 0.4, 1.0, 0.31]), winner)
    assert not is_as_good(trial([0.13, 0.53, 0.93, 0.34]), winner)  # a little worse everywhere
    assert is_as_good(winner, winner)


def test_what_is_next_to_nothing_is_as_good_however_sure():
    """Penguins: the next larger alpha cost 9.0e-6 more, by an error of 8.8e-6, of 3.1e-3."""
    winner = trial([0.001, 0.02, 0.004, 0.008, 0.005])
    assert is_as_good(trial([fold + 9e-6 for fold in winner.folds]), winner)
    assert not is_as_good(trial([fold + 1e-3 for fold in winner.folds]), winner)


def test_folds_that_overlap_say_less():
    """The error of a mean over them is larger than that of independent ones."""
    winner, other = trial([0.1, 0.5, 0.9, 0.3]), trial([0.2, 0.52, 1.0, 0.31])
    assert not is_as_good(other, winner)
    assert is_as_good(other, winner, overlap=1.5)


def test_without_folds_a_share_of_the_cost_stands_for_the_error():
    winner = trial([1.0])
    assert is_as_good(trial([1.0009]), winner)
    assert not is_as_good(trial([1.0011]), winner)
    assert not is_as_good(TrialRecord({}, 0, None), winner)


def test_standing_counts_who_is_as_good():
    ranking = [trial([0.1, 0.5, 0.9]), trial([0.2, 0.4, 0.95]), trial([0.5, 0.9, 1.3])]
    found = standing(ranking, "epochs")
    assert (found.n_ranked, found.n_as_good) == (3, 1)
    assert standing([], "epochs") is None


@pytest.mark.parametrize(
    ("curve", "is_settled"),
    [
        ({1: 9.0, 2: 3.0, 4: 0.301, 8: 0.3}, True),  # the first half of its passes is no matter
        ({4: 0.33, 6: 0.31, 8: 0.3}, False),
        ({4: 0.3, 6: 0.45, 8: 0.3}, False),
    ],
)
def test_a_winner_has_settled_whose_cost_stays_within_its_error(curve, is_settled):
    winner = trial([0.3, 0.31, 0.29], intermediate=curve.items())  # error 0.0058
    found = standing([winner], "epochs")
    assert found.is_settled is is_settled
    assert found.variation == pytest.approx(max(c for h, c in curve.items() if h >= 4) - 0.3)


def test_with_one_part_the_margin_is_the_distance_to_the_next_model():
    curve = {4: 0.31, 8: 0.3}.items()
    winner, longer = trial([0.3], intermediate=curve), trial([0.3005], epochs=16)
    assert standing([winner, longer, trial([0.32], rate=2.0)], "epochs").is_settled
    assert not standing([winner, longer, trial([0.305], rate=2.0)], "epochs").is_settled
