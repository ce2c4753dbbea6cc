"""A study whose grid gets more values: only the new points are run."""

import signal
from pathlib import Path

import optuna
import pytest
import warm
from small_search import SmallSearch, stream, write_data

from hpsoft.assess.extend import extend
from hpsoft.errors import SpaceError, StudyError
from hpsoft.report.live.search_live import first_line
from hpsoft.space.ranges import Range, is_grown
from hpsoft.study.leaderboard import rank
from hpsoft.study.resume import check_growth
from hpsoft.study.storage.location import locate
from hpsoft.study.study import find_study, trials
from hpsoft.tuning.dry_run import work_left
from hpsoft.tuning.run import search

SMALL = ("epochs=1,2", "batch_size=7,32", "learning_rate=0.05,0.1", "alpha=0,0.01")
LARGE = ("epochs=1,2,4", "batch_size=7,32", "learning_rate=0.05,0.1,1e308", "alpha=0,0.01")


@pytest.fixture
def small(tmp_path):
    return SmallSearch(tmp_path, write_data(tmp_path))


@pytest.fixture(params=["s.journal", "s.db"])
def where(request, small):
    return {"storage": str(small.folder / request.param)}


def found(small, study="s", file="s.journal"):
    return sorted(trials(str(small.folder / file), study), key=lambda t: t.number)


def test_only_the_new_points_are_run_and_the_certificate_covers_all(small, where):
    file = Path(where["storage"]).name
    small.run(settings=SMALL, **where)
    before = found(small, file=file)
    finished = small.run(settings=LARGE, **where)
    assert (len(before), finished.n_run) == (16, 36 - 16)
    assert finished.certificate.complete
    assert finished.certificate.n_grid == 36
    assert finished.certificate.strangers == 0
    after = found(small, file=file)
    for old, new in zip(before, after, strict=False):
        assert (old.params, old.value, old.number) == (new.params, new.value, new.number)


def test_a_grown_study_holds_what_the_large_grid_alone_finds(small):
    small.run(settings=SMALL)
    small.run(settings=LARGE)
    small.run(settings=LARGE, study="whole")
    grown, whole = (
        {t.grid_id: (t.params, t.value and round(t.value, 12)) for t in found(small, study)}
        for study in ("s", "whole")
    )
    assert grown == whole


def test_a_grown_study_is_finished_resumed_and_grows_again(small, where):
    small.run(settings=SMALL, **where)
    events = stream(small.prepare(settings=LARGE, **where))
    for event in events:
        if getattr(event, "n_finished", 0) > 20:
            break
    events.close()
    assert small.run(settings=LARGE, **where).certificate.complete
    assert small.run(settings=LARGE, **where).n_run == 0
    assert small.run(settings=(*LARGE[:3], "alpha=0,0.01,1"), **where).n_run == 18
    assert len(found(small, file=Path(where["storage"]).name)) == 54
    summary = find_study(where["storage"], "s").summary
    assert (summary.n_finished, summary.n_grid) == (54, 54)


def test_the_command_of_before_the_growth_goes_on(small, where):
    """Its points are among those of the larger grid: nothing is left, and the study says so."""
    small.run(settings=SMALL, **where)
    small.run(settings=LARGE, **where)
    dry = work_left(small.prepare(settings=SMALL, **where))
    assert dry.n_trials == 0
    opened, *_, finished = stream(small.prepare(settings=SMALL, **where))
    assert finished.n_run == 0
    assert finished.certificate.complete
    assert finished.certificate.n_grid == 36
    assert "grown to 36 points, the 16 of this command among them" in first_line(opened)
    assert "is finished, nothing is left" in first_line(opened)


def test_the_command_of_before_the_growth_finishes_a_growth_that_was_killed(small, where):
    small.run(settings=SMALL, **where)
    events = stream(small.prepare(settings=LARGE, **where))
    next(events)
    events.close()
    finished = small.run(settings=SMALL, **where)
    assert (finished.n_run, finished.certificate.n_grid) == (20, 36)
    assert finished.certificate.complete


