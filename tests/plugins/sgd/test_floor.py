"""Probabilities that are all but 0 stay normal numbers: others slow a product down 200 times."""

import numpy as np
import pytest
from hpsoft_sgd.residual import FLOOR, Residual

from hpsoft.softmax import softmax


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("spread", [1.0, 10.0, 40.0, 300.0])
def test_steps_are_normal_and_those_of_the_softmax(dtype, spread):
    """Of logits at any distance, and of an ordinary model beside them."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(64, 9, 2)) * [spread, 1.0]
    whole = np.concatenate([logits, -logits.sum(axis=1, keepdims=True)], axis=1)
    probabilities = np.stack([softmax(whole[..., m])[:, :-1] for m in range(2)], axis=-1)
    made = logits.astype(dtype)
    residual = Residual(9, 2, np.dtype(dtype))
    with np.errstate(all="ignore"):  # as in a pass
        assert residual.replace(residual.views(made), np.array([-0.5, -0.5], dtype))
    sizes = np.abs(made[made != 0])
    assert sizes.min() >= np.finfo(dtype).tiny
    np.testing.assert_allclose(
        -made / 0.5, probabilities, rtol=3e-4, atol=2 * FLOOR[np.dtype(dtype)]
    )
