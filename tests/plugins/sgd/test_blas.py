"""Products added in place, on the shapes and strides that the kernel hands over."""

import numpy as np
import pytest
from hpsoft_sgd.blas import (
    _pieces,
    add_product,
    add_transposed_product,
    lower_gram,
    product,
)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("m", "k", "n"), [(1, 1, 1), (3, 1, 4), (1, 5, 2), (4, 3, 1), (7, 6, 5)])
def test_products_are_added_in_place(dtype, m, k, n):
    """A is a slice of a wider array, B and out are rows of taller ones."""
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(m, k + 3))[:, :k].astype(dtype), rng.normal(size=(k, n)).astype(dtype)
    wide = np.ones((m, k + 3), dtype)
    wide[:, :k] = A
    for left, add in ((wide[:, :k], add_product), (A.T.copy(), add_transposed_product)):
        tall = np.ones((m + 2, n), dtype)
        add(left, B, tall[1 : 1 + m])
        np.testing.assert_allclose(tall[1 : 1 + m], 1 + A @ B, rtol=1e-5)
        assert (tall[[0, -1]] == 1).all()


@pytest.mark.parametrize(
    ("m", "k", "n", "n_pieces"), [(300, 784, 9, 3), (100, 784, 36, 4), (50, 784, 45, 1), (13, 5, 3, 1)]
)  # fmt: skip
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_products_by_pieces_are_the_product(m, k, n, n_pieces, dtype):
    """Pieces of 128 or 32 rows, the last one shorter, or all at once."""
    assert len(_pieces(m, k * n)) == n_pieces
    rng = np.random.default_rng(0)
    X, W = rng.normal(size=(m, k)).astype(dtype), rng.normal(size=(k, n)).astype(dtype)
    tolerance = 1e-3 if dtype == np.float32 else 1e-10
    logits = np.full((m, n), np.nan, dtype)
    product(X, W, logits)
    np.testing.assert_allclose(logits, X @ W, atol=tolerance)
    updated = W.copy()
    add_transposed_product(X, logits / m, updated)
    np.testing.assert_allclose(updated, W + X.T @ (logits / m), atol=tolerance)


@pytest.mark.parametrize(
    ("n_rows", "others", "step"), [(1024, 784 * 9, 128), (1024, 784 * 36, 32), (1024, 784 * 45, 1024),
                                   (64, 784 * 9, 64), (32, 784 * 36, 32), (1024, 64 * 9, 1024)]
)  # fmt: skip
def test_thin_products_are_cut_where_the_pieces_are_read_in_place(n_rows, others, step):
    assert _pieces(n_rows, others) == range(0, n_rows, step)


@pytest.mark.parametrize("add", [add_product, add_transposed_product])
def test_strided_output_is_refused(add):
    with pytest.raises(AssertionError, match="copy"):
        add(np.ones((2, 2)), np.ones((2, 2)), np.ones((2, 4))[:, ::2])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (4, 9)])
def test_the_lower_triangle_of_a_gram_matrix_is_written(dtype, shape):
    """Of the first rows of a taller array; what was there is overwritten, NaN as well."""
    A = np.random.default_rng(0).normal(size=shape).astype(dtype)
    out = np.full((len(A), len(A)), np.nan, dtype)
    lower_gram(np.concatenate([A, A])[: len(A)], out)
    rows, columns = np.tril_indices(len(A))
    np.testing.assert_allclose(out[rows, columns], (A @ A.T)[rows, columns], rtol=1e-5)


def test_a_strided_gram_matrix_is_refused():
    with pytest.raises(AssertionError, match="copy"):
        lower_gram(np.ones((2, 2)), np.ones((2, 3))[:, :2])
