"""The chosen trial, trained on all training data, and one look at the test set."""

from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from optuna.distributions import CategoricalDistribution
from optuna.trial import TrialState, create_trial
from reference_sgd import sgd
from small_search import SmallSearch, stream, write_data

from hpsoft.assess import final as final_module
from hpsoft.assess.final import FinalConfig, Training, retrain_winner
from hpsoft.data import Scaler, load
from hpsoft.engine.setup import sample_order
from hpsoft.errors import DataError, HpsoftError, StorageError, StudyError
from hpsoft.model.files import load as load_model
from hpsoft.softmax import accuracy, cross_entropy
from hpsoft.study import reader as reading_module
from hpsoft.study.reader import load as load_study
from hpsoft.study.reader import open_storage
from hpsoft.study.storage.connect import Connection
from hpsoft.study.study import find_study, trials
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.events import Stored


@pytest.fixture
def small(tmp_path):
    """A finished search."""
    small = SmallSearch(tmp_path, write_data(tmp_path))
    small.run()
    return small


def run_final(small, **changes):
    options = {"study": "s", "storage": str(small.folder / "s.journal")}
    passes = []
    result = to_the_end(retrain_winner(FinalConfig(**options | changes)), passes.append)
    assert all(isinstance(event, Training) for event in passes)
    return passes, result


def uses(small):
    return find_study(str(small.folder / "s.journal"), "s").test_uses


def reference(small, params):
    """Train the one-model loop on training + validation samples, scaled by them."""
    dataset = load(str(small.data))
    samples = dataset.training.samples
    scaler = Scaler.fit(dataset.training.scale, samples.X)
    order = partial(sample_order, 0, n_samples=len(samples))
    X = scaler.apply(samples.X, np.float64)
    weights, bias = sgd(X, samples.labels, 3, order=order, **params)
    X_test = scaler.apply(dataset.test.X, np.float64)
    return X_test @ weights + bias, dataset.test


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_the_model_is_the_one_model_loop_on_all_training_data(small, tmp_path, suffix):
    """Test costs and the saved file's logits are those of the reference."""
    path = tmp_path / f"m{suffix}"
    passes, result = run_final(small, model_out=path)
    logits, test = reference(small, result.params)
    assert result.n_train == 120
    assert result.test.n == len(test) == 30
    assert result.test.cross_entropy == pytest.approx(cross_entropy(logits, test.labels), rel=1e-9)
    assert result.test.accuracy == accuracy(logits, test.labels)
    assert result.test.classes == ("ant", "bee", "cat")
    assert [event.epoch for event in passes] == list(range(1, result.params["epochs"] + 1))
    model = load_model(path)
    np.testing.assert_allclose(
        model.logits(np.asarray(test.X)), logits, atol=1e-9 * np.abs(logits).max()
    )
    assert result.model_path == path
    assert model.metadata["classes"] == ["ant", "bee", "cat"]
    assert model.metadata["params"] == result.params
    assert model.metadata["trial"] == result.trial.number


def test_the_best_trial_is_taken(small):
    _, result = run_final(small)
    values = [t.value for t in trials(str(small.folder / "s.journal"), "s") if t.value is not None]
    assert result.trial.value == min(values)
    assert result.params == result.trial.params
    assert (result.study, result.data, result.reference, result.note) == ("s", "small", None, None)


@pytest.mark.parametrize("study", ["best", "latest"])
def test_the_study_may_be_named_by_what_it_is(small, study):
    assert run_final(small, study=study)[1].study == "s"


def test_another_trial_by_its_number(small):
    found = trials(str(small.folder / "s.journal"), "s")
    worst = [trial for trial in found if trial.value is not None][-1]
    _, result = run_final(small, trial=worst.number)
    assert result.trial.grid_id == worst.grid_id
    logits, test = reference(small, worst.params)
    assert result.test.cross_entropy == pytest.approx(cross_entropy(logits, test.labels), rel=1e-9)


