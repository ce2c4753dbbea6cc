"""From options and data to a search that could start, or one paragraph why not."""

from dataclasses import replace

import numpy as np
import pytest
from small_search import SETTINGS, SmallSearch, write_data

from hpsoft.cli.values import parse_settings
from hpsoft.data import Samples, TrainingData
from hpsoft.data.side.roles import GROUPS
from hpsoft.data.spec import DataSpec
from hpsoft.errors import DataError, HpsoftError, OptimizerError, SpaceError
from hpsoft.space.reference import FASHION_MNIST_FINGERPRINT
from hpsoft.system.cores import n_cores
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.prepare import prepare


@pytest.fixture
def small(tmp_path):
    return SmallSearch(tmp_path, write_data(tmp_path))


def fashion(name="fashion-mnist", scale="raw", n=3000):
    """Return data that calls itself Fashion-MNIST."""
    rng = np.random.default_rng(0)
    samples = Samples(rng.integers(0, 256, (n, 16)).astype(np.uint8), np.arange(n) % 10)
    digest = FASHION_MNIST_FINGERPRINT if name == "fashion-mnist" else "f"
    return TrainingData(name, samples, tuple("abcdefghij"), scale, digest)


def test_a_prepared_search_is_what_was_asked_for(small):
    """A stratified split, data scaled by the part that is trained on, the grid, the identity."""
    prepared = small.prepare(val_fraction=0.25, seed=3)
    setting, identity = prepared.setting, prepared.identity
    (fold,) = setting.folds
    assert len(fold.labels) == 90
    assert len(fold.labels_validation) == 30
    assert fold.X.max() == 1.0
    assert fold.X.dtype == setting.dtype == np.float64
    assert (setting.seed, setting.n_classes) == (3, 3)
    assert identity.space == prepared.grid.space
    assert list(identity.space) == [*(s.split("=")[0] for s in SETTINGS), "averaging"]
    assert (identity.data, identity.scale, identity.optimizer) == ("small", "unit", "sgd")
    assert (identity.dtype, identity.val_fraction, identity.seed) == ("float64", 0.25, 3)
    assert identity.source.spec == str(small.data)
    assert len(prepared.grid) == 36
    assert prepared.design.plan().n_trials == 36
    assert prepared.plan_left(range(30)).n_trials == 6


def test_a_search_has_a_default_space_name_and_cores(small):
    prepared = small.prepare(study=None, settings=(), jobs=None)
    assert prepared.study == "small-sgd-grid"
    assert len(prepared.grid) > 1000
    assert prepared.jobs == n_cores()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sampler": "gird"}, "No sampler 'gird'.*mean 'grid'"),
        ({"dtype": "float23"}, "No dtype 'float23'.*mean 'float32'"),
        ({"dtype": "float16"}, "No dtype 'float16'. Known: float32, float64"),
        ({"jobs": 0}, "--jobs takes 1 or more, not 0"),
        ({"jobs": -2}, "--jobs takes 1 or more, not -2"),
        ({"preset": "fashion"}, "No preset 'fashion'.*mean 'fashion-mnist'"),
        ({"settings": ("alpha=-1",)}, "alpha = -1 is outside its domain >= 0"),
        ({"settings": ("epochs=0,1",)}, "epochs = 0 is outside its domain 1 .. 1e.06"),
        ({"settings": ("epochs=1.5",)}, "epochs takes whole numbers"),
        ({"settings": ("batch_size=0",)}, "batch_size = 0 is outside"),
        ({"settings": ("learning_rate=0",)}, "learning_rate = 0 is outside its domain > 0"),
        ({"settings": ("learning_rate=nan",)}, "learning_rate takes finite numbers"),
        ({"settings": ("learning_rat=1",)}, "mean 'learning_rate'"),
        ({"settings": ("batch_size=8,97,200",)}, r"batch_size = 200 .* 96 .*batch_size=8$"),
        ({"settings": ("batch_size=97,200",)}, r"batch_size = 200 .* 96 .*batch_size=96$"),
    ],
)
def test_options_that_make_no_sense(small, changes, message):
    with pytest.raises(SpaceError, match=message):
        small.prepare(**changes)


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"optimizer": "sdg"}, OptimizerError, "No optimizer 'sdg'.*mean 'sgd'"),
        ({"val_fraction": 0.0}, DataError, "between 0 and 1"),
        ({"val_fraction": 1.0}, DataError, "between 0 and 1"),
        ({"seed": -1}, DataError, "seed must be 0 or more"),
    ],
)
def test_options_that_others_refuse(small, changes, kind, message):
    with pytest.raises(kind, match=message):
        small.prepare(**changes)


def test_batch_of_all_samples_is_fine(small):
    assert small.prepare(settings=("batch_size=96",)).grid.space["batch_size"] == (96,)


