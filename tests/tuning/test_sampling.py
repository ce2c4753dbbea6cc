"""Samplers and pruners: waves, rungs, what is stored, and that results are those of the grid."""

import csv
import io
import json
import sys
import warnings

import optuna
import pytest
from rich.console import Console
from small_search import SmallSearch, stream, write_data

from hpsoft.engine.workers import Inline
from hpsoft.errors import SpaceError, StudyError
from hpsoft.report.search_result import certificate_line
from hpsoft.report.trials import draw_trials
from hpsoft.study.export import export
from hpsoft.study.study import find_study, trials
from hpsoft.tuning.ask_tell import AskTell
from hpsoft.tuning.events import Stored, Wave
from hpsoft.tuning.samplers import sampler_names

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
    if pruner not in {"patient", "wilcoxon"}:  # which see no reason here, see test_brain
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


@pytest.mark.parametrize("pruner", ["median", "none"])
def test_same_seed_and_wave_give_the_same_trials_with_any_number_of_workers(small, pruner):
    runs = []
    for study, jobs in (("one", 1), ("two", 2)):
        run(
            small,
            study,
            sampler="tpe",
            pruner=pruner,
            trials=48,
            wave=12,
            cores=jobs,
            least_seconds=0,
        )
        runs.append(by_point(found(small, study)))
    one, two = runs
    assert one.keys() == two.keys()
    for grid_id, record in one.items():
        assert two[grid_id].pruned == record.pruned
        assert two[grid_id].intermediate == record.intermediate  # to the last bit


def test_another_seed_gives_other_trials(small):
    run(small, "a", sampler="random", trials=20)
    run(small, "b", sampler="random", trials=20, sampler_options=("seed=1",))
    assert by_point(found(small, "a")).keys() != by_point(found(small, "b")).keys()


def test_a_wave_is_as_large_as_asked_for(small):
    prepared = small.prepare(settings=SETTINGS, sampler="random", trials=25, wave=10)
    waves = [event.plan.n_trials for event in stream(prepared) if isinstance(event, Wave)]
    assert waves == [10, 10, 5]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sampler": "random"}, 100),
        ({"sampler": "tpe"}, 25),
        ({"sampler": "random", "pruner": "median"}, 25),
    ],
)
def test_a_wave_is_wide_where_nothing_is_learnt(small, changes, expected):
    prepared = small.prepare(settings=SETTINGS, trials=100, **changes)
    first = next(event for event in stream(prepared) if isinstance(event, Wave))
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
        (
            {"pruner": "median", "pruner_options": ("n_startup_trials=-1",)},
            "refuses its options",
        ),
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


@pytest.mark.parametrize(("sampler", "library"), [("cmaes", "cmaes"), ("gp", "torch")])
def test_a_sampler_whose_library_is_missing_says_what_to_install(
    small, monkeypatch, sampler, library
):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SpaceError, match=rf"needs {library}.*hpsoft\[samplers\]"):
        run(small, sampler=sampler, trials=5)
    assert not (small.folder / "s.journal").exists()


@pytest.mark.parametrize(
    ("sampler", "option"),
    [
        ("tpe", "n_startup_trials=abc"),
        ("tpe", "n_ei_candidates=-1"),
        ("tpe", "multivariate={1,2}"),
        ("tpe", "multivariate=maybe"),
        ("tpe", "gamma=1"),
        ("nsgaii", "population_size=3.5"),
        ("cmaes", "popsize=1"),
    ],
)
def test_options_of_samplers_that_make_no_sense(small, sampler, option):
    """Told before anything is written, with the option's name."""
    with pytest.raises(SpaceError, match=option.partition("=")[0]):
        run(small, sampler=sampler, sampler_options=(option,), trials=5)
    assert not (small.folder / "s.journal").exists()


def test_a_sampler_that_does_not_take_the_space_is_refused(small):
    with pytest.raises(SpaceError, match="BruteForceSampler failed"):
        small.run(settings=("alpha=log:0.1:1",), sampler="bruteforce", trials=5)


@pytest.mark.parametrize("limit", ["inf", "1e999", "nan"])
def test_limits_are_finite(small, limit):
    with pytest.raises(SpaceError, match="upper"):
        run(small, pruner="threshold", pruner_options=(f"upper={limit}",))


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
        ("qmc", "none"),
        ("cmaes", "none"),
        ("nsgaii", "halving"),
        ("grid", "median"),
    ],
)
def test_an_interrupted_search_ends_with_the_trials_of_an_undisturbed_one(small, sampler, pruner):
    options = {"sampler": sampler, "pruner": pruner}
    if sampler != "grid":
        options |= {"trials": 60, "wave": 12}
    run(small, "whole", **options)
    for n in (20, 45):
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


