"""A study whose grid grows inwards, around its winner."""

from dataclasses import replace

import pytest
from small_search import SmallSearch, stream, write_data

from hpsoft.assess.refine import beside, refine
from hpsoft.errors import SpaceError, StudyError
from hpsoft.study.study import find_study
from hpsoft.tuning.run import search

# Strong L2 and none are both worse by far than what lies in the middle.
PATH = ("alpha=1e-9,0.01,100", "iterations=20")


@pytest.fixture
def small(tmp_path):
    return SmallSearch(tmp_path, write_data(tmp_path))


def run(small, settings=PATH, **changes):
    return small.run(settings=settings, optimizer="newton", **changes)


def begin(small, **changes):
    return refine(small.prepare(settings=(), optimizer="newton", **changes))


def test_refine_adds_what_lies_beside_the_winner_and_no_more(small):
    first = run(small)
    winner = first.leaderboard[0].params["alpha"]
    refined = begin(small)
    assert (refined.remark, refined.winner) == (None, first.leaderboard[0])
    alphas = refined.prepared.grid.space["alpha"]
    added = sorted(set(alphas) - {1e-9, 0.01, 100})
    assert winner == 0.01
    below, above = added  # the steps on both sides are halved
    assert 1e-9 < below < 0.01 < above < 100
    second = search(refined.prepared)
    assert second.certificate.complete
    assert second.n_run == len(added)
    assert second.leaderboard[0].loss <= first.leaderboard[0].loss
    assert len(find_study(str(small.folder / "s.journal"), "s").description.grown_from) == 1


def test_steps_are_halved_until_nothing_can_matter(small):
    run(small)
    sizes = []
    for _ in range(12):
        refined = begin(small)
        if refined.remark:
            break
        sizes.append(search(refined.prepared).certificate.n_grid)
    assert sizes == sorted(set(sizes))
    assert "nothing is added" in refined.remark
    winner = find_study(str(small.folder / "s.journal"), "s").ranking[0]
    assert 1e-4 < winner.params["alpha"] < 1


def test_a_grid_that_is_not_finished_is_finished_first(small):
    run(small)
    events = stream(begin(small).prepared)
    next(events)
    events.close()
    again = begin(small)
    assert "It is finished now; --refine after that looks between its values." in again.remark
    assert search(again.prepared).certificate.complete


def test_whole_numbers_with_nothing_between_and_words_stay(small):
    settings = ("epochs=1,2", "batch_size=32", "learning_rate=0.5", "alpha=0.001,10")
    small.run(settings=settings)
    refined = refine(small.prepare(settings=()))
    assert refined.prepared.grid.space["epochs"] == (1, 2)
    assert len(refined.prepared.grid.space["alpha"]) == 3


def test_what_costs_next_to_nothing_is_not_refined(small):
    """The winner's cost is less than anybody would act upon."""
    run(small)
    prepared = small.prepare(settings=(), optimizer="newton")
    ranking = find_study(str(small.folder / "s.journal"), "s").ranking
    sure = [replace(ranking[0], value=0.001), *ranking[1:]]
    assert beside(prepared, {"alpha": (1e-9, 0.01, 100.0)}, ranking)
    assert not beside(prepared, {"alpha": (1e-9, 0.01, 100.0)}, sure)


def test_refine_needs_a_grid_of_its_own(small):
    with pytest.raises(SpaceError, match="--refine begins with the study's own space"):
        refine(small.prepare(settings=PATH, optimizer="newton"))
    run(small, sampler="random", trials=2)
    with pytest.raises(StudyError, match="--refine adds points to a grid"):
        begin(small)
