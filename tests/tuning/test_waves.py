"""How many points are asked for at a time."""

from dataclasses import replace

import pytest
from small_search import SmallSearch, write_data

from hpsoft.tuning.design import LARGEST_WAVE, UNLEARNT_WAVE, WORK, wave_size


@pytest.mark.parametrize(
    ("trials_worth_a_wave", "expected"), [(20, 20), (20.9, 20), (3, 8), (0.1, 8), (1000, 64)]
)
def test_a_wave_is_worth_a_fixed_work_within_bounds(trials_worth_a_wave, expected):
    flops = WORK / trials_worth_a_wave
    assert wave_size(10_000, flops_a_trial=flops) == expected


def test_a_wave_is_a_quarter_of_few_trials():
    assert wave_size(80, flops_a_trial=WORK / 50) == 20
    assert wave_size(10) == 8


def test_without_learning_work_does_not_matter(tmp_path):
    small = SmallSearch(tmp_path, write_data(tmp_path))
    prepared = small.prepare(settings=("epochs=1,2",), sampler="random", trials=8)
    assert replace(prepared.design, work=0.0).wave == UNLEARNT_WAVE


def test_a_pruned_grid_is_asked_for_by_models(tmp_path):
    """40 models with 3 trials each, of which the largest has 4 passes."""
    small = SmallSearch(tmp_path, write_data(tmp_path))
    alphas = "alpha=" + ",".join(str(k / 40) for k in range(20))
    settings = ("epochs=1,2,4", "batch_size=7", "learning_rate=0.1,0.2", alphas)
    prepared = small.prepare(settings=settings, pruner="median")
    assert prepared.design.wave == 10  # a quarter of the models
    work = 9.5 * 4 * prepared.setting.flops_per_model_epoch
    assert replace(prepared.design, work=work).wave == 9


def test_a_trial_is_worth_the_mean_of_the_horizon(tmp_path):
    """Trials of 5 passes on average: the work of 50 passes is ten of them."""
    small = SmallSearch(tmp_path, write_data(tmp_path))
    prepared = small.prepare(
        settings=("epochs=2,8", "alpha=log:1e-4:1"), sampler="tpe", trials=1000
    )
    assert prepared.design.wave == LARGEST_WAVE  # small data
    work = 50.5 * prepared.setting.flops_per_model_epoch
    assert replace(prepared.design, work=work).wave == 10