def test_the_waves_of_a_pruned_grid_do_not_depend_on_the_cores(small):
    settings = ("epochs=1,2,4,8", "batch_size=16", "learning_rate=0.2,0.5,2,5,20",
                "alpha=0,0.001,0.01,0.1,1")  # fmt: skip
    for jobs in (1, 2):
        events = list(
            stream(
                small.prepare(
                    study=f"j{jobs}",
                    settings=settings,
                    pruner="median",
                    cores=jobs,
                    least_seconds=0,
                )
            )
        )
        assert events[0].n_workers == jobs
    one, two = (by_point(found(small, f"j{jobs}")) for jobs in (1, 2))
    assert sum(record.pruned for record in one.values()) > 0
    assert {i: (r.pruned, r.intermediate) for i, r in one.items()} == {
        i: (r.pruned, r.intermediate) for i, r in two.items()
    }


@pytest.mark.parametrize(
    "changes", [{}, {"sampler": "random", "trials": 200}, {"pruner": "median"}]
)
def test_no_task_begins_once_time_is_up(small, monkeypatch, changes):
    """A clock that goes on by a second a task; the same command then ends the search."""
    tasks = []
    submit = Inline.submit
    monkeypatch.setattr(
        Inline, "submit", lambda self, task: tasks.append(task) or submit(self, task)
    )
    monkeypatch.setattr("hpsoft.system.time_limit.time.perf_counter", lambda: float(len(tasks)))
    finished = run(small, timeout=3.0, **changes)
    assert len(tasks) == 3
    assert finished.out_of_time
    assert not finished.certificate.exhausted
    monkeypatch.undo()
    n_wanted = changes.get("trials", 240)
    assert finished.n_run + run(small, **changes).n_run == n_wanted


def test_the_time_does_not_count_while_stored_waves_are_asked_again(small, monkeypatch):
    """A clock that goes on by a second a wave: five stored ones take longer than the limit."""
    run(small, sampler="random", trials=20, wave=4)
    waves = []
    ask = AskTell.ask
    monkeypatch.setattr(
        AskTell, "ask", lambda self, n, *how: waves.append(n) or ask(self, n, *how)
    )
    monkeypatch.setattr("hpsoft.system.time_limit.time.perf_counter", lambda: float(len(waves)))
    finished = run(small, sampler="random", trials=40, wave=4, timeout=2.0)
    assert waves.count(4) == 5 + 2 + 1  # the others are the rehearsal
    assert finished.n_run == 2 * 4
    assert finished.out_of_time


def test_a_model_whose_askers_have_ended_is_not_trained_on(small, monkeypatch):
    """The longer trial of a model is pruned at 1; the shorter one ends at 2, and so the model."""
    tasks = []
    submit = Inline.submit
    monkeypatch.setattr(
        Inline, "submit", lambda self, task: tasks.append(task) or submit(self, task)
    )
    monkeypatch.setattr(
        AskTell, "report",
        lambda self, i, _cost, rung: rung == 1 and self._grid.params(i)["epochs"] == 8,
    )  # fmt: skip
    small.run(
        settings=("epochs=1,2,8", "batch_size=16", "learning_rate=0.1", "alpha=0"),
        sampler="random", pruner="median", trials=3, wave=3,
    )  # fmt: skip
    assert max(task.stop for task in tasks) == 2


def test_a_complete_grid_is_no_less_so_by_a_sampler(small):
    proof = run(small, sampler="random", trials=240).certificate
    assert proof.complete
    assert certificate_line(proof) == "240/240 grid points, each with exactly one finished trial"


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


def test_pruned_trials_are_shown_and_exported(small):
    run(small, sampler="random", pruner="threshold", pruner_options=("upper=0.7",), trials=60)
    pruned = {record.number for record in found(small) if record.pruned}
    assert pruned
    storage = str(small.folder / "s.journal")
    rows = list(csv.DictReader(io.StringIO(export(find_study(storage, "s"), "csv").decode())))
    assert {int(row["trial"]) for row in rows if row["pruned"]} == pruned
    document = json.loads(export(find_study(storage, "s"), "json"))
    assert {trial["trial"] for trial in document["trials"] if trial["pruned"]} == pruned
    console = Console(file=io.StringIO(), width=200)
    draw_trials(console, [record for record in found(small) if record.number in pruned])
    assert console.file.getvalue().count("pruned") == len(pruned)