def test_fashion_mnist_is_searched_on_the_grid_of_the_reference():
    """Where its learning rates mean what they meant: raw pixels."""
    prepared = prepare(SearchConfig(space=parse_settings(("epochs=5",))), fashion())
    assert prepared.grid.space["epochs"] == (5,)
    assert prepared.grid.space["batch_size"] == (8, 16, 32, 64, 128, 256, 512, 1024)
    assert prepared.grid.space["learning_rate"][0] == 1e-8
    assert prepared.grid.space["alpha"] == (1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4)
    assert prepared.setting.folds[0].X.dtype == np.uint8  # raw data is cast slab by slab
    assert len(prepare(SearchConfig(), fashion()).grid) == 4096


@pytest.mark.parametrize("data", [fashion(scale="unit"), fashion(name="mnist")])
def test_other_data_and_scales_have_a_space_of_their_own(data):
    prepared = prepare(SearchConfig(), data)
    assert prepared.grid.space["learning_rate"][0] != 1e-8
    assert len(prepared.grid) == 4096


def test_a_preset_goes_over_the_usual_one():
    prepared = prepare(SearchConfig(preset="fashion-mnist-small"), fashion())
    assert len(prepared.grid) == 81


def test_a_small_plan_is_not_worth_processes(small):
    prepared = small.prepare(cores=2)
    assert prepared.n_workers(prepared.design.plan()) == 1
    large = prepare(SearchConfig(space=parse_settings(("epochs=1000",))), fashion())
    large = replace(large, jobs=2)
    assert large.n_workers(large.design.plan()) == 2
    assert large.n_workers(large.plan_left(range(512))) == 1


@pytest.mark.parametrize(
    ("changes", "depends"),
    [({"sampler": "tpe"}, False), ({"pruner": "median"}, False), ({}, True)],
)
def test_blocks_depend_on_the_cores_only_where_results_decide_nothing(small, changes, depends):
    """A model's rounding depends on its neighbours, and near a tie rounding decides."""
    one, many = (small.prepare(cores=cores, least_seconds=0, **changes) for cores in (1, 16))
    points = [i for i, params in one.grid if params["batch_size"] == 7]
    assert len(one.design.plan_of(points).blocks) == (1 if depends else 2)
    assert (one.design.plan_of(points, (1,)) != many.design.plan_of(points, (1,))) == depends


def test_nothing_is_written(small, tmp_path):
    before = set(tmp_path.iterdir())
    small.prepare()
    with pytest.raises(HpsoftError):
        small.prepare(jobs=0)
    assert set(tmp_path.iterdir()) == before


def drifting(scale="standard", size=1.0):
    """Return data whose every part has its own mean."""
    rng = np.random.default_rng(1)
    X = size * np.cumsum(rng.normal(size=(200, 3)), axis=0)
    return TrainingData("t", Samples(X, np.arange(200) % 2), ("a", "b"), scale, "f")


def test_features_are_scaled_by_the_part_that_is_trained_on_alone():
    setting = prepare(SearchConfig(dtype="float64", cv="3"), drifting()).setting
    assert len(setting.folds) == 3
    for fold in setting.folds:
        np.testing.assert_allclose(fold.X.mean(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(fold.X.std(axis=0), 1, rtol=1e-12)
        assert abs(fold.X_validation.mean(axis=0)).max() > 1e-3


@pytest.mark.parametrize(("dtype", "size"), [("float32", 1e60), ("float64", 1e200)])
def test_features_beyond_the_dtype_are_refused_with_a_way_out(dtype, size):
    """Not one "diverged" after the other; standardised they are as good as any."""
    with pytest.raises(DataError, match=rf"too large for {dtype}.*--scale standard or unit"):
        prepare(SearchConfig(dtype=dtype), drifting("raw", size))
    setting = prepare(SearchConfig(dtype=dtype), drifting("standard", size)).setting
    np.testing.assert_allclose(setting.folds[0].X.std(axis=0), 1, rtol=1e-5)


@pytest.mark.parametrize("source", [None, DataSpec("here/t.csv"), DataSpec()])
def test_what_cannot_be_divided_is_named(source):
    """Groups and times that no validation part can be made of: by file, or the data's name."""
    side = {GROUPS: np.arange(20) % 2}
    samples = Samples(np.random.default_rng(0).normal(size=(20, 2)), np.arange(20) % 2, side)
    data = TrainingData("t", samples, ("a", "b"), "standard", "f")
    where = "here/t.csv" if source == DataSpec("here/t.csv") else "t"
    with pytest.raises(DataError, match=rf"^{where}: 5 folds of 2 groups cannot be made"):
        prepare(SearchConfig(cv="5"), data, source)


def test_the_remark_of_an_optimizer_is_on_its_own_values():
    """Of 40 samples with 900 independent features SGD says why it has one batch size."""
    samples = Samples(np.random.default_rng(0).normal(size=(50, 900)), np.arange(50) % 2)
    data = TrainingData("t", samples, ("a", "b"), "standard", "f")
    usual = prepare(SearchConfig(), data)
    assert usual.grid.space["batch_size"] == (32,)
    assert "one batch size" in usual.remark
    given = SearchConfig(space={"batch_size": [4, 8]})
    assert prepare(given, data).remark == ""
    assert prepare(SearchConfig(optimizer="newton"), data).remark == ""
    few = replace(data, samples=replace(samples, X=samples.X[:, :9]))
    assert prepare(SearchConfig(), few).remark == ""
