"""Temperatures of final models: fitted to samples that their model was not trained on."""

from dataclasses import replace

import numpy as np
import pytest
from small_search import SmallSearch, write_data

from hpsoft.assess.calibrate import held_out
from hpsoft.assess.final import FinalConfig, retrain_winner
from hpsoft.data import Samples
from hpsoft.data.encoding.policy import Policy
from hpsoft.data.spec import DataSpec
from hpsoft.data.splitting import folds
from hpsoft.errors import StudyError
from hpsoft.model.calibration import fit_temperature
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.study.records import TrialRecord
from hpsoft.study.study import find_study
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.setting.single import single_setup, train_single
from hpsoft.tuning.setting.views import Look

ONE = ("epochs=4", "batch_size=32", "learning_rate=0.5", "alpha=0.01")


@pytest.fixture
def small(tmp_path):
    return SmallSearch(tmp_path, write_data(tmp_path))


def test_each_fold_is_predicted_by_a_model_that_was_not_trained_on_it(small):
    """Against a loop over the folds, whose seed is the study's."""
    small.run(settings=ONE, cv="3")
    storage = str(small.folder / "s.journal")
    result = to_the_end(retrain_winner(FinalConfig("s", storage, calibrate=True)))
    study = find_study(storage, "s")
    identity, chosen = study.description.identity, study.trial(None)
    data = identity.load_data().training
    logits, labels = [], []
    for split in folds(data, 3, 1, identity.seed):
        setup, scaler = single_setup(
            small.prepare(settings=ONE).setting.optimizer, split.train,
            n_classes=3, scale=data.scale, dtype="float64", seed=identity.seed,
        )  # fmt: skip
        model = to_the_end(train_single(setup, chosen.params))
        X = scaler.apply(split.validation.X, np.float64)
        logits.append(X @ model.weights + model.bias)
        labels.append(split.validation.labels)
    T = fit_temperature(np.concatenate(logits), np.concatenate(labels))
    assert result.calibrated.temperature == pytest.approx(T)
    assert result.calibrated.n_parts == 3
    assert result.calibrated.validation.before.n == sum(map(len, labels))
    assert result.calibrated.test.before.cross_entropy == pytest.approx(result.test.cross_entropy)


def test_gaps_are_filled_in_by_what_each_model_is_trained_on(tmp_path):
    """Not by what fills in the gaps of the final model, which has seen what is held out."""
    rng = np.random.default_rng(0)
    X = rng.exponential(size=(80, 3)).round(3)
    y = np.where(X[:, 0] + rng.normal(size=80) > 1, "a", "b")
    X[rng.random(X.shape) < 0.3] = np.nan
    rows = [",".join("" if np.isnan(x) else str(x) for x in row) for row in X]
    lines = [f"{row},{label}" for row, label in zip(rows, y, strict=True)]
    (tmp_path / "t.csv").write_text("\n".join(["p,q,r,label", *lines]))
    spec = DataSpec(str(tmp_path / "t.csv"), policy=Policy(missing="mean"))
    data = spec.load().training
    identity = replace(SmallSearch(tmp_path, write_data(tmp_path)).prepare(settings=ONE).identity,
                       folds=3, val_fraction=None)  # fmt: skip
    params = {"epochs": 2, "batch_size": 16, "learning_rate": 0.5, "alpha": 0.01}
    sgd = load_optimizer("sgd")
    apart = to_the_end(
        held_out(sgd, identity, TrialRecord(params, 0, 1.0, {}, 1.0, 0.1), data, Look(None, "raw"))
    )
    logits = []
    for split in folds(data, 3, 1, identity.seed):
        seen, held = split.train.X, split.validation.X
        fills = seen.fitted()
        train = Samples(np.asarray(seen.with_fills(fills)), split.train.labels)
        setup, _ = single_setup(sgd, train, n_classes=2, scale="raw", dtype="float64",
                                seed=identity.seed)  # fmt: skip
        model = to_the_end(train_single(setup, params))
        logits.append(np.asarray(held.with_fills(fills)) @ model.weights + model.bias)
    np.testing.assert_allclose(apart.logits, np.concatenate(logits), rtol=1e-9)


def test_weights_of_samples_count(small):
    """Half of the held-out samples weigh nothing: as if they were not there."""
    small.run(settings=ONE)
    study = find_study(str(small.folder / "s.journal"), "s")
    identity, chosen = study.description.identity, study.trial(None)
    data = identity.load_data().training
    weight = np.arange(len(data)) % 2 + 0.0
    data.samples.side["sample_weight"] = weight
    apart = to_the_end(
        held_out(study.load_optimizer(), identity, chosen, data, Look(None, data.scale))
    )
    kept = apart.weight > 0
    assert 0 < kept.sum() < len(kept)
    alone = fit_temperature(apart.logits[kept], apart.labels[kept])
    assert apart.temperature == pytest.approx(alone)


def test_a_model_that_diverges_has_no_temperature(small):
    small.run(settings=ONE)
    study = find_study(str(small.folder / "s.journal"), "s")
    identity, chosen = study.description.identity, study.trial(None)
    chosen.params["learning_rate"] = 1e308
    data = identity.load_data().training
    with pytest.raises(StudyError, match="diverges on the part that the study trained on"):
        to_the_end(
            held_out(study.load_optimizer(), identity, chosen, data, Look(None, data.scale))
        )
