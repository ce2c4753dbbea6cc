"""Names and options of Optuna's samplers and pruners."""

import sys

import optuna
import pytest
from sampled_search import run

from hpsoft.errors import SpaceError
from hpsoft.tuning.samplers import sampler_names


def test_all_samplers_of_optuna_have_a_name():
    shipped = {
        n.removesuffix("Sampler").lower() for n in optuna.samplers.__all__ if n.endswith("Sampler")
    }
    left_out = {"base", "basega", "partialfixed"}
    assert set(sampler_names()) - {"auto"} == shipped - left_out


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
