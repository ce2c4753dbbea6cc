"""Ranges: what they take, and that searches of them stay between their bounds."""

import pytest
from small_search import SmallSearch, write_data

from hpsoft.errors import SpaceError, StudyError
from hpsoft.study.study import trials

RANGES = (
    "epochs=uniform:2:8:2",
    "batch_size=7,32",
    "learning_rate=log:0.01:0.5",
    "alpha=log:1e-4:1",
)


@pytest.fixture
def small(tmp_path):
    return SmallSearch(tmp_path, write_data(tmp_path))


def found(small):
    return sorted(trials(str(small.folder / "s.journal"), "s"), key=lambda t: t.number)


@pytest.mark.parametrize("sampler", ["random", "tpe", "qmc", "cmaes", "nsgaii"])
def test_ranges_are_searched_between_their_bounds(small, sampler):
    finished = small.run(settings=RANGES, sampler=sampler, pruner="median", trials=30, wave=10)
    records = found(small)
    assert len(records) == 30
    rates = [record.params["learning_rate"] for record in records]
    assert all(0.01 <= rate <= 0.5 for rate in rates)
    assert len(set(rates)) == 30
    assert {record.params["epochs"] for record in records} <= {2, 4, 6, 8}
    assert {record.params["batch_size"] for record in records} == {7, 32}
    assert finished.certificate.n_grid is None
    assert not finished.certificate.exhausted


def test_a_point_of_a_range_costs_what_the_grid_says_of_it(small):
    """A sampled point, searched again as a grid of one."""
    small.run(settings=RANGES, sampler="random", trials=10)
    record = found(small)[3]
    settings = tuple(f"{name}={value!r}" for name, value in record.params.items())
    again = small.run(study="one", settings=settings)
    assert again.leaderboard[0].value == pytest.approx(record.value, rel=1e-9)


def test_a_search_of_ranges_goes_on_where_it_stopped(small):
    small.run(settings=RANGES, sampler="tpe", trials=10)
    before = found(small)
    assert small.run(settings=RANGES, sampler="tpe", trials=25).n_run == 15
    assert found(small)[:10] == before
    with pytest.raises(StudyError, match=r"alpha: log:0\.0001:1\.0 there, log:0\.0001:2\.0 here"):
        small.run(settings=(*RANGES[:3], "alpha=log:1e-4:2"), sampler="tpe", trials=25)


def test_a_space_file_takes_ranges(small):
    file = small.folder / "space.toml"
    file.write_text(
        "epochs = {uniform = [2, 8], step = 2}\nbatch_size = [7]\n"
        "learning_rate = {log = [0.01, 0.5]}\nalpha = {uniform = [0, 1]}\n"
    )
    small.run(settings=(), space_file=file, sampler="random", trials=5)
    assert {record.params["batch_size"] for record in found(small)} == {7}


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("alpha=log:0:1", "begins above 0"),
        ("alpha=log:1", "a range is log:LOW:HIGH"),
        ("alpha=log:1:x", "a range is log:LOW:HIGH"),
        ("alpha=uniform:2:1", "range 2 to 1 is empty"),
        ("alpha=uniform:-1:1", "outside its domain"),
        ("epochs=uniform:1:4:0.5", "step of a range is a whole number"),
        ("batch_size=uniform:1:100000", "above the 96 samples"),
    ],
)
def test_ranges_that_make_no_sense(small, setting, message):
    with pytest.raises(SpaceError, match=message):
        small.run(settings=(setting,), sampler="random", trials=5)


def test_a_grid_has_no_ranges(small):
    with pytest.raises(SpaceError, match="epochs has a range"):
        small.run(settings=RANGES)


def test_stepped_ranges_are_decided_about_at_their_values(small):
    prepared = small.prepare(
        settings=("epochs=uniform:5:42:5",), sampler="random", pruner="median", trials=5
    )
    assert prepared.grid.space["epochs"].high == 40
    assert prepared.design.rungs == (5, 10, 15, 20, 25, 30, 35, 40)
