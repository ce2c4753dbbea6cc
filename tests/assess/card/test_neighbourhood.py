"""The values next to the winner's, against a search of all trials for each."""

from itertools import product

import numpy as np
import pytest

from hpsoft.assess.card.neighbourhood import neighbourhood
from hpsoft.space.ranges import Range
from hpsoft.study.leaderboard import rank
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.noise import difference

SPACE = {"scale": ("raw", "unit", "standard"), "alpha": (0.1, 0.0, 1.0), "epochs": (4, 1, 2)}


def trials(rng, share=0.7):
    """Return finished trials of some points, some of them without a value."""
    points = [dict(zip(SPACE, point, strict=True)) for point in product(*SPACE.values())]
    kept = [i for i in range(len(points)) if rng.random() < share]
    folds = {i: tuple(rng.integers(1, 9, 3) / 10) for i in kept}  # ties happen
    lost = {i for i in kept if rng.random() < 0.2}
    return [
        TrialRecord(points[i], i, None, number=n, pruned=i % 2 == 0)
        if i in lost
        else TrialRecord(points[i], i, float(np.mean(folds[i])), number=n, folds=folds[i])
        for n, i in enumerate(kept)
    ]


def reference(found, name):
    """Return the same of one hyperparameter, trial by trial."""
    ranking = rank(found)
    winner = ranking[0]
    mine, values = winner.params[name], SPACE[name]
    if name == "scale":
        beside = [value for value in values if value != mine]
    else:
        below, above = ([v for v in values if v < mine], [v for v in values if v > mine])
        beside = sorted(below)[-1:] + sorted(above)[:1]
    rows = []
    for value in beside:
        alike = [
            t for t in found if {**t.params, name: 0} == {**winner.params, name: 0}
            and t.params[name] == value
        ]  # fmt: skip
        best = [t for t in ranking if t.params[name] == value]
        rows.append((value, alike[0] if alike else None, best[0] if best else None))
    return rows


@pytest.mark.parametrize("seed", range(20))
def test_they_are_those_that_a_look_at_all_trials_finds(seed):
    found = trials(np.random.default_rng(seed))
    told = neighbourhood(found, SPACE, 0.25)
    for name in SPACE:
        rows = [(one.value, one.trial, one.best) for one in told if one.name == name]
        assert rows == reference(found, name)
    winner = rank(found)[0]
    for one in told:
        if one.trial is None or one.trial.value is None:
            assert one.difference is None
        else:
            assert one.difference == difference(one.trial.losses, winner.losses, 0.25)


def test_of_a_range_they_are_the_next_values_that_were_tried():
    found = [
        TrialRecord({"alpha": alpha}, i, cost, number=i)
        for i, (alpha, cost) in enumerate([(0.5, 3.0), (0.1, 1.0), (0.2, 2.0), (0.01, 4.0)])
    ]
    told = neighbourhood(found, {"alpha": Range(0.001, 1.0, log=True)})
    assert [(one.side, one.value, one.best.number) for one in told] == [
        ("below", 0.01, 3), ("above", 0.2, 2),
    ]  # fmt: skip


def test_without_a_winner_there_is_none():
    assert neighbourhood([TrialRecord({"alpha": 1.0}, 0, None)], {"alpha": (1.0, 2.0)}) == ()
