"""Replays against a finished grid: the same trials as a real search, and hand-made tables."""

from dataclasses import replace

import numpy as np
import pytest
from small_search import SmallSearch, write_data

from hpsoft.assess.oracle import Oracle
from hpsoft.assess.regret import RegretConfig, finished_grid, replay_methods
from hpsoft.assess.regret_report import Regret, RegretReport
from hpsoft.assess.replay import Method, Outcome, Replay, Table, replay
from hpsoft.errors import SpaceError, StudyError
from hpsoft.optimizers.registry import load
from hpsoft.study.records import TrialRecord
from hpsoft.study.study import find_study, trials
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.events import Ended
from hpsoft.tuning.sampling import sample

SETTINGS = (
    "epochs=1,2,4,8",
    "batch_size=7,16,32",
    "learning_rate=0.05,0.1,0.2,0.5,1e308",
    "alpha=0,0.01,0.1,1",
)


@pytest.fixture
def small(tmp_path):
    small = SmallSearch(tmp_path, write_data(tmp_path))
    small.run(study="grid", settings=SETTINGS)
    return small


def storage(small):
    return str(small.folder / "s.journal")


def table(small):
    space = small.prepare(settings=SETTINGS).grid.space
    return Table(space, load("sgd").hyperparameters, tuple(trials(storage(small), "grid")))


@pytest.mark.parametrize(
    ("sampler", "pruner"),
    [("tpe", "none"), ("tpe", "hyperband"), ("random", "median"), ("grid", "median")],
)
def test_a_replay_is_the_real_search(small, sampler, pruner):
    """The same points, prunings and costs, for the same seed and wave; and the same passes."""
    grid = sampler == "grid"
    budget = {} if grid else {"trials": 50, "wave": 10}
    real = small.run(study="real", settings=SETTINGS, sampler=sampler, pruner=pruner, **budget)
    oracle = table(small)
    design = Replay(oracle, Method(sampler, pruner, 50, wave=None if grid else 10), 0)
    found = [
        record
        for event in sample(design.design, {}, Oracle(oracle.grid, "epochs", oracle.records))
        if isinstance(event, Ended)
        for record in event.records
    ]
    stored = {record.grid_id: record for record in trials(storage(small), "real")}
    assert {r.grid_id for r in found} == stored.keys()
    for record in found:
        assert record.pruned == stored[record.grid_id].pruned
        assert record.intermediate == pytest.approx(stored[record.grid_id].intermediate, rel=1e-9)
    outcome = replay(design)
    best = min(r.value for r in oracle.records if r.value is not None)
    assert outcome.gap == pytest.approx(real.leaderboard[0].value / best - 1, abs=1e-9)
    # A diverged model is told of at the end of its task in both.
    flops = small.prepare(settings=SETTINGS).setting.flops_per_model_epoch
    assert outcome.paid * oracle.passes == pytest.approx(real.flops / flops)


@pytest.mark.parametrize(("sampler", "pruner"), [("random", "median"), ("tpe", "median")])
def test_a_replay_asks_in_the_waves_of_a_search(small, sampler, pruner):
    """Without --wave, where the work of a trial decides: 10 points, and not a quarter of 60."""
    options = {"settings": SETTINGS, "sampler": sampler, "pruner": pruner, "trials": 60}
    prepared = small.prepare(**options)
    flops = prepared.setting.flops_per_model_epoch
    work = 10.1 * 3.75 * flops
    assert replace(prepared.design, work=work).wave == 10
    real = small.run(study="real", wave=10, **options)
    grid = finished_grid(find_study(storage(small), "grid"))
    replayed = Replay(grid, Method(sampler, pruner, 60), 0, work)
    assert replayed.design.wave == 10
    assert replay(replayed).paid * grid.passes == pytest.approx(real.flops / flops)


def test_a_grid_that_does_not_tell_its_work_is_replayed_by_the_number_of_trials():
    assert Replay(toy(), Method("tpe", "none", 12), 0).design.wave == 8
    assert Replay(toy(), Method("tpe", "none", 160), 0).design.wave == 40


def toy(**changes):
    """A grid of 3 x 4 points whose costs are 1 + alpha - epochs / 100."""
    space = {
        "epochs": (1, 2, 4), "batch_size": (8,), "learning_rate": (0.1,), "alpha": (0.0, 1.0, 2.0, 3.0)
    }  # fmt: skip
    empty = Table(space, load("sgd").hyperparameters, ())
    records = tuple(
        TrialRecord(params=p, grid_id=i, value=1 + p["alpha"] - p["epochs"] / 100)
        for i, p in empty.grid
    )
    return replace(empty, records=records, **changes)


def test_all_points_cost_all_passes_and_find_the_best():
    outcome = replay(Replay(toy(), Method("bruteforce", "none", 12, wave=12), 0))
    assert outcome == Outcome(gap=0.0, found=True, paid=1.0, n_trials=12)


def test_one_at_a_time_pays_models_again():
    """Three horizons of four models, each trained from zero: 4 * (1 + 2 + 4) of 4 * 4 passes."""
    outcome = replay(Replay(toy(), Method("bruteforce", "none", 12, wave=1), 0))
    assert outcome.paid == pytest.approx(28 / 16)


def test_a_pruned_trial_pays_up_to_its_rung():
    """Only alpha = 0 is below the threshold: the other models end after one pass."""
    outcome = replay(
        Replay(toy(), Method("grid", "threshold", 12, pruner_options={"upper": 1.5}), 0)
    )
    assert outcome.paid == pytest.approx((4 + 1 + 1 + 1) / 16)
    assert outcome.found


