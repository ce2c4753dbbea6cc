"""How many samples form a slab."""

import pytest
from hpsoft_sgd.kernel import slab_size


@pytest.mark.parametrize("batch_size", [1, 3, 8, 16, 31, 32, 33, 63, 64, 1000])
@pytest.mark.parametrize("n_features", [1, 255, 256, 784])
@pytest.mark.parametrize("n_columns", [1, 9, 100, 576])
def test_slab_is_a_multiple_of_the_batch(batch_size, n_features, n_columns):
    slab = slab_size(batch_size, n_features, n_columns)
    assert slab >= batch_size
    assert slab % batch_size == 0
    if batch_size >= 64 or n_features < 256:
        assert slab == batch_size


@pytest.mark.parametrize(
    ("batch_size", "of_few", "of_many"), [(8, 32, 64), (16, 16, 64), (32, 32, 64), (1, 32, 64)]
)
def test_few_columns_have_short_slabs(batch_size, of_few, of_many):
    assert slab_size(batch_size, 784, 6 * batch_size) == of_few
    assert slab_size(batch_size, 784, 576) == of_many
