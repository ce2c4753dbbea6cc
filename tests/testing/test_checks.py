"""Every check fails for an optimizer that breaks its rule, and says so."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from broken_optimizers import (
    AnotherOptimum,
    Bytes,
    ChangesItsHyperparameters,
    ChangesTheStructure,
    FixedBatch,
    ForgetsTheModels,
    Fraternising,
    HalfPrecision,
    HasItsOwnOrder,
    Hides,
    IgnoresTheRate,
    Incomplete,
    KeepsItToItself,
    LeavesOutTheShortBatch,
    LooksAtItsPlace,
    ManyFeatures,
    ModelsFirst,
    NotAnArray,
    NotElementwise,
    OnePercentMore,
    OtherVersion,
    OutOfDomain,
    PromisesTooMuch,
    Raises,
    Random,
    Repeats,
    RoundsInSingle,
    SingleSpoils,
    SpoilsItsNeighbours,
    SpoilsOneEnd,
    Tired,
    Uphill,
    Warns,
)
from hpsoft_sgd import SGD
from step_optimizers import Momentum

from hpsoft.optimizers import Hyperparameter, Role
from hpsoft.testing import CHECKS, Subject, run_checks
from hpsoft.testing.problems import make_problem


class FeaturesLast:
    """Remembers something a feature; there are as many as models in a block of six."""

    api_version = 1
    hyperparameters = SGD.hyperparameters
    default_space = SGD.default_space
    epoch = SGD.epoch

    def init(self, problem, models):
        return {**SGD.init(self, problem, models), "size": np.zeros(problem.X.shape[1] + 1)}


class IgnoresWeights(SGD):
    """Says that it honours the weights of samples."""

    def epoch(self, problem, models, state, index):
        return super().epoch(replace(problem, sample_weight=None), models, state, index)


class SquaresWeights(SGD):
    """As IgnoresWeights; weights that are all alike stay so."""

    def epoch(self, problem, models, state, index):
        if (weight := problem.sample_weight) is not None:
            problem = replace(problem, sample_weight=weight**2 / np.mean(weight**2))
        return super().epoch(problem, models, state, index)


class CountsZeros(SGD):
    """No sample counts nothing."""

    def epoch(self, problem, models, state, index):
        if (weight := problem.sample_weight) is not None:
            problem = replace(problem, sample_weight=weight.clip(0.1))
        return super().epoch(problem, models, state, index)


class HalvesThePower(SGD):
    """Weighs classes less than it is told to."""

    def epoch(self, problem, models, state, index):
        columns = {**models.columns, "class_weight": models.columns["class_weight"] / 2}
        return super().epoch(problem, replace(models, columns=columns), state, index)


BROKEN = [
    ("declared", OtherVersion, "speaks version 0"),
    ("fused_is_alone", Fraternising, ""),
    ("fused_is_alone", ManyFeatures, ""),
    ("place_does_not_matter", LooksAtItsPlace, ""),
    ("place_does_not_matter", NotElementwise, ""),
    ("place_does_not_matter", ManyFeatures, ""),
    ("deterministic", Random, ""),
    ("deterministic", Tired, ""),
    ("snapshot_is_a_run", KeepsItToItself, ""),
    ("dropped_columns", ForgetsTheModels, ""),
    ("dropped_columns", ModelsFirst, "the last axis must be the 11 models"),
    ("dropped_columns", FeaturesLast, "state['size'] has the shape (6,); the last axis must be"),
    ("saved_state", KeepsItToItself, ""),
    ("saved_state", NotAnArray, "state['rate'] is a float, not an array"),
    ("precisions", HalfPrecision, "asked for float64, the state has float32"),
    ("precisions", RoundsInSingle, ""),
    ("raw_pixels", Bytes, ""),
    ("inputs_untouched", ChangesItsHyperparameters, "learning_rate changed"),
    ("inputs_untouched", ChangesTheStructure, "batch_size changed"),
    ("samples_matter", LeavesOutTheShortBatch, "the last sample of a pass does not count"),
    ("samples_matter", HasItsOwnOrder, "problem.order, does not count"),
    ("hyperparameters_matter", IgnoresTheRate, "learning_rate changes nothing"),
    ("weights_count", IgnoresWeights, "weights of samples change nothing"),
    ("weights_count", CountsZeros, "a sample of weight 0 counts"),
    ("weights_count", SquaresWeights, ""),
    ("weights_count", HalvesThePower, ""),
    ("descends", Uphill, ""),
    ("descends", SpoilsOneEnd, "(with switch = 1)"),
    ("reaches_the_optimum", AnotherOptimum, ""),
    ("gradient_vanishes", OnePercentMore, ""),
    ("domains", FixedBatch, "more than there are samples"),
    ("domains", Repeats, "default values of momentum are repeated"),
    ("domains", Incomplete, "must have the declared names"),
    ("domains", OutOfDomain, "SpaceError: momentum = 2.0 is outside its domain 0 .. 1"),
    ("domains", PromisesTooMuch, "ZeroDivisionError"),
    ("divergence", SpoilsItsNeighbours, ""),
    ("divergence", SingleSpoils, ""),
    ("divergence", Raises, "FloatingPointError: overflow"),
    ("divergence", Warns, "in float32: warns Something overflows."),
    ("divergence", Hides, "nobody would notice"),
]


@pytest.mark.parametrize(
    ("check", "kind", "note"), BROKEN, ids=[f"{c}-{k.__name__}" for c, k, _ in BROKEN]
)
def test_the_check_finds_it(check, kind, note):
    (result,) = run_checks(Subject(kind), [check])
    assert result.passed is False
    assert note in result.note
    assert result.note or result.measured > result.tolerance


def test_every_check_has_something_that_it_finds():
    assert {check for check, *_ in BROKEN} == set(CHECKS)


class OneModel(Momentum):
    """No columnar hyperparameter, no L2, ten passes at most, everything in one step."""

    hyperparameters = (Hyperparameter("steps", Role.HORIZON, int, 1, 10),)

    def default_space(self, summary):
        return {"steps": (1, 10)}

    def values(self, models, count):
        return {"momentum": 0.0, "learning_rate": 0.2}


def test_an_optimizer_without_choices_is_checked_as_well():
    results = list(run_checks(Subject(OneModel, converges=False)))
    assert [r.check for r in results if r.passed is False] == []
    left_out = {r.check: r.note for r in results if r.passed is None}
    why = "it does not claim to converge"
    assert left_out == {"reaches_the_optimum": why, "gradient_vanishes": why}


class Plain(Momentum):
    """No L2: its optimum is that of the data alone."""

    hyperparameters = tuple(h for h in Momentum.hyperparameters if h.name != "alpha")

    def default_space(self, summary):
        space = super().default_space(summary)
        return {h.name: space[h.name] for h in self.hyperparameters}


def test_without_l2_the_optimum_is_that_of_the_data():
    assert [r.check for r in run_checks(Subject(Plain)) if not r.passed] == []


class Ends(SpoilsOneEnd):
    """Sound at both ends; says where it was."""

    seen: ClassVar = set()

    def step(self, state, gradient, values):
        self.seen.add(values["switch"])
        Momentum.step(self, state, gradient, values)


@pytest.mark.parametrize(("given", "ends"), [(None, {0, 1}), ((1,), {1})])
def test_small_structural_domains_are_checked_at_both_ends_or_as_given(given, ends):
    Ends.seen.clear()
    space = given and {**Subject(Momentum).values(make_problem()), "switch": given}
    (result,) = run_checks(Subject(Ends, space), ["descends"])
    assert result.passed
    assert Ends.seen == ends


def test_the_optimum_is_judged_without_any_plugin(monkeypatch):
    """Another distribution may have a `newton` of its own."""
    monkeypatch.setattr("hpsoft.optimizers.registry.entry_points", lambda group: ())
    assert [r.passed for r in run_checks(Subject(Momentum), ["reaches_the_optimum"])] == [True]
