"""Data with a validation part of its own: chosen by, trained on at the end, divided anew."""

import json
from dataclasses import replace

import numpy as np
import pytest
from small_problem import reference_cost
from small_search import SmallSearch

from hpsoft.assess import confirm as confirm_module
from hpsoft.assess import final as final_module
from hpsoft.assess import optimum as optimum_module
from hpsoft.data import load, split
from hpsoft.errors import DataError, SpaceError
from hpsoft.model.files import load as load_model
from hpsoft.study.study import find_study
from hpsoft.system.steps import to_the_end
from hpsoft.tuning import prepare as prepare_module
from hpsoft.tuning.setting.folds import make_fold

N = {"train": 90, "val": 40, "test": 20}


@pytest.fixture
def small(tmp_path):
    """A finished search on three parts, each with a mean of its own."""
    rng = np.random.default_rng(3)
    arrays = {}
    for shift, (part, n) in enumerate(N.items()):
        X = rng.normal(size=(n, 4)) + shift
        labels = ((X - shift) @ rng.normal(size=(4, 3)) + rng.gumbel(size=(n, 3))).argmax(axis=1)
        arrays |= {f"x_{part}": X, f"y_{part}": labels}
    np.savez(tmp_path / "parts.npz", **arrays)
    small = SmallSearch(tmp_path, tmp_path / "parts.npz")
    small.run()
    return small


@pytest.fixture
def storage(small):
    return str(small.folder / "s.journal")


def test_it_is_the_part_to_choose_by(small, storage):
    """No fraction is recorded, and one that is asked for is refused."""
    prepared, data = small.prepare(), load(str(small.data)).training
    (fold,) = prepared.setting.folds
    np.testing.assert_array_equal(fold.labels, data.samples.labels)
    np.testing.assert_array_equal(fold.labels_validation, data.validation.labels)
    identity = find_study(storage, "s").description.identity
    assert (identity.val_fraction, identity.folds) == (None, None)
    assert identity.validation.text == "the validation part of the data"
    assert small.prepare(cv="none").identity == prepared.identity
    with pytest.raises(DataError, match="validation part of its own, 40 samples"):
        small.prepare(val_fraction=0.2)


def test_the_same_search_goes_on(small):
    """The study knows that the part was given."""
    assert small.run().certificate.complete


def test_the_final_model_is_trained_on_both_parts(small, storage):
    """The scaling shows what it was fitted to."""
    path = small.folder / "model.npz"
    result = to_the_end(
        final_module.retrain_winner(final_module.FinalConfig("s", storage, model_out=path))
    )
    assert result.n_train == N["train"] + N["val"]
    X = np.load(small.data)
    both = np.concatenate([X["x_train"], X["x_val"]])
    np.testing.assert_allclose(load_model(path).shift, both.mean(axis=0), rtol=1e-12)


def test_confirm_divides_both_parts_anew(small, storage):
    """Into parts of the same sizes."""
    config = confirm_module.ConfirmConfig("s", storage, top=2, seeds=2, jobs=1)
    report = to_the_end(confirm_module.confirm_winner(config))
    prepared, data = small.prepare(), load(str(small.data)).training
    for i, seed in enumerate((1, 2)):
        parts = split(data.pooled(), 40 / 130, seed)
        assert len(parts.validation) == N["val"]
        fold, _ = make_fold(
            parts.train, parts.validation, scale=prepared.identity.scale, dtype="float64"
        )
        setting = replace(prepared.setting, folds=(fold,), seed=seed)
        for candidate in report.candidates:
            expected = reference_cost(setting, candidate.trial.params)
            assert candidate.costs[i] == pytest.approx(expected, rel=1e-9)


def test_confirm_makes_folds_of_both_parts(small, storage):
    """As many as were asked for."""
    config = confirm_module.ConfirmConfig("s", storage, top=2, cv=3, seeds=1, jobs=1)
    report = to_the_end(confirm_module.confirm_winner(config))
    assert len(report.candidates[0].costs) == 3


def test_folds_of_a_part_that_was_given_are_refused(small):
    """They would pool what somebody kept apart; the study of that name chose otherwise."""
    for study in ("s", "new"):
        with pytest.raises(SpaceError, match=r"part of its own, 40 samples, which --cv 5x2 would"):
            small.prepare(cv="5x2", study=study)
    assert small.prepare(cv="auto").identity.validation.is_given


def test_studies_of_pooled_folds_go_on(small, monkeypatch):
    """As they were made before."""
    asked = {"cv": "5", "study": "old"}
    with monkeypatch.context() as before:
        before.setattr(prepare_module, "_check_part", lambda *_: None)
        small.run(**asked)
    prepared = small.prepare(**asked)
    assert (prepared.identity.val_fraction, prepared.identity.folds) == (None, 5)
    assert sum(len(fold.labels_validation) for fold in prepared.setting.folds) == 130
    assert small.run(**asked).certificate.complete
    with pytest.raises(SpaceError, match="--cv 4 would pool"):
        small.prepare(cv="4", study="old")


def test_the_optimum_is_found_on_the_study_s_own_split(small, storage):
    """The stored costs come out again."""
    report = to_the_end(
        optimum_module.find_optima(optimum_module.OptimumConfig("s", storage, top=2, jobs=1))
    )
    assert all(distance.reproduced for distance in report.distances)


def test_the_study_says_so_in_plain_json(storage):
    """None is null."""
    assert (
        json.loads(json.dumps(find_study(storage, "s").description.to_attribute()))["val_fraction"]
        is None
    )
