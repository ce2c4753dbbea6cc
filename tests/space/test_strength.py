"""Strengths of L2 that are given as scikit-learn's C."""

import pytest
from hpsoft_newton import Newton
from hpsoft_sgd import SGD

from hpsoft.cli.values import parse_settings
from hpsoft.errors import SpaceError
from hpsoft.optimizers.hyperparameters import EPOCHS
from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.space.build import build_space
from hpsoft.space.ranges import Range

USUAL = {"iterations": (30,), "alpha": (0.5,), "damping": (0.0,)}


def alphas(*settings, n_samples=100, n_classes=3, **options):
    space = build_space(
        Newton.hyperparameters,
        USUAL,
        n_samples=n_samples,
        n_classes=n_classes,
        given=parse_settings(settings),
        **options,
    )
    assert "C" not in space
    return space["alpha"]


def test_listed_strengths_become_alpha():
    """1 / (C n), of two classes 2 / (C n): ascending, so the largest C comes first."""
    assert alphas("C=0.1,1,10") == (1 / 1000, 1 / 100, 1 / 10)
    assert alphas("C=1", n_classes=2) == (2 / 100,)
    assert alphas("C=inf,1") == (0.0, 1 / 100)


def test_a_log_range_becomes_one_of_alpha():
    assert alphas("C=log:0.1:10") == Range(1 / 1000, 1 / 10, log=True)


def test_a_space_file_takes_it_too_and_settings_go_over_it(tmp_path):
    file = tmp_path / "space.toml"
    file.write_text("C = [1, 10]")
    assert alphas(file=file) == (1 / 1000, 1 / 100)
    assert alphas("alpha=3", file=file) == (3,)
    assert alphas("C=2", preset="clip") == (1 / 200,)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["C=1", "alpha=1"], "In --set: C and alpha are the same strength of L2"),
        (["C=0"], "In --set: C = 0 is outside its domain > 0"),
        (["C=-1"], "outside its domain > 0"),
        (["C=nan"], "C takes finite numbers"),
        (["C=strong"], "C takes numbers, not 'strong'"),
        (["C=1,1"], "lists 0.01 twice"),
        (["C="], "C has no values"),
        (["C=uniform:1:2"], "C takes listed values or a log range"),
        (["C=log:2:1"], "C: the range 2 to 1 is empty"),
        (["C=log:0:1"], "outside its domain > 0"),
    ],
)
def test_what_is_no_strength_is_refused(settings, message):
    with pytest.raises(SpaceError, match=message):
        alphas(*settings)


def test_who_types_it_small_is_told_of_it():
    """It is among the names that are known, where alpha is no decoupled decay."""
    with pytest.raises(SpaceError, match=r"Known: C, alpha, .* Did you mean 'C'\?"):
        alphas("c=1")
    with pytest.raises(SpaceError, match=r"No hyperparameter 'c'\. Known: alpha, "):
        alphas("c=1", decoupled=True)


def test_decay_that_is_decoupled_has_no_strength_in_the_cost():
    with pytest.raises(SpaceError, match=r"decoupled from the cost.*Give alpha"):
        alphas("C=1", decoupled=True)


def test_without_alpha_it_is_a_name_like_others():
    """Unknown, or the optimizer's own."""
    with pytest.raises(SpaceError, match="No hyperparameter 'C'"):
        build_space([EPOCHS], {"epochs": (1,)}, given={"C": 1})
    own = Hyperparameter("C", Role.COLUMNAR, float, 0)
    space = build_space([*SGD.hyperparameters, own], {}, given={"C": 7, "alpha": 1} | dict.fromkeys(
        ("epochs", "batch_size", "learning_rate"), 1
    ))  # fmt: skip
    assert (space["C"], space["alpha"]) == ((7,), (1,))
