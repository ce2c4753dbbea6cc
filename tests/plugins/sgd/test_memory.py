"""Arrays that lie together."""

import numpy as np
import pytest
from hpsoft_sgd.memory import LARGE_PAGE, LINE, zeros_together


@pytest.mark.parametrize("large", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shapes", [[(1, 1), (3, 5), (2, 2)], [(700, 500), (129, 784)]])
def test_each_is_contiguous_zero_and_its_own(dtype, shapes, large):
    """Small ones and those that are worth large pages: no two share a line of the cache."""
    arrays = zeros_together(shapes, np.dtype(dtype), large_pages=large)
    assert [(a.shape, a.dtype, a.flags.c_contiguous) for a in arrays] == [
        (shape, dtype, True) for shape in shapes
    ]
    for i, array in enumerate(arrays):
        assert array.ctypes.data % LINE == 0
        assert (array == 0).all()
        array.fill(i + 1)
    assert all((array == i + 1).all() for i, array in enumerate(arrays))


def test_large_ones_begin_at_a_large_page():
    (array,) = zeros_together([(1024, 1024)], np.dtype(np.float32), large_pages=True)
    assert array.ctypes.data % LARGE_PAGE == 0