def test_a_smaller_or_another_grid_is_refused(small):
    """Only what the study has been itself is known to it."""
    small.run(settings=LARGE)
    for settings in (SMALL, (*LARGE[:3], "alpha=0,0.02")):
        with pytest.raises(StudyError, match="holds another search"):
            small.run(settings=settings)


def test_a_database_that_is_not_regridded_cannot_grow_and_says_so():
    with pytest.raises(StudyError, match="cannot let its grid grow"):
        check_growth(locate("mysql://me@host/db"), "s")
    for storage in ("s.journal", "s.db", "postgresql://me@host/db", "redis://host"):
        check_growth(locate(storage), "s")


def stock(small, study="s"):
    storage = optuna.storages.RDBStorage(f"sqlite:///{small.folder / 's.db'}")
    found = optuna.load_study(study_name=study, storage=storage)
    return found, optuna.samplers.GridSampler(found.user_attrs["hpsoft"]["space"])


def test_stock_optuna_sees_one_large_grid_in_a_database(small):
    """As if the large grid had been searched from the start, but for the order of trials."""
    where = {"storage": str(small.folder / "s.db")}
    small.run(settings=SMALL, **where)
    before = {trial.number: trial for trial in stock(small)[0].trials}
    small.run(settings=LARGE, **where)
    small.run(settings=LARGE, study="whole", **where)
    grown, sampler = stock(small)
    assert sampler.is_exhausted(grown)
    for number, trial in before.items():
        again = grown.trials[number]
        assert (trial.params, trial.values, trial.user_attrs) == (
            again.params, again.values, again.user_attrs
        )  # fmt: skip
        assert (trial.intermediate_values, trial.datetime_complete) == (
            again.intermediate_values, again.datetime_complete
        )  # fmt: skip
    whole = {t.system_attrs["grid_id"]: t for t in stock(small, "whole")[0].trials}
    assert len(whole) == len(grown.trials) == 36
    for trial in grown.trials:
        expected = whole[trial.system_attrs["grid_id"]]
        assert trial.params == expected.params
        assert trial.distributions == expected.distributions
        assert trial.system_attrs == expected.system_attrs


def test_other_studies_of_the_database_stay_as_they_are(small):
    where = {"storage": str(small.folder / "s.db")}
    for study in ("s", "other"):
        small.run(settings=SMALL, study=study, **where)
    before = stock(small, "other")[0].trials
    small.run(settings=LARGE, **where)
    assert stock(small, "other")[0].trials == before


DRIVER = """
import os, signal, sys
from pathlib import Path
import sqlalchemy
sys.path.insert(0, {tests!r})
from small_search import SmallSearch
from hpsoft.study import growth

regrid, execute, done = growth._regrid, sqlalchemy.Connection.execute, []

def counted(*args, **kwargs):
    result = execute(*args, **kwargs)
    done.append(args)
    if len(done) == {n!r}:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

def killed(*args):
    sqlalchemy.Connection.execute = counted
    regrid(*args)
    os.kill(os.getpid(), signal.SIGKILL)

growth._regrid = killed
small = SmallSearch(Path({folder!r}), Path({data!r}))
small.run(settings={settings!r}, storage=str(small.folder / "s.db"))
"""


@pytest.mark.parametrize("n_statements", [1, 2, 3, 4, 5, 6, 7])
def test_kill_9_while_a_database_grows_loses_nothing(small, n_statements):
    """After any of its six statements: the study is the old one, then the new one, and goes on."""
    where = {"storage": str(small.folder / "s.db")}
    small.run(settings=SMALL, **where)
    before = {t.number: (t.params, t.value) for t in found(small, file="s.db")}
    code = DRIVER.format(
        tests=str(Path(__file__).parents[1]), n=n_statements, folder=str(small.folder),
        data=str(small.data), settings=LARGE,
    )  # fmt: skip
    assert warm.run(code=code).returncode == -signal.SIGKILL
    about = find_study(where["storage"], "s").description
    assert about.n_grid == (36 if n_statements > 6 else 16)
    assert {t.number: (t.params, t.value) for t in found(small, file="s.db")} == before
    finished = small.run(settings=LARGE, **where)
    assert (finished.n_run, finished.certificate.complete) == (20, True)
    after = {t.number: (t.params, t.value) for t in found(small, file="s.db")}
    assert before.items() <= after.items()


