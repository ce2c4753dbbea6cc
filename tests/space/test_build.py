"""The search space: parsing, merging and checking."""

import math

import numpy as np
import pytest
from hpsoft_lbfgs import LBFGS
from hpsoft_momentum import Momentum
from hpsoft_newton import Newton
from hpsoft_sgd import SGD
from hypothesis import given
from hypothesis import strategies as st

from hpsoft.cli.values import parse_settings
from hpsoft.errors import SpaceError
from hpsoft.optimizers.categories import Category
from hpsoft.optimizers.protocol import Hyperparameter, Role
from hpsoft.space.build import build_space, build_words
from hpsoft.space.presets import find_preset, presets

EPOCHS = Hyperparameter("epochs", Role.HORIZON, int, 1)
RATE = Hyperparameter("learning_rate", Role.COLUMNAR, float, 0, above_low=True)
ALPHA = Hyperparameter("alpha", Role.COLUMNAR, float, 0)
ALL = (EPOCHS, RATE, ALPHA)
DEFAULTS = {"alpha": [1, 10], "epochs": [2.0, 4], "learning_rate": [0.1]}


def test_defaults_stand_in_the_optimizers_order_and_kind():
    """Values take the kind of their hyperparameter; 2.0 epochs are 2."""
    space = build_space(ALL, DEFAULTS)
    assert list(space) == ["epochs", "learning_rate", "alpha"]
    assert space == {"epochs": (2, 4), "learning_rate": (0.1,), "alpha": (1.0, 10.0)}
    assert [type(value) for value in space["epochs"]] == [int, int]
    assert [type(value) for value in space["alpha"]] == [float, float]


def test_settings_win_over_the_file_and_the_file_over_defaults(tmp_path):
    """Each source overrides the names that it gives and leaves the others alone."""
    file = tmp_path / "space.toml"
    file.write_text("alpha = [3, 2]\nepochs = 7\n")
    space = build_space(ALL, DEFAULTS, file=file, given=parse_settings(["epochs= 5.0, 1e1"]))
    assert space == {"epochs": (5, 10), "learning_rate": (0.1,), "alpha": (2.0, 3.0)}


def test_the_file_wins_over_the_preset(tmp_path):
    """A preset is the starting point that a file refines."""
    batch = Hyperparameter("batch_size", Role.STRUCTURAL, int, 1)
    file = tmp_path / "space.toml"
    file.write_text("alpha = [1]\n")
    space = build_space((*ALL, batch), DEFAULTS, preset="fashion-mnist", file=file)
    assert space["alpha"] == (1.0,)
    assert space["epochs"] == (5, 10, 15, 20, 25, 30, 35, 40)


def test_fashion_mnist_is_the_reference_grid():
    """Four hyperparameters with eight values each: 4096 trials."""
    reference = next(preset for preset in presets() if preset.name == "fashion-mnist")
    assert math.prod(len(values) for values in reference.space.values()) == 4096
    assert reference.space["learning_rate"] == (1e-8, 2e-8, 5e-8, 1e-7, 2e-7, 5e-7, 1e-6, 2e-6)


OPTIMIZERS = {"sgd": SGD, "newton": Newton, "lbfgs": LBFGS, "momentum": Momentum}
MADE_FOR = [(preset, name) for preset in presets() for name in preset.made_for.split(" or ")]


@pytest.mark.parametrize(
    ("preset", "name"), MADE_FOR, ids=[f"{preset.name}-{name}" for preset, name in MADE_FOR]
)
def test_every_preset_is_valid_for_its_optimizers(preset, name):
    """A preset's values lie in the domains, none is repeated, and none is left open."""
    hyperparameters = OPTIMIZERS[name].hyperparameters
    space = build_space(hyperparameters, {}, preset=preset.name, n_samples=1000)
    expected = dict(preset.values({h.name for h in hyperparameters}))
    if strengths := expected.pop("C", None):
        expected["alpha"] = [1 / (C * 1000) for C in strengths]
    assert {name: set(values) for name, values in space.items()} == {
        name: set(values) for name, values in expected.items()
    }


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["alpha"], r"NAME=VALUE"),
        (["=1"], r"NAME=VALUE"),
        (["alpha="], r"alpha has no values"),
        (["alpha=1,,2"], r"'' is not a number"),
        (["alpha=1,x"], r"In --set: alpha takes numbers, not 'x'"),
        (["alpha=1,5%"], r"'5%' is not a number"),
        (["alpha=1", "alpha=2"], r"alpha is given twice"),
        (["alpha=1,1.0"], r"lists 1.0 twice"),
        (["alpha=-1"], r"alpha = -1 is outside its domain >= 0"),
        (["alpha=nan"], r"finite"),
        (["learning_rate=0"], r"domain > 0"),
        (["epochs=1.5"], r"whole"),
        (["epochs=0"], r"domain >= 1"),
        (["alhpa=1"], r"In --set: No hyperparameter 'alhpa'.*Did you mean 'alpha'"),
        (["alpha=1" + "0" * 400], r"below 1.8e308"),
    ],
)
def test_bad_settings_say_what_is_wrong(settings, message):
    """Every malformed setting is a SpaceError that names the hyperparameter."""
    with pytest.raises(SpaceError, match=message):
        build_space(ALL, DEFAULTS, given=parse_settings(settings))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"alpha = [1]\nepochs = [1,\nbad", r"not valid TOML.*line 3"),
        (b"alpha = [1]\nalpha = [2]\n", r"not valid TOML.*line 2"),
        (b"alpha = {lag = [1e-9, 1e-5]}", r"list of values, or a range"),
        (b"alpha = ['1']", r"takes numbers, not '1'"),
        (b"alpha = 'many'", r"takes numbers, not 'many'"),
        (b"alpha = [true]", r"takes numbers, not True"),
        (b"alpha = [[1]]", r"takes numbers, not \[1\]"),
        (b"alpha = []", r"has no values"),
        (b"alpha = [inf]", r"finite"),
        (b"\xff", r"not UTF-8"),
        (b"[alpha]\nvalues = [1]", r"list of values"),
    ],
)
def test_bad_files_say_what_is_wrong(tmp_path, content, message):
    """The message names the file and, where TOML knows it, the line."""
    file = tmp_path / "space.toml"
    file.write_bytes(content)
    with pytest.raises(SpaceError, match=message) as caught:
        build_space(ALL, DEFAULTS, file=file)
    assert "space.toml" in str(caught.value)


