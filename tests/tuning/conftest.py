"""A small search, and the whole grid that samplers are held against."""

import pytest
from sampled_search import by_point, found, run
from small_search import SmallSearch, write_data


@pytest.fixture
def small(tmp_path):
    return SmallSearch(tmp_path, write_data(tmp_path))


@pytest.fixture
def grid(small):
    run(small, "grid")
    return by_point(found(small, "grid"))
