"""Samplers and pruners: waves, rungs, what is stored, and that results are those of the grid."""

import csv
import io
import json
import warnings

import optuna
import pytest
from rich.console import Console
from small_search import SmallSearch, write_data

from hpsoft.errors import SpaceError, StudyError
from hpsoft.report.trials import draw_trials
from hpsoft.search.choices import sampler_names
from hpsoft.search.export import export
from hpsoft.search.happenings import Wave
from hpsoft.search.listing import find_study, trials
from hpsoft.search.run import Stored, search

SETTINGS = (
    "epochs=1,2,4,8",
    "batch_size=7,16,32",
    "learning_rate=0.05,0.1,0.2,0.5,1e308",  # the last one diverges
    "alpha=0,0.01,0.1,1",
)


@pytest.fixture
def small(tmp_path):
    return SmallSearch(tmp_path, write_data(tmp_path))


def run(small, study="s", **changes):
    return small.run(study=study, settings=SETTINGS, **changes)


def found(small, study="s"):
    return sorted(trials(str(small.folder / "s.journal"), study), key=lambda t: t.number)


def by_point(records):
    return {record.grid_id: record for record in records}


@pytest.fixture
def grid(small):
    run(small, "grid")
    return by_point(found(small, "grid"))


def assert_among(records, grid):
    """Trials that ended at their horizon are the grid's; pruned ones are their beginnings."""
    for record in records:
        whole = grid[record.grid_id]
        assert record.params == whole.params
        assert record.diverged == whole.diverged
        if record.value is not None:
            assert record.value == pytest.approx(whole.value, rel=1e-9)
        for horizon, cost in record.intermediate.items():
            assert cost == pytest.approx(whole.intermediate[horizon], rel=1e-9)


@pytest.mark.parametrize("sampler", ["random", "tpe", "qmc", "nsgaii", "bruteforce", "auto"])
def test_every_sampler_finds_points_of_the_grid_once(small, grid, sampler):
    finished = run(small, sampler=sampler, trials=40, wave=8)
    records = found(small)
    assert len(records) == len(by_point(records)) == 40
    assert finished.n_run == 40
    assert not finished.certificate.complete
    assert finished.certificate.missing == 240 - 40
    assert_among(records, grid)


def test_all_samplers_of_optuna_have_a_name():
    shipped = {
        n.removesuffix("Sampler").lower() for n in optuna.samplers.__all__ if n.endswith("Sampler")
    }
    left_out = {"base", "basega", "partialfixed"}
    assert set(sampler_names()) - {"auto"} == shipped - left_out


@pytest.mark.parametrize(
    ("pruner", "options"),
    [
        ("median", ()),
        ("percentile", ("percentile=50.0",)),
        ("halving", ("reduction_factor=2",)),
        ("hyperband", ("reduction_factor=2",)),
        ("patient", ("patience=1",)),
        ("threshold", ("upper=0.9",)),
        ("wilcoxon", ()),
    ],
)
def test_pruned_trials_keep_what_they_had_cost_and_cost_no_more(small, grid, pruner, options):
    finished = run(
        small, sampler="random", pruner=pruner, pruner_options=options, trials=100, wave=25
    )
    records = found(small)
    assert len(by_point(records)) == 100
    assert_among(records, grid)
    pruned = [record for record in records if record.pruned]
    assert finished.certificate.n_pruned == len(pruned)
    assert all(max(r.intermediate) < r.params["epochs"] for r in pruned)
    if pruner not in {"patient", "wilcoxon"}:  # which see no reason here
        assert pruned
    whole = sum(record.params["epochs"] for record in records)
    assert finished.flops <= whole * small.prepare(settings=SETTINGS).setting.flops_per_model_epoch


def test_the_threshold_decides_at_every_rung(small, grid):
    """A pruner whose decisions need no other trial: each can be checked by hand."""
    run(small, sampler="random", pruner="threshold", pruner_options=("upper=0.8",), trials=120)
    for record in found(small):
        whole = grid[record.grid_id]
        before = {h: c for h, c in whole.intermediate.items() if h < whole.params["epochs"]}
        too_high = [h for h, cost in sorted(before.items()) if cost > 0.8]
        assert record.pruned == bool(too_high)
        if too_high:
            assert max(record.intermediate) == too_high[0]


def test_same_seed_and_wave_give_the_same_trials_with_any_number_of_workers(small, monkeypatch):
    monkeypatch.setattr("hpsoft.engine.worth.FLOPS", 0)
    runs = []
    for study, jobs in (("one", 1), ("two", 2)):
        run(small, study, sampler="tpe", pruner="median", trials=48, wave=12, jobs=jobs)
        runs.append(by_point(found(small, study)))
    one, two = runs
    assert one.keys() == two.keys()
    for grid_id, record in one.items():
        assert two[grid_id].pruned == record.pruned
        assert two[grid_id].intermediate == pytest.approx(record.intermediate, rel=1e-9)


