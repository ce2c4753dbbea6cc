"""A sampled search that was left, killed or given another wave goes on."""

import pytest
from sampled_search import SETTINGS, assert_among, by_point, found, run
from small_search import stream

from hpsoft.errors import StudyError
from hpsoft.tuning.events import Stored


def test_a_sampled_search_goes_on_where_it_stopped(small, grid):
    """Trials that are there stay as they are, and are not run again."""
    run(small, sampler="tpe", trials=30, wave=10)
    before = found(small)
    finished = run(small, sampler="tpe", trials=50, wave=10)
    assert finished.n_run == 20
    assert found(small)[:30] == before
    assert len(by_point(found(small))) == 50
    assert_among(found(small), grid)
    assert run(small, sampler="tpe", trials=50, wave=10).n_run == 0


def test_a_killed_wave_keeps_what_had_ended(small, grid):
    prepared = small.prepare(settings=SETTINGS, sampler="tpe", pruner="median", trials=40, wave=20)
    events = stream(prepared)
    for event in events:
        if isinstance(event, Stored) and event.n_finished >= 7:
            break
    events.close()
    before = found(small)
    assert len(before) >= 7
    run(small, sampler="tpe", pruner="median", trials=40, wave=20)
    assert found(small)[: len(before)] == before
    assert len(by_point(found(small))) == len(found(small)) == 40
    assert_among(found(small), grid)


def stopped_at(small, n, **changes):
    """Break a search off once it has stored n trials."""
    events = stream(small.prepare(settings=SETTINGS, **changes))
    for event in events:
        if isinstance(event, Stored) and event.n_finished >= n:
            break
    events.close()


@pytest.mark.parametrize(
    ("sampler", "pruner"),
    [
        ("tpe", "none"),
        ("tpe", "hyperband"),
        ("random", "median"),
        pytest.param("qmc", "none", marks=pytest.mark.slow),
        pytest.param("cmaes", "none", marks=pytest.mark.slow),
        pytest.param("nsgaii", "halving", marks=pytest.mark.slow),
        ("grid", "median"),
    ],
)
def test_an_interrupted_search_ends_with_the_trials_of_an_undisturbed_one(small, sampler, pruner):
    options = {"sampler": sampler, "pruner": pruner}
    if sampler != "grid":
        options |= {"trials": 44, "wave": 12}
    run(small, "whole", **options)
    for n in (16, 30):
        stopped_at(small, n, study="broken", **options)
    assert run(small, "broken", **options).n_run > 0
    whole, broken = by_point(found(small, "whole")), by_point(found(small, "broken"))
    assert len(found(small, "broken")) == len(broken)
    assert broken.keys() == whole.keys()
    for grid_id, record in broken.items():
        assert record.pruned == whole[grid_id].pruned
        assert record.diverged == whole[grid_id].diverged
        if record.value is not None:
            assert record.value == pytest.approx(whole[grid_id].value, rel=1e-9)
        assert record.intermediate == pytest.approx(whole[grid_id].intermediate, rel=1e-9)


def test_other_waves_take_what_is_stored_as_given(small, grid):
    run(small, sampler="tpe", trials=30, wave=10)
    before = found(small)
    run(small, sampler="tpe", trials=50, wave=7)
    assert found(small)[:30] == before
    assert len(by_point(found(small))) == len(found(small)) == 50


def test_more_trials_are_those_of_a_longer_search(small):
    run(small, "long", sampler="tpe", trials=50, wave=12)
    run(small, "short", sampler="tpe", trials=30, wave=12)
    run(small, "short", sampler="tpe", trials=50, wave=12)
    assert by_point(found(small, "short")).keys() == by_point(found(small, "long")).keys()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"sampler": "random"}, "sampler tpe there, random here"),
        ({"sampler": "tpe", "pruner": "hyperband"}, "pruner median there, hyperband here"),
        (
            {"sampler": "tpe", "pruner": "median", "sampler_options": ("multivariate=true",)},
            "options of the sampler",
        ),
    ],
)
def test_another_sampler_or_pruner_does_not_continue_a_study(small, changes, named):
    run(small, sampler="tpe", pruner="median", trials=10)
    with pytest.raises(StudyError, match=named):
        run(small, trials=20, **changes)
