"""Rows drawn where there is no room for the logits of all: each as likely as any other."""

import numpy as np

from hpsoft.model.predict.apply import Predicted
from hpsoft.model.predict.figures import Figures


def test_more_logits_than_there_is_room_for_are_drawn_at_random():
    """Each row as likely as any other: 400 draws of 10 of 40 rows, in chunks."""
    counts, seen = np.zeros(40), []
    logits = np.arange(80.0).reshape(40, 2)
    for seed in range(400):
        figures = Figures(("a", "b"), 1.0, most=20)
        figures._rng = np.random.default_rng(seed)
        for rows in (slice(0, 7), slice(7, 25), slice(25, 40)):
            some = logits[rows]
            labels = np.array(["a"] * len(some))
            figures.add(Predicted(np.zeros(len(some), np.intp), some, some, labels))
        kept = (figures._logits[:, 0] / 2).astype(int)
        assert len(set(kept)) == 10
        counts[kept] += 1
        seen.append(figures.n_measured)
    assert set(seen) == {10}
    assert np.abs(counts - 100).max() < 4 * np.sqrt(100 * 0.75)


def test_a_row_that_comes_later_stays_as_often_as_the_first():
    """Of one place and three rows, each in a third of 900 draws."""
    counts, logits, labels = np.zeros(3), np.arange(6.0).reshape(3, 2), np.array(["a"] * 3)
    for seed in range(900):
        figures = Figures(("a", "b"), 1.0, most=2)
        figures._rng = np.random.default_rng(seed)
        for rows in (slice(0, 1), slice(1, 2), slice(2, 3)):
            some = logits[rows]
            figures.add(Predicted(np.zeros(1, np.intp), some, some, labels[rows]))
        counts[int(figures._logits[0, 0] / 2)] += 1
    assert np.abs(counts - 300).max() < 4 * np.sqrt(900 * 2 / 9)