def test_nothing_finished_is_infinitely_far():
    method = Method("grid", "threshold", 12, pruner_options={"upper": 0.0})
    table = toy()
    records = tuple(r for r in table.records if r.params["epochs"] != 1)
    lost = tuple(replace(r, value=None) for r in table.records if r.params["epochs"] == 1)
    outcome = replay(Replay(replace(table, records=records + lost), method, 0))
    assert (outcome.gap, outcome.found) == (np.inf, False)


def test_any_of_several_best_points_counts_as_found():
    """All points cost the same: whatever is tried first is as good as the grid's best."""
    table = toy()
    equal = replace(table, records=tuple(replace(r, value=1.0) for r in table.records))
    for seed in range(5):
        outcome = replay(Replay(equal, Method("random", "none", 1), seed))
        assert (outcome.gap, outcome.found) == (0.0, True)


def test_figures_of_a_method_by_hand():
    gaps = [0.0, 0.0005, 0.002, 0.01]
    outcomes = tuple(Outcome(g, g == 0, 0.1 * i, 5) for i, g in enumerate(reversed(gaps)))
    found = Regret(Method("tpe", "none", 5), outcomes)
    assert found.gaps == gaps
    assert (found.quantile(0.5), found.quantile(1.0)) == (0.0005, 0.01)
    assert (found.found, found.near) == (0.25, 0.5)
    assert found.paid == pytest.approx(0.15)


def test_the_cheapest_method_that_is_good_enough_is_named():
    def made(trials, gap, paid):
        return Regret(Method("tpe", "none", trials), (Outcome(gap, False, paid, trials),))

    best = TrialRecord(params={}, grid_id=0, value=1.0)
    miss = Outcome(0.5, False, 0.2, 2)
    all_of_them = (made(1, 0.5, 0.01), made(2, 0.0005, 0.2), made(3, 0.0, 0.3))
    report = RegretReport("s", None, best, 10, 1, all_of_them)
    assert report.cheapest is all_of_them[1]
    assert replace(report, regrets=all_of_them[:1]).cheapest is None
    assert replace(report, regrets=(made(4, 0.0, 1.0), made(5, 0.0, 1.875))).cheapest is None
    worse = Regret(worse_method := Method("gp", "none", 2), (*all_of_them[1].outcomes * 2, miss))
    assert worse.paid == all_of_them[1].paid
    for order in ((worse, all_of_them[1]), (all_of_them[1], worse)):
        assert replace(report, regrets=order).cheapest.method != worse_method


def test_without_a_word_at_most_half_the_grid_is_tried(small):
    small.run(study="tiny", settings=("epochs=1,2", "batch_size=7,32", "alpha=0,0.1,1"))
    n_grid = small.prepare(settings=("epochs=1,2", "batch_size=7,32", "alpha=0,0.1,1")).grid.size
    for study, n_points in (("tiny", n_grid), ("grid", 240)):
        report = to_the_end(
            replay_methods(RegretConfig(study, storage(small), samplers=("random",), seeds=1))
        )
        expected = sorted({min(100, n_points // 2), min(300, n_points // 2), n_points // 2})
        assert [found.method.n_trials for found in report.regrets] == expected


def test_seeds_differ_and_repeat(small):
    config = RegretConfig(
        "grid", storage(small), samplers=("random",), trials=(20,), seeds=3, jobs=2
    )
    progress = []
    report = to_the_end(replay_methods(config), progress.append)
    assert len(progress) == 4  # none has ended, one, two, three
    assert progress[0].seconds_left is None
    assert all(event.seconds_left is not None for event in progress[1:])
    (found,) = report.regrets
    assert len({outcome.paid for outcome in found.outcomes}) > 1
    again = to_the_end(replay_methods(config))
    assert again == report


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"samplers": ("tpee",)}, SpaceError, "Did you mean 'tpe'"),
        ({"pruners": ("mediam",)}, SpaceError, "Did you mean 'median'"),
        ({"trials": (0,)}, SpaceError, "--trials takes 1 or more"),
        ({"trials": (241,)}, SpaceError, "takes 1 to 240"),
        ({"seeds": 0}, SpaceError, "--seeds takes 1 or more"),
        ({"sampler_options": {"seed": 3}}, SpaceError, "would make all replays"),
        ({"study": "grd"}, StudyError, "Did you mean 'grid'"),
    ],
)
def test_what_makes_no_sense_is_refused(small, changes, error, message):
    config = RegretConfig(**{"study": "grid", "storage": storage(small), "trials": (9,)} | changes)
    with pytest.raises(error, match=message):
        to_the_end(replay_methods(config))


@pytest.mark.parametrize("changes", [{"sampler": "random", "trials": 9}, {"pruner": "median"}])
def test_only_a_complete_grid_is_an_oracle(small, changes):
    small.run(study="part", settings=SETTINGS, **changes)
    with pytest.raises(StudyError, match="no complete grid"):
        to_the_end(replay_methods(RegretConfig("part", storage(small))))


def test_a_grid_without_a_winner_is_no_oracle(small):
    small.run(study="lost", settings=(*SETTINGS[:2], "learning_rate=1e308", "alpha=1"))
    with pytest.raises(StudyError, match="all models diverged"):
        to_the_end(replay_methods(RegretConfig("lost", storage(small), trials=(2,))))
