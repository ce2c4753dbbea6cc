"""Parts for training: in one dtype, scaled by what is trained on."""

import numpy as np
import pytest

from hpsoft.data import Samples, Scaler
from hpsoft.tuning.setting.folds import make_fold


def part(n, seed, weight=None):
    rng = np.random.default_rng(seed)
    side = {} if weight is None else {"sample_weight": weight}
    return Samples(rng.normal(3, 2, (n, 4)), np.arange(n) % 2, side)


@pytest.mark.parametrize("by_weight", [False, True])
def test_samples_count_in_the_scale_by_their_weights_where_that_is_asked(by_weight):
    """A search scales by all alike; the estimator as scikit-learn's StandardScaler does."""
    weight = np.arange(20.0)
    train, validation = part(20, 0, weight), part(7, 1)
    fold, scaler = make_fold(
        train, validation, scale="standard", dtype="float64", by_weight=by_weight
    )
    mean = np.average(train.X, axis=0, weights=weight if by_weight else None)
    np.testing.assert_allclose(scaler.shift, mean)
    expected = Scaler.fit("standard", train.X, weight if by_weight else None)
    np.testing.assert_array_equal(fold.X, expected.apply(train.X, np.dtype("float64")))
    np.testing.assert_allclose(fold.weight, weight / weight.mean())
