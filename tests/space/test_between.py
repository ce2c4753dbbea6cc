"""What lies half way between two listed values."""

import pytest

from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.space.between import between, is_geometric

ALPHA = Hyperparameter("alpha", Role.COLUMNAR, float, 0)
EPOCHS = Hyperparameter("epochs", Role.HORIZON, int, 1)


@pytest.mark.parametrize(
    ("parameter", "values", "i", "expected"),
    [
        (ALPHA, (1e-4, 1e-2, 1), 0, 1e-3),  # by ratio
        (ALPHA, (1.0, 2.0, 3.0), 0, 1.5),  # by difference
        (ALPHA, (0.0, 1e-2, 1e-1), 0, 1e-3),  # as the ratios go on
        (ALPHA, (0.0, 1e-2), 0, 1e-3),
        (ALPHA, (0.0, 1.0, 2.0, 3.0), 0, 0.5),
        (ALPHA, (1.0, 1.05, 2.0), 0, None),  # told apart by no one
        (ALPHA, (1.0, 2.0, 4.0), 1, 2.83),  # three digits
        (ALPHA, (1000.0, 1000.2), 0, None),
        (EPOCHS, (2, 5), 0, 3),
        (EPOCHS, (2, 3), 0, None),
    ],
)
def test_half_of_the_way(parameter, values, i, expected):
    assert between(parameter, values, i) == (
        expected if expected is None else pytest.approx(expected)
    )


@pytest.mark.parametrize("power", [-300, -5, 0, 5, 300])
def test_it_lies_between_and_halves_the_ratio(power):
    low, high = 2.0 * 10.0**power, 16.0 * 10.0**power
    middle = between(ALPHA, (low, high), 0)
    assert low < middle < high
    assert middle / low == pytest.approx(high / middle, rel=0.01)


def test_spacing():
    assert is_geometric([0, 1, 10, 100])
    assert not is_geometric([1, 2, 3])
    assert not is_geometric([0, 1])