def test_each_use_of_the_test_set_is_recorded(small):
    """By which trial, and with what result; the next one is told."""
    _, first = run_final(small)
    _, second = run_final(small)
    assert (first.previous_test_uses, second.previous_test_uses, uses(small)) == (0, 1, 2)
    from hpsoft.study.attributes import uses_of_test

    study = load_study(open_storage(str(small.folder / "s.journal")), "s")
    use = uses_of_test(study)[0]
    assert use["trial"] == first.trial.number
    assert use["result"]["cross_entropy"] == first.test.cross_entropy
    assert use["result"]["accuracy"] == first.test.accuracy


def test_a_use_is_recorded_even_if_the_model_cannot_be_saved(small, tmp_path, monkeypatch):
    """The test set was looked at; a full disk does not undo that."""

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    _, result = run_final(small, model_out=tmp_path / "m.npz")
    assert "No space left" in result.problem
    assert result.model_path is None
    assert result.test.n == 30
    assert uses(small) == 1


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("m.pkl", "does not end in"),
        ("folder.npz", "is a folder"),
        ("nowhere/m.npz", "there is no folder"),
        ("/proc/m.npz", "Cannot save the model in /proc"),
    ],
)
def test_a_path_that_cannot_be_is_refused_before_the_work(small, tmp_path, path, reason):
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(HpsoftError, match=reason):
        run_final(small, model_out=tmp_path / path)
    assert uses(small) == 0


def test_the_storage_is_opened_once(small, monkeypatch):
    """A journal is read from its start by everyone who opens it."""
    opened = []
    real = reading_module.connect
    monkeypatch.setattr(
        reading_module,
        "connect",
        lambda *args, **options: opened.append(args) or real(*args, **options),
    )
    run_final(small)
    assert len(opened) == 1


def test_a_storage_that_takes_no_more_is_refused_before_the_work(small, monkeypatch):
    def refuse(_connection):
        raise StorageError("The storage cannot be written.")

    monkeypatch.setattr(Connection, "check_writable", refuse)
    with pytest.raises(StorageError, match="cannot be written"):
        run_final(small)
    assert uses(small) == 0


@pytest.mark.parametrize("value", [-1.0, None])
def test_the_winner_that_the_search_announced_is_trained(tmp_path, value):
    """Not a lower trial that is not of the grid; of equal costs the one that the search put
    first.
    """
    small = SmallSearch(tmp_path, write_data(tmp_path))
    settings = ("epochs=1", "batch_size=7", "learning_rate=0.05", "alpha=1e-300")
    small.run(settings=settings)
    if value is not None:
        study = load_study(open_storage(str(tmp_path / "s.journal")), "s")
        study.add_trial(create_trial(value=value, state=TrialState.COMPLETE))
    finished = small.run(settings=(*settings[:3], "alpha=0,1e-300"))
    _, result = run_final(small)
    assert result.trial.number == finished.leaderboard[0].number
    assert result.params == {**finished.leaderboard[0].params, "alpha": 0.0}
    summary = find_study(str(tmp_path / "s.journal"), "s").summary
    assert (summary.best_trial, summary.n_finished) == (result.trial.number, 2)
    shown = [t for t in trials(str(tmp_path / "s.journal"), "s") if t.grid_id >= 0]
    assert shown == finished.leaderboard


def test_a_trial_outside_the_grid_can_be_named(small):
    study = load_study(open_storage(str(small.folder / "s.journal")), "s")
    values = {"epochs": 3, "batch_size": 9, "learning_rate": 0.3, "alpha": 0.5}
    parameters = {name: CategoricalDistribution([value]) for name, value in values.items()}
    study.add_trial(create_trial(value=-1.0, params=values, distributions=parameters))
    assert run_final(small)[1].trial.value > 0
    assert run_final(small, trial=36)[1].params == values


