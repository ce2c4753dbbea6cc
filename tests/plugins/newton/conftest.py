"""One BLAS thread, as workers have it."""

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(autouse=True)
def one_thread():
    """Limit BLAS for the length of a test."""
    with threadpool_limits(1):
        yield
