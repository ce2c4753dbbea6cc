"""A study whose grid gets more values: only the new points are run."""

import pytest
from small_search import SmallSearch, write_data

from hpsoft.errors import SpaceError, StudyError
from hpsoft.search.growing import extend
from hpsoft.search.listing import find_study, trials
from hpsoft.search.ranges import Range, is_grown
from hpsoft.search.run import search

SMALL = ("epochs=1,2", "batch_size=7,32", "learning_rate=0.05,0.1", "alpha=0,0.01")
LARGE = ("epochs=1,2,4", "batch_size=7,32", "learning_rate=0.05,0.1,1e308", "alpha=0,0.01")


@pytest.fixture
def small(tmp_path):
    return SmallSearch(tmp_path, write_data(tmp_path))


def found(small, study="s", file="s.journal"):
    return sorted(trials(str(small.folder / file), study), key=lambda t: t.number)


def test_only_the_new_points_are_run_and_the_certificate_covers_all(small):
    small.run(settings=SMALL)
    before = found(small)
    finished = small.run(settings=LARGE)
    assert (len(before), finished.n_run) == (16, 36 - 16)
    assert finished.certificate.complete
    assert finished.certificate.n_grid == 36
    assert finished.certificate.strangers == 0
    after = found(small)
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


def test_a_grown_study_is_finished_resumed_and_grows_again(small):
    small.run(settings=SMALL)
    events = search(small.prepare(settings=LARGE))
    for event in events:
        if getattr(event, "n_finished", 0) > 20:
            break
    events.close()
    assert small.run(settings=LARGE).certificate.complete
    assert small.run(settings=LARGE).n_run == 0
    assert small.run(settings=(*LARGE[:3], "alpha=0,0.01,1")).n_run == 18
    assert len(found(small)) == 54
    summary = find_study(str(small.folder / "s.journal"), "s").summary
    assert (summary.n_finished, summary.n_grid) == (54, 54)


def test_a_smaller_or_another_grid_is_refused(small):
    small.run(settings=LARGE)
    for settings in (SMALL, (*LARGE[:3], "alpha=0,0.02")):
        with pytest.raises(StudyError, match="holds another search"):
            small.run(settings=settings)


def test_a_database_cannot_grow_and_says_so(small):
    storage = str(small.folder / "s.db")
    small.run(settings=SMALL, storage=storage)
    with pytest.raises(StudyError, match="in a database, where Optuna lets no parameter"):
        small.run(settings=LARGE, storage=storage)
    assert small.run(settings=SMALL, storage=storage).n_run == 0


def test_a_sampled_study_cannot_grow(small):
    small.run(settings=SMALL, sampler="random", trials=4)
    with pytest.raises(StudyError, match="holds another search"):
        small.run(settings=LARGE, sampler="random", trials=8)


def test_extend_adds_what_lies_beyond_the_edges(small):
    finished = small.run(settings=SMALL)
    added = {edge.name: edge.suggestion for edge in finished.edges}
    prepared = extend(small.prepare(settings=()))
    for name, values in prepared.identity.space.items():
        old = {
            v for s in SMALL if s.startswith(name) for v in map(float, s.split("=")[1].split(","))
        }
        assert set(values) == old | ({added[name]} if added.get(name) is not None else set())
    *_, last = search(prepared)
    assert last.certificate.complete
    assert last.n_run == last.certificate.n_grid - 16


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
