"""The grid is Optuna's own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.samplers import GridSampler

from hpsoft.errors import SpaceError
from hpsoft.space.grid import Grid, grid_hash

SPACES = st.dictionaries(
    st.sampled_from(["alpha", "epochs", "learning_rate", "batch_size", "x"]),
    st.lists(st.integers(0, 99) | st.floats(0, 1), min_size=1, max_size=5, unique_by=float).map(
        tuple
    ),
    min_size=1,
)


@given(SPACES)
@settings(deadline=None)
def test_points_and_their_ids_are_those_of_the_stock_sampler(space):
    """`grid_id` means the same point here and in GridSampler(space)."""
    assert list(Grid(space).points) == GridSampler(space)._all_grids


@given(SPACES)
@settings(deadline=None)
def test_ids_and_points_are_inverse(space):
    """Every point is found again by its id, every id by its point."""
    grid = Grid(space)
    assert [grid.grid_id(params) for _, params in grid] == list(range(len(grid)))


def test_a_point_outside_the_grid_is_refused():
    """A value that is not listed, or a missing name, has no id."""
    grid = Grid({"a": (1, 2)})
    for params in ({"a": 3}, {"b": 1}):
        with pytest.raises(SpaceError, match="not a point"):
            grid.grid_id(params)


def test_a_grid_without_end_is_refused_before_it_fills_the_memory():
    """Eight names with a hundred values each are 1e16 points."""
    with pytest.raises(SpaceError, match="at most 1,000,000"):
        Grid({name: tuple(range(100)) for name in "abcdefgh"})


def test_the_hash_sees_values_but_not_the_order_of_names():
    """Equal grids have equal hashes; one value more or another order of values changes it."""
    assert grid_hash({"a": (1, 2), "b": (3,)}) == grid_hash({"b": (3,), "a": (1, 2)})
    spaces = [{"a": (1, 2)}, {"a": (2, 1)}, {"a": (1, 2, 3)}, {"a": (1.5, 2)}, {"b": (1, 2)}]
    assert len({grid_hash(space) for space in spaces}) == len(spaces)