@pytest.mark.parametrize(("name", "message"), [("absent", "No such file"), (".", "directory")])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, message):
    """A missing file and a folder are told apart."""
    with pytest.raises(SpaceError, match=message):
        build_space(ALL, DEFAULTS, file=tmp_path / name)


def test_an_unknown_preset_is_guessed():
    """A typing error in a preset's name is answered with the nearest one."""
    with pytest.raises(SpaceError, match=r"Did you mean 'fashion-mnist'"):
        build_space(ALL, DEFAULTS, preset="fashion-mnits")


def test_a_hyperparameter_without_values_is_named():
    """Nothing is searched while a hyperparameter has neither a default nor a setting."""
    with pytest.raises(SpaceError, match=r"No values for learning_rate.*--set learning_rate"):
        build_space(ALL, {"alpha": [1], "epochs": [1]})


@given(st.lists(st.floats(min_value=0, allow_infinity=False), min_size=1, unique=True))
def test_settings_keep_every_float_exactly(values):
    """Text to number loses no bit, and the order given makes no other space."""
    setting = "alpha=" + ",".join(map(repr, values))
    assert build_space(ALL, DEFAULTS, given=parse_settings([setting]))["alpha"] == tuple(
        sorted(values)
    )


DATA = (Category("feature_set", ("b", "a")), Category("scale", ("raw", "unit")))


def test_words_stand_beside_numbers_sorted_and_may_be_left_out():
    """Their order is no choice, so it makes no other grid."""
    space = build_space((*DATA, *ALL), DEFAULTS, given={"feature_set": ["b", "a"]})
    assert space["feature_set"] == ("a", "b")
    assert "scale" not in space


def test_words_come_from_where_values_come_from(tmp_path):
    file = tmp_path / "space.toml"
    file.write_text('scale = ["unit", "raw"]\nalpha = 1\n[feature_sets]\na = "0:1"\n')
    usual = {"feature_set": ("b", "a")}
    found = build_words(DATA, usual, preset="clip", file=file, given={"alpha": [1]})
    assert found == {"feature_set": ("a", "b"), "scale": ("raw", "unit")}
    found = build_words(DATA, usual, file=file, given={"scale": ["raw"], "feature_set": ["a"]})
    assert found == {"feature_set": ("a",), "scale": ("raw",)}


@pytest.mark.parametrize(
    ("known", "given", "message"),
    [
        (DATA, {"scale": ["row"]}, "No value of scale 'row'.*Did you mean 'raw'"),
        (DATA, {"scale": [1]}, "scale takes raw, unit, not 1"),
        (DATA, {"scale": {"log": [1, 2]}}, "scale takes raw, unit, and no range"),
        (DATA, {"feature_set": ["a", "a"]}, "lists 'a' twice"),
        (DATA, {"feature_set": []}, "feature_set has no values"),
        ((), {"feature_set": ["a"]}, "no feature sets to choose from.*--feature-set NAME="),
    ],
)
def test_words_that_are_none_are_refused(known, given, message):
    with pytest.raises(SpaceError, match=message):
        build_space((*known, *ALL), DEFAULTS, given=given)


def alphas_of(preset):
    return build_space(Newton.hyperparameters, {}, preset=preset, n_samples=500)["alpha"]


def test_strengths_of_published_probes_are_scikit_learns():
    """alpha = 1 / (C n): the smallest C is the largest alpha."""
    alphas = alphas_of("clip")
    assert len(alphas) == 97  # 96 steps: where halving two decades four times ends
    np.testing.assert_allclose([alphas[0], alphas[-1]], [1e-6 / 500, 1e6 / 500])
    np.testing.assert_allclose(np.diff(np.log10(alphas)), 1 / 8)
    powers = np.log10([1 / (500 * a) for a in alphas_of("dinov2-logreg")])[::-1]
    np.testing.assert_allclose(powers, np.linspace(-6, 5, 45), atol=1e-12)
    assert len(find_preset("dinov2-linear").space["learning_rate"]) == 13
    assert [1 / (500 * a) for a in alphas_of("senteval")] == [8, 4, 2, 1, 0.5, 0.25]
    assert [1 / (500 * a) for a in alphas_of("senteval-cv")] == [32, 16, 8, 4, 2, 1, 0.5]