@pytest.mark.parametrize("number", [36, 10**6, -1])
def test_unknown_trial(small, number):
    with pytest.raises(StudyError, match=f"does not have a finished trial {number} with a value"):
        run_final(small, trial=number)


def test_a_diverged_trial_cannot_be_chosen(small):
    found = trials(str(small.folder / "s.journal"), "s")
    lost = next(trial for trial in found if trial.diverged)
    with pytest.raises(StudyError, match="with a value"):
        run_final(small, trial=lost.number)


def test_a_study_without_any_value(tmp_path):
    small = SmallSearch(tmp_path, write_data(tmp_path))
    small.run(settings=("epochs=1", "batch_size=7", "learning_rate=1e308", "alpha=1"))
    with pytest.raises(StudyError, match="does not have a finished trial with a value"):
        run_final(small)


def test_unknown_study(small):
    with pytest.raises(StudyError, match="No study 'z'"):
        run_final(small, study="z")


def test_changed_data_is_refused(small):
    """One pixel is enough; the test set is not looked at."""
    with np.load(small.data) as file:
        X, y = file["X"].copy(), file["y"]
    X[3, 1] ^= 1
    np.savez(small.data, X=X, y=y)
    with pytest.raises(DataError, match=r"is not what this study was made on.*--data"):
        run_final(small)
    assert uses(small) == 0


def test_data_that_moved_is_found_where_it_lies_now(small, tmp_path):
    _, before = run_final(small)
    moved = tmp_path / "elsewhere.npz"
    small.data.rename(moved)
    with pytest.raises(DataError):
        run_final(small)
    _, after = run_final(small, data=str(moved))
    assert after.test == before.test


def test_a_model_that_diverges_on_all_data_is_an_error(small, monkeypatch):
    """No test result, no use recorded."""
    from hpsoft_sgd import SGD

    def diverge(_self, _problem, _models, state, _index):
        return {name: array * np.nan for name, array in state.items()}

    monkeypatch.setattr(SGD, "epoch", diverge)
    with pytest.raises(StudyError, match=r"diverges when it is trained.*--trial"):
        run_final(small)
    assert uses(small) == 0


def test_fashion_mnist_stands_beside_the_reference_run(small, monkeypatch):
    """By the content of the data set: a name proves nothing."""
    assert run_final(small)[1].reference is None
    digest = find_study(str(small.folder / "s.journal"), "s").description.identity.fingerprint
    monkeypatch.setattr(final_module, "FASHION_MNIST_FINGERPRINT", digest)
    assert run_final(small)[1].reference is final_module.FASHION_MNIST


def test_the_final_model_is_scaled_by_all_training_data_and_nothing_else(tmp_path):
    """Standardised features tell a part from the whole; bytes with one maximum do not."""
    rng = np.random.default_rng(1)
    X = np.cumsum(rng.normal(size=(200, 3)), axis=0)  # a drift: every part has its own mean
    labels = (X[:, 0] > np.median(X[:, 0])).astype(int)
    np.savez(tmp_path / "drift.npz", X=X, y=labels)
    small = SmallSearch(tmp_path, tmp_path / "drift.npz")
    small.run()
    path = tmp_path / "model.npz"
    run_final(small, model_out=path)
    training = load(str(tmp_path / "drift.npz"), test_fraction=0.2, seed=0).training
    model = load_model(path)
    np.testing.assert_allclose(
        model.shift, np.asarray(training.samples.X).mean(axis=0), rtol=1e-12
    )
    np.testing.assert_allclose(
        model.divisor, np.asarray(training.samples.X).std(axis=0), rtol=1e-12
    )


def test_an_unfinished_study_is_said_to_be_one(small):
    with closing(stream(small.prepare(study="half"))) as events:
        next(event for event in events if isinstance(event, Stored))
    assert "is not finished" in run_final(small, study="half")[1].note
    small.run(study="half")
    assert run_final(small, study="half")[1].note is None
