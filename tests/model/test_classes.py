"""Classes of a model: their values by their names, and in ascending order."""

import doctest

import numpy as np
import pytest

from hpsoft.data.memory import kinds as kinds_module
from hpsoft.data.memory.kinds import kind_of
from hpsoft.model import classes as classes_module
from hpsoft.model.classes import class_values, in_order
from hpsoft.model.files import TrainedModel


@pytest.mark.parametrize(
    ("names", "kind", "classes"),
    [
        (["2", "10"], None, [2, 10]),
        (["-1", "0"], None, [-1, 0]),
        (["02", "10"], None, ["02", "10"]),
        (["False", "True"], None, ["False", "True"]),
        (["1", str(2**70)], None, ["1", str(2**70)]),
        (["1", "10", "2"], None, ["1", "10", "2"]),
        (["1", "10", "2"], "text", ["1", "10", "2"]),
        (["1", "2"], "float", [1.0, 2.0]),
        (["False", "True"], "bool", [False, True]),
        (["1", str(2**63)], "int", [1, 2**63]),
    ],
)
def test_values_are_of_the_kind_of_the_labels(names, kind, classes):
    """Where that is not known, of whole numbers that ascend, integers."""
    found = class_values(names, kind).tolist()
    assert found == classes
    assert [type(one) for one in found] == [type(one) for one in classes]


def test_classes_ascend_and_logits_follow_them():
    rng = np.random.default_rng(0)
    names = ["shirt", "trouser", "pullover"]
    model = TrainedModel(
        rng.normal(size=(4, 3)), rng.normal(size=3), np.zeros(()), np.ones(()), {"classes": names}
    )
    sorted_model, values = in_order(model)
    X = rng.normal(size=(5, 4))
    assert values.tolist() == list(sorted_model.classes) == sorted(names)
    for k, name in enumerate(names):
        np.testing.assert_array_equal(
            sorted_model.logits(X)[:, sorted(names).index(name)], model.logits(X)[:, k]
        )
    assert in_order(sorted_model)[0] is sorted_model


@pytest.mark.parametrize(
    ("labels", "kind"),
    [([1, 2], "int"), ([True, False], "bool"), ([1, "a"], "text"), (["1", "2"], "text")],
)
def test_objects_are_of_the_kind_that_all_of_them_are(labels, kind):
    assert kind_of(np.array(labels, object)) == kind


@pytest.mark.parametrize("module", [classes_module, kinds_module])
def test_examples_of_docstrings(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
