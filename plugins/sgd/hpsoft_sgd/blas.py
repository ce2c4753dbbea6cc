"""out = A B, out += A B, out += A.T B and out = A A.T without a temporary: BLAS GEMM and SYRK.

NumPy's matmul can only overwrite its output. SciPy's wrappers want Fortran order, so the
transposed product is asked for on transposed views: out.T += B.T A.T, all of them views.
"""

import numpy as np
from scipy.linalg import blas

from hpsoft.optimizers import Array

GEMM = {np.dtype(np.float32): blas.sgemm, np.dtype(np.float64): blas.dgemm}
SYRK = {np.dtype(np.float32): blas.ssyrk, np.dtype(np.float64): blas.dsyrk}


# Multiplications up to which OpenBLAS with AVX-512 reads its operands where they lie. Above, it
# copies them into an order of its own first, which thin products do not repay: by pieces they take
# two thirds of the time. Elsewhere pieces cost some calls.
IN_PLACE = 1_000_000
FEWEST_ROWS = 32  # of a piece: calls cost too


def _pieces(n_rows: int, others: int) -> range:
    """Return where to cut the rows of a product whose other dimensions multiply to `others`."""
    most = IN_PLACE // max(1, others)
    step = 1 << most.bit_length() - 1 if FEWEST_ROWS <= most < n_rows else max(1, n_rows)
    return range(0, n_rows, step)


def product(A: Array, B: Array, out: Array) -> None:
    """Write A B into `out`: (m, k) (k, n) -> (m, n)."""
    rows = _pieces(len(A), B.size)
    for first in rows:
        np.matmul(A[first : first + rows.step], B, out=out[first : first + rows.step])


def add_product(A: Array, B: Array, out: Array) -> None:
    """Add A B into `out`: (m, k) (k, n) -> (m, n), C-contiguous `out` and B."""
    assert out.flags.c_contiguous, "a copy would be updated instead"
    GEMM[out.dtype](1.0, B.T, A.T, 1.0, out.T, overwrite_c=1)


def add_transposed_product(A: Array, B: Array, out: Array) -> None:
    """Add A.T B into `out`: (k, m) (k, n) -> (m, n), all C-contiguous."""
    assert out.flags.c_contiguous, "a copy would be updated instead"
    gemm, rows = GEMM[out.dtype], _pieces(len(A), out.size)
    for first in rows:
        end = first + rows.step
        gemm(1.0, B[first:end].T, A[first:end].T, 1.0, out.T, trans_b=1, overwrite_c=1)


def lower_gram(A: Array, out: Array) -> None:
    """Write the lower triangle of A A.T into `out`: (m, k) -> (m, m), both C-contiguous.

    What is above the diagonal of `out` stays as it is: half the work of the full product.
    """
    assert out.flags.c_contiguous, "a copy would be written instead"
    SYRK[out.dtype](1.0, A.T, 0.0, out.T, trans=1, overwrite_c=1)