def test_another_seed_gives_other_trials(small):
    run(small, "a", sampler="random", trials=20)
    run(small, "b", sampler="random", trials=20, sampler_options=("seed=1",))
    assert by_point(found(small, "a")).keys() != by_point(found(small, "b")).keys()


def test_a_wave_is_as_large_as_asked_for(small):
    prepared = small.prepare(settings=SETTINGS, sampler="random", trials=25, wave=10)
    waves = [event.plan.n_trials for event in search(prepared) if isinstance(event, Wave)]
    assert waves == [10, 10, 5]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sampler": "random"}, 100),
        ({"sampler": "tpe"}, 12),
        ({"sampler": "random", "pruner": "median"}, 12),
    ],
)
def test_a_wave_is_wide_where_nothing_is_learnt(small, changes, expected):
    prepared = small.prepare(settings=SETTINGS, trials=100, **changes)
    first = next(event for event in search(prepared) if isinstance(event, Wave))
    assert first.plan.n_trials == expected


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
    events = search(prepared)
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


def test_a_sampler_can_empty_the_grid(small, grid):
    finished = run(small, sampler="bruteforce", trials=10_000, wave=64)
    assert finished.certificate.missing == 0
    assert (
        finished.leaderboard[0].params
        == min((r for r in grid.values() if r.value is not None), key=lambda r: r.value).params
    )


def test_no_time_no_trials(small):
    assert run(small, sampler="random", timeout=1e-9).n_run == 0


def test_a_grid_that_is_pruned_ends_every_point(small, grid):
    finished = run(small, pruner="median")
    proof = finished.certificate
    assert (proof.missing, proof.duplicates) == (0, 0)
    assert proof.n_pruned > 0
    assert not proof.complete
    assert_among(found(small), grid)


def test_the_list_of_studies_does_not_take_a_pruned_trial_for_the_best(small):
    run(small, sampler="random", pruner="threshold", pruner_options=("upper=0.7",), trials=60)
    summary = find_study(str(small.folder / "s.journal"), "s").summary
    assert summary.best_value == min(r.value for r in found(small) if r.value is not None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sampler": "tpee"}, "Did you mean 'tpe'"),
        ({"pruner": "mediam"}, "Did you mean 'median'"),
        ({"sampler": "tpe", "sampler_options": ("multivariat=true",)}, "Did you mean 'multivari"),
        ({"sampler": "tpe", "sampler_options": ("multivariate",)}, "takes NAME=VALUE"),
        ({"sampler": "tpe", "sampler_options": ("a=1", "a=2")}, "given twice"),
        ({"pruner": "threshold"}, "needs a limit"),
        ({"pruner": "median", "pruner_options": ("n_startup_trials=-1",)}, "refuses its options"),
        ({"pruner_options": ("x=1",)}, "needs a --pruner"),
        ({"trials": 5}, "tries every point"),
        ({"sampler": "random", "timeout": 0.0}, "seconds above 0"),
        ({"sampler": "tpe", "sampler_options": ("seed=x",)}, "seed takes a whole number"),
    ],
)
def test_options_that_make_no_sense(small, changes, message):
    with pytest.raises(SpaceError, match=message):
        run(small, **changes)
    assert not (small.folder / "s.journal").exists()


def test_a_sampler_whose_library_is_missing_says_what_to_install(small, monkeypatch):
    def missing(**_):
        raise ImportError("No module named 'cmaes'")

    monkeypatch.setattr(optuna.samplers, "CmaEsSampler", missing)
    with pytest.raises(SpaceError, match=r"hpsoft\[samplers\]"):
        run(small, sampler="cmaes", trials=5)


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


def test_nothing_is_warned_about(small):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(small, sampler="tpe", pruner="hyperband", trials=30)


RANGES = (
    "epochs=uniform:2:8:2",
    "batch_size=7,32",
    "learning_rate=log:0.01:0.5",
    "alpha=log:1e-4:1",
)


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


def test_pruned_trials_are_shown_and_exported(small):
    run(small, sampler="random", pruner="threshold", pruner_options=("upper=0.7",), trials=60)
    pruned = {record.number for record in found(small) if record.pruned}
    assert pruned
    storage = str(small.folder / "s.journal")
    rows = list(csv.DictReader(io.StringIO(export(storage, "s", "csv").decode())))
    assert {int(row["number"]) for row in rows if row["pruned"]} == pruned
    document = json.loads(export(storage, "s", "json"))
    assert {trial["number"] for trial in document["trials"] if trial["pruned"]} == pruned
    console = Console(file=io.StringIO(), width=200)
    draw_trials(console, [record for record in found(small) if record.number in pruned])
    assert console.file.getvalue().count("pruned") == len(pruned)
