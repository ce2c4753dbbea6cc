"""Domains of hyperparameters."""

import math

import numpy as np
import pytest

from hpsoft.errors import SpaceError
from hpsoft.optimizers.protocol import Hyperparameter, Models, Role

EPOCHS = Hyperparameter("epochs", Role.HORIZON, int, 1)
RATE = Hyperparameter("learning_rate", Role.COLUMNAR, float, 0, above_low=True)
SHARE = Hyperparameter("share", Role.COLUMNAR, float, 0, 1)
OPEN_SHARE = Hyperparameter("share", Role.COLUMNAR, float, 0, 1, above_low=True)


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        (EPOCHS, 1, 1),
        (EPOCHS, 3.0, 3),
        (EPOCHS, np.int64(7), 7),
        (RATE, 5e-324, 5e-324),
        (RATE, 2, 2.0),
        (RATE, np.float32(0.5), 0.5),
        (SHARE, 0, 0.0),
        (SHARE, 1, 1.0),
    ],
)
def test_values_inside_become_the_kind(parameter, value, expected):
    checked = parameter.check(value)
    assert checked == expected
    assert type(checked) is parameter.kind


@pytest.mark.parametrize("value", ["1", None, True, [1], 1j, np.array([1.0])])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(SpaceError, match="epochs takes numbers, not"):
        EPOCHS.check(value)


@pytest.mark.parametrize("value", [1.5, math.inf, math.nan])
def test_whole_numbers_are_whole(value):
    with pytest.raises(SpaceError, match="takes whole numbers"):
        EPOCHS.check(value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_numbers_are_finite(value):
    with pytest.raises(SpaceError, match="takes finite numbers"):
        RATE.check(value)


@pytest.mark.parametrize(
    ("parameter", "value", "domain"),
    [
        (EPOCHS, 0, ">= 1"),
        (EPOCHS, -3, ">= 1"),
        (RATE, 0, "> 0"),
        (RATE, -1e-300, "> 0"),
        (SHARE, 1.01, r"0 \.\. 1"),
        (OPEN_SHARE, 0.0, "> 0, <= 1"),
    ],
)
def test_values_outside_are_refused_with_the_domain(parameter, value, domain):
    with pytest.raises(SpaceError, match=f"outside its domain {domain}"):
        parameter.check(value)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"name": 5}, "5 is no text"),
        ({"summary": None}, "None is no text"),
        ({"role": "columns"}, "the role is horizon, columnar, structural, not 'columns'"),
        ({"role": None}, "not None"),
        ({"kind": "float"}, "the kind is int or float"),
        ({"kind": bool}, "the kind is int or float"),
        ({"low": None}, "low and high are ascending numbers, not None and inf"),
        ({"low": "0"}, "ascending numbers"),
        ({"low": True}, "ascending numbers"),
        ({"low": math.nan}, "ascending numbers"),
        ({"low": 2, "high": 1}, "ascending numbers, not 2 and 1"),
    ],
)
def test_a_wrong_declaration_is_refused_where_it_is_made(fields, fault):
    given = {"name": "x", "role": Role.COLUMNAR, "kind": float, "low": 0, **fields}
    with pytest.raises(SpaceError, match=fault):
        Hyperparameter(**given)


def test_a_role_may_be_given_by_its_name():
    assert Hyperparameter("x", "columnar", float, 0).role is Role.COLUMNAR


def test_length_of_models_is_their_number():
    assert len(Models(3, {})) == 3