def test_a_sampled_study_cannot_grow(small):
    small.run(settings=SMALL, sampler="random", trials=4)
    with pytest.raises(StudyError, match="holds another search"):
        small.run(settings=LARGE, sampler="random", trials=8)


def test_extend_adds_what_lies_beyond_the_edges(small):
    finished = small.run(settings=SMALL)
    added = {edge.name: edge.suggestion for edge in finished.edges}
    assert added
    extended = extend(small.prepare(settings=()))
    prepared = extended.prepared
    assert extended.remark is None
    assert extended.winner == finished.leaderboard[0]
    for name, values in prepared.identity.space.items():
        old = {
            v for s in SMALL if s.startswith(name) for v in map(float, s.split("=")[1].split(","))
        }
        assert set(values) == (old or {1}) | ({added[name]} if name in added else set())
    last = search(prepared)
    assert last.certificate.complete
    assert last.n_run == last.certificate.n_grid - 16


def test_extend_finishes_first_what_is_not_finished(small, where):
    """So the same command goes on after a kill, and a third one extends again."""
    small.run(settings=SMALL, **where)
    before = find_study(where["storage"], "s").trials
    prepared = extend(small.prepare(settings=(), **where)).prepared
    events = stream(prepared)
    for event in events:
        if getattr(event, "n_finished", 0) > 18:
            break
    events.close()
    again = extend(small.prepare(settings=(), **where))
    assert again.prepared.grid.size == prepared.grid.size
    assert "is not finished" in again.remark
    # What the grid of before found: the winners are compared once this one is finished.
    assert again.winner.number == rank(before)[0].number
    finished = search(again.prepared)
    assert finished.certificate.complete
    assert finished.certificate.n_grid == prepared.grid.size


def test_extend_says_when_there_is_nothing_to_add(small):
    """A single value has no edge."""
    small.run(settings=("epochs=2", "batch_size=7", "learning_rate=0.1", "alpha=0.01"))
    extended = extend(small.prepare(settings=()))
    assert extended.remark.startswith("The winner lies on no edge of the grid, or going beyond")
    assert extended.remark.endswith("nothing is added.")
    assert (extended.prepared.grid.size, extended.winner) == (1, None)


def test_extend_needs_a_study_of_a_grid_with_a_winner(small):
    with pytest.raises(SpaceError, match="begins with the study's own space"):
        extend(small.prepare(settings=SMALL))
    small.run(settings=SMALL, sampler="random", trials=4)
    with pytest.raises(StudyError, match="a sampler's space has no edges"):
        extend(small.prepare(settings=()))
    small.run(settings=(*SMALL[:2], "learning_rate=1e308", "alpha=1"), study="lost")
    with pytest.raises(StudyError, match="has no winner yet"):
        extend(small.prepare(settings=(), study="lost"))


@pytest.mark.parametrize(
    ("there", "here", "expected"),
    [
        ({"a": (1, 2)}, {"a": (1, 2, 3)}, True),
        ({"a": (1, 2)}, {"a": (1, 2)}, False),
        ({"a": (1, 2)}, {"a": (1, 3)}, False),
        ({"a": (1, 2)}, {"a": (1, 2), "b": (1,)}, False),
        ({"a": (1, 2)}, {"a": Range(1, 3)}, False),
    ],
)
def test_a_grid_has_grown_if_it_has_all_and_more(there, here, expected):
    assert is_grown(there, here) is expected
