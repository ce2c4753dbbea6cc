"""The sampler's and the pruner's study in memory."""

import statistics

import pytest

from hpsoft.space.grid import Grid
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.ask_tell import AskTell
from hpsoft.tuning.samplers import make_pruner, make_sampler

GRID = Grid(
    {"epochs": (1, 2, 4), "alpha": tuple(10.0**k for k in range(-8, 8)), "rate": (1, 2, 5, 9)}
)
RUNGS = (1, 2, 4)


def cost(params):
    """A valley along alpha, in the logarithm, at 1e3; more passes and rates are better."""
    places = {name: GRID.space[name].index(value) for name, value in params.items()}
    return (places["alpha"] - 11) ** 2 / 20 + (2 - places["epochs"]) + (3 - places["rate"]) / 2


def record(grid_id, **changes):
    params = GRID.params(grid_id)
    return TrialRecord(**{"params": params, "grid_id": grid_id, "value": cost(params)} | changes)


def ask_tell(sampler="random", pruner="none", seed=0, finished=(), **options):
    return AskTell(
        GRID, make_sampler(sampler, options, seed), make_pruner(pruner, {}, RUNGS), finished
    )


def searched(sampler, seed, n, wave):
    mind, found = ask_tell(sampler, seed=seed), []
    while len(found) < n:
        ids = mind.ask(min(wave, n - len(found)))
        for grid_id in ids:
            found.append(record(grid_id))
            mind.tell(found[-1])
    return found


def test_a_point_is_asked_for_once():
    ids = [r.grid_id for r in searched("random", 0, len(GRID), 10)]
    assert sorted(ids) == list(range(len(GRID)))


def test_an_empty_grid_is_noticed():
    mind = ask_tell(finished=[record(i, number=i) for i in range(len(GRID))])
    assert mind.ask(5) == []


@pytest.mark.parametrize("sampler", ["random", "tpe", "qmc"])
def test_a_sampler_takes_the_last_points_in_their_order(sampler):
    """Points that are all wanted need no sampler, which would repeat itself to find them."""
    mind = ask_tell(sampler)
    first = mind.ask(len(GRID) - 20, 1000)
    rest = [i for i in range(len(GRID)) if i not in first]
    n_asked = len(mind._study.trials)
    assert mind.ask(20) == rest
    assert len(mind._study.trials) == n_asked + 20  # one ask each
    for grid_id in rest:
        mind.tell(record(grid_id))  # they are asked for, and can be told
    assert mind.ask(1) == []


def test_a_wave_ends_early_once_the_sampler_repeats_itself():
    """What it has is trained first; a wave without a point asks on."""
    mind, wanted = ask_tell(), len(GRID) - 1
    waves = [mind.ask(wanted, 1)]
    while sum(map(len, waves)) < wanted:
        waves.append(mind.ask(wanted - sum(map(len, waves)), 1))
    assert 1 <= min(map(len, waves)) <= max(map(len, waves)) < wanted
    assert len({grid_id for wave in waves for grid_id in wave}) == wanted


def test_an_exhaustive_sampler_may_stop():
    mind = ask_tell("bruteforce", finished=[record(i, number=i) for i in range(1, len(GRID))])
    assert mind.ask(5) == [0]
    mind.tell(record(0))
    assert mind.ask(1) == []


def test_a_sampler_that_repeats_itself_is_given_up(monkeypatch):
    """All of one value's points are known, and the sampler knows no other value."""
    known = [i for i in range(len(GRID)) if GRID.params(i)["rate"] == 1]
    mind = ask_tell(finished=[record(i, number=n) for n, i in enumerate(known)])
    monkeypatch.setattr(mind, "_id", lambda _: known[0])
    assert mind.ask(3) == []


def test_tpe_learns_and_sees_an_order():
    """Of 192 points it is told of 40: over ten seeds its best is nearer to the optimum."""
    best = {
        sampler: statistics.median(
            min(r.value for r in searched(sampler, seed, 40, 5)) for seed in range(10)
        )
        for sampler in ("random", "tpe")
    }
    assert best["tpe"] < best["random"]


