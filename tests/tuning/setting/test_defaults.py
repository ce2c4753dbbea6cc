"""Spaces that fit all that is seen of the data."""

import numpy as np
import pytest
from hpsoft_newton import Newton
from hpsoft_sgd import SGD

from hpsoft.tuning.setting.defaults import cover

RATES = [0.1, 0.2, 0.4, 0.8]


@pytest.mark.parametrize(
    ("other", "joined"),
    [
        (RATES, RATES),
        ([0.11, 0.22, 0.44, 0.88], RATES),  # all are near
        ([0.15, 0.3, 0.6, 1.2], [*RATES, 1.2]),
        ([0.001, 0.002], [0.001, 0.002, *RATES]),  # nothing is put into the gap
        ([0.01, 0.02], [0.01, 0.02, *RATES]),
        ([0.04, 0.08, 3.2], [0.04, *RATES, 3.2]),
    ],
)
def test_what_no_value_is_near_is_added(other, joined):
    """Nearer than half a step; in the order of size."""
    spaces = [{"learning_rate": RATES, "epochs": [1]}, {"learning_rate": other, "epochs": [9]}]
    found = cover(SGD(), spaces)
    np.testing.assert_allclose(found["learning_rate"], joined)
    assert found["epochs"] == [1]


@pytest.mark.parametrize("odd", [[0.0], [0.0, 1.0], "0.1", 3, [None, 0.1], [1, 2]], ids=str)
def test_what_is_no_list_of_rates_stays_as_the_first_has_it(odd):
    """Plugins may return anything: it is checked later."""
    assert cover(Newton(), [{"alpha": odd}, {"alpha": [0.1, 0.2]}])["alpha"] == odd
