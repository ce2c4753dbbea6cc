"""States of blocks in progress: what is kept, and when it is not used."""

from dataclasses import replace

import numpy as np
import pytest
from hpsoft_sgd import SGD

from hpsoft.engine.checkpoints import LARGEST, Checkpoints
from hpsoft.engine.plan import make_plan
from hpsoft.engine.setup import Fold, TrainingSetup
from hpsoft.engine.train import Task, train

HYPERPARAMETERS = SGD.hyperparameters
RATES = (0.05, 0.1, 1e308)  # the last one diverges


def plan_of(horizons=(1, 2, 4), rates=RATES, batch_size=8):
    points = [
        {"epochs": h, "batch_size": batch_size, "learning_rate": rate, "alpha": 0.01}
        for h in horizons
        for rate in rates
    ]
    return make_plan(HYPERPARAMETERS, enumerate(points))


@pytest.fixture
def setting():
    rng = np.random.default_rng(0)
    X, labels = rng.normal(size=(40, 5)), rng.integers(0, 3, 40)
    folds = (
        Fold(X[:30], labels[:30], X[30:], labels[30:]),
        Fold(X[10:], labels[10:], X[:10], labels[:10]),
    )
    return TrainingSetup(SGD(), folds, 3, np.dtype(float), 0)


def snapshot(setting, horizon, **changes):
    (block,) = plan_of(**changes).blocks
    alive = tuple(range(len(block.models)))
    return train(setting, Task(block, alive, None, 0, horizon))


@pytest.fixture
def kept(tmp_path, setting):
    """The states of a block after two of four passes; one of its three models has diverged."""
    checkpoints = Checkpoints(tmp_path / "s.blocks", "this search")
    checkpoints.save(snapshot(setting, 2))
    return checkpoints


def test_a_block_goes_on_where_it_was_bit_for_bit(kept, setting):
    (block,) = plan_of((4,), RATES[:2]).blocks
    begun = kept.begun(block)
    assert begun.done == 2
    went_on = train(setting, Task(block, (0, 1), begun.states, begun.done, 4))
    straight = snapshot(setting, 4)
    for ours, theirs in zip(went_on.states, straight.states, strict=True):
        np.testing.assert_array_equal(ours["weights"], theirs["weights"])
    np.testing.assert_array_equal(went_on.scores.cross_entropy, straight.scores.cross_entropy[:2])


def test_some_of_its_models_go_on_too(kept, setting):
    (block,) = plan_of((4,), RATES[1:2]).blocks
    expected = snapshot(setting, 2).states[1]["weights"][..., 1:2]
    np.testing.assert_array_equal(kept.begun(block).states[1]["weights"], expected)


@pytest.mark.parametrize(
    "changes",
    [
        {"horizons": (2, 4)},  # a trial that the state is past
        {"rates": RATES},  # a model that diverged
        {"rates": (0.05, 0.2)},  # a model that it never held
        {"batch_size": 16},
    ],
)
def test_what_does_not_fit_is_not_used(kept, changes):
    (block,) = plan_of(**({"horizons": (4,), "rates": RATES[:2]} | changes)).blocks
    assert kept.begun(block) is None


def test_another_search_does_not_use_it(kept, tmp_path):
    (block,) = plan_of((4,), RATES[:2]).blocks
    assert Checkpoints(tmp_path / "s.blocks", "another search").begun(block) is None


@pytest.mark.parametrize("is_first", [True, False])
def test_the_latest_state_counts(kept, tmp_path, setting, is_first):
    """Of models that were cut into other blocks before, whichever file comes first."""
    (latest,) = (tmp_path / "s.blocks").iterdir()
    latest.rename(latest.with_stem(latest.stem[:17] + ("0" if is_first else "g")))
    kept.save(snapshot(setting, 1, rates=RATES[:2]))
    (block,) = plan_of((4,), RATES[:2]).blocks
    assert len(list((tmp_path / "s.blocks").iterdir())) == 2
    assert kept.begun(block).done == 2


def test_all_kinds_of_state_come_back(tmp_path, setting):
    """One value a model, one for all models, and flags."""
    found = snapshot(setting, 2, rates=RATES[:2])
    more = {"count": np.array(7), "converged": np.array([True, False]), "seen": np.array([1, 2])}
    checkpoints = Checkpoints(tmp_path / "s.blocks", "this search")
    states = tuple(state | more for state in found.states)
    checkpoints.save(replace(found, states=states))
    (block,) = plan_of((4,), RATES[1:2]).blocks
    state = checkpoints.begun(block).states[1]
    assert {name: (state[name].dtype, state[name].tolist()) for name in more} == {
        "count": (more["count"].dtype, 7),
        "converged": (np.dtype(bool), [False]),
        "seen": (more["seen"].dtype, [2]),
    }


def test_a_folder_of_someone_else_is_left_alone(kept, tmp_path, setting, monkeypatch):
    (path,) = (tmp_path / "s.blocks").iterdir()
    before = path.read_bytes()
    monkeypatch.setattr("hpsoft.engine.checkpoints.os.geteuid", lambda: 12345)
    (block,) = plan_of((4,), RATES[:2]).blocks
    assert kept.begun(block) is None
    kept.save(snapshot(setting, 1))
    assert path.read_bytes() == before


def test_a_link_is_not_followed(tmp_path, setting):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "s.blocks").symlink_to(tmp_path / "elsewhere")
    Checkpoints(tmp_path / "s.blocks", "this search").save(snapshot(setting, 2))
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"PK", b"\x93NUMPY", b"half"])
def test_a_damaged_file_is_not_used(kept, tmp_path, damage):
    (path,) = (tmp_path / "s.blocks").iterdir()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] if damage == b"half" else damage)
    (block,) = plan_of((4,), RATES[:2]).blocks
    assert kept.begun(block) is None


def test_bytes_that_changed_are_noticed(kept, tmp_path, setting):
    (path,) = (tmp_path / "s.blocks").iterdir()
    content = bytearray(path.read_bytes())
    weights = snapshot(setting, 2).states[0]["weights"]
    content[content.index(weights.tobytes()) + weights.nbytes // 2] ^= 1
    path.write_bytes(content)
    (block,) = plan_of((4,), RATES[:2]).blocks
    assert kept.begun(block) is None


def test_a_finished_block_leaves_nothing(kept, tmp_path, setting):
    kept.save(snapshot(setting, 4))
    assert not (tmp_path / "s.blocks").exists()


@pytest.mark.parametrize("why", ["too large", "objects"])
def test_a_state_that_is_not_worth_it_is_not_kept(tmp_path, setting, why):
    found, largest = snapshot(setting, 2), 10 if why == "too large" else LARGEST
    if why == "objects":
        state = {**found.states[0], "notes": np.array([{}, {}], object)}
        found = replace(found, states=(state, found.states[1]))
    Checkpoints(tmp_path / "s.blocks", "this search", largest).save(found)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_nothing_costs_time_alone(tmp_path, setting):
    (tmp_path / "s.blocks").write_text("a file is here")
    checkpoints = Checkpoints(tmp_path / "s.blocks", "this search")
    checkpoints.save(snapshot(setting, 2))
    (block,) = plan_of((4,), RATES[:2]).blocks
    assert checkpoints.begun(block) is None


def test_without_a_folder_nothing_is_kept(setting):
    checkpoints = Checkpoints(None, "this search")
    checkpoints.save(snapshot(setting, 2))
    (block,) = plan_of((4,), RATES[:2]).blocks
    assert checkpoints.begun(block) is None
    checkpoints.clear()