def test_what_is_finished_counts_for_the_sampler():
    """Loaded or told in this run: the next points are the same."""
    told = [record(i) for i in (3, 50, 100, 150, 7, 8, 9, 10, 11, 12, 13, 14)]
    loaded = ask_tell("tpe", finished=[record(r.grid_id, number=n) for n, r in enumerate(told)])
    talked = ask_tell("tpe")
    for r in told:
        talked.want(r.grid_id)
        talked.tell(r)
    assert loaded.ask(4) == talked.ask(4)


def test_the_pruner_compares_with_what_is_told():
    mind = ask_tell(pruner="median")
    for grid_id in range(6):
        mind.want(grid_id)
        assert not mind.report(grid_id, 1.0, 1)  # nothing is finished yet
        mind.tell(record(grid_id, intermediate={1: 1.0}))
    mind.want(6)
    assert mind.report(6, 2.0, 1)
    mind.tell(record(6, value=None, pruned=True, intermediate={1: 2.0}))
    mind.want(7)
    assert not mind.report(7, 0.5, 1)


def pruned_at(pruner, options, others, curve):
    """Return the step at which a pruner that knows other curves ends one, None if it does not."""
    steps = range(1, len(curve) + 1)
    mind = AskTell(GRID, make_sampler("random", {}, 0), make_pruner(pruner, options, tuple(steps)))
    for grid_id, other in enumerate(others):
        mind.want(grid_id)
        intermediate = dict(zip(steps, other, strict=True))
        mind.tell(record(grid_id, value=other[-1], intermediate=intermediate))
    mind.want(len(others))
    costs = zip(steps, curve, strict=True)
    return next((step for step, cost in costs if mind.report(len(others), cost, step)), None)


BEST = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]


def test_wilcoxon_ends_what_is_worse_than_the_best_step_by_step():
    """Of n differences of one sign chance makes 2**-n: the fourth says less than a tenth."""
    worse = [cost + place / 100 for place, cost in enumerate(BEST, 1)]
    better = [cost - place / 100 for place, cost in enumerate(BEST, 1)]
    mixed = [cost + (-1) ** place * place / 100 for place, cost in enumerate(BEST, 1)]
    assert pruned_at("wilcoxon", {}, [BEST], worse) == 4
    assert pruned_at("wilcoxon", {"p_threshold": 0.02}, [BEST], worse) == 6
    assert pruned_at("wilcoxon", {}, [BEST], better) is None
    assert pruned_at("wilcoxon", {}, [BEST], mixed) is None


def test_patient_waits_where_the_median_would_not():
    """Above the median throughout: ended once it is worse than before for longer than that."""
    rising = [3.0, 2.9, 2.8, 2.7, 2.8, 2.9, 3.0, 3.1]
    improving = [cost + 2 for cost in BEST]
    others = [BEST] * 5
    assert pruned_at("median", {}, others, rising) == 1
    assert pruned_at("patient", {"patience": 1}, others, rising) == 6
    assert pruned_at("patient", {"patience": 3}, others, rising) == 8
    assert pruned_at("patient", {"patience": 1}, others, improving) is None


@pytest.mark.parametrize(
    ("changes", "state"), [({"value": None}, "FAIL"), ({"value": None, "pruned": True}, "PRUNED")]
)
def test_a_repetition_of_what_has_no_value_is_answered_too(changes, state):
    """All but two points are known: the sampler repeats some, is answered, and is asked again."""
    left = {len(GRID) - 2, len(GRID) - 1}
    known = [record(i, number=i, **changes) for i in range(len(GRID)) if i not in left]
    mind = ask_tell(finished=known)
    (found,) = mind.ask(1)
    assert found in left
    repeated = mind._study.trials[len(known) : -1]
    assert repeated
    assert {trial.state.name for trial in repeated} == {state}
