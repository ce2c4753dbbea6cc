"""What weights of samples and classes must do to a model, where an optimizer knows them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hpsoft.optimizers.hyperparameters import CLASS_WEIGHT
from hpsoft.optimizers.protocol import Models, Problem
from hpsoft.optimizers.weights import honours_weights
from hpsoft.softmax.classweight import class_factors
from hpsoft.softmax.probabilities import Array
from hpsoft.testing.compare import costs, difference
from hpsoft.testing.equality import ROUNDING
from hpsoft.testing.influence import in_order, relabelled, unmoved
from hpsoft.testing.problems import make_problem
from hpsoft.testing.result import Finding
from hpsoft.testing.subject import Subject

POWER = 0.5  # of the classes
LONG = 100  # passes
SETTLED = 1e-6  # of the cost, that may be left after them


def weights_count(subject: Subject) -> Finding:
    """A weight of 2 is a sample twice, one of 0 none, and class weights are weights of samples."""
    if not honours_weights(subject.make()):
        return Finding(not_applicable="it does not say that it honours weights of samples")
    problem = in_order(make_problem(), 1)
    counts = np.arange(len(problem.labels)) % 3 + 1.0
    counts[-1] = 0
    weighted = _with_weights(problem, counts)
    models = subject.models(problem)
    expected = subject.run(weighted, models)
    if unmoved(subject.run(problem, models), expected):
        return Finding(fault="weights of samples change nothing")
    found = [difference(subject.run(relabelled(weighted), models), expected)]
    if found[0] > ROUNDING:
        return Finding(found[0], ROUNDING, "a sample of weight 0 counts")
    found += _twice(subject, problem, counts)
    found += _by_class(subject, weighted, models)
    return Finding(max(found), ROUNDING)


def _with_weights(problem: Problem, weight: Array) -> Problem:
    return replace(problem, sample_weight=weight / weight.mean())


def _twice(subject: Subject, problem: Problem, counts: Array) -> Iterator[float]:
    """Yield how far weights are from repeated samples, in steps that see all of them."""
    rows = np.repeat(np.arange(len(counts)), counts.astype(int))
    again = replace(problem, X=problem.X[rows], labels=problem.labels[rows])
    weighted, again = _with_weights(problem, counts), in_order(again, 1)
    models = subject.models(weighted, batch=len(counts))
    got, backwards = (subject.run(in_order(weighted, way), models) for way in (1, -1))
    if difference(got, backwards) <= ROUNDING:  # or it has mini-batches of its own
        structure = subject.models(again, batch=len(rows)).structure
        repeated = replace(models, structure=structure)
        found = difference(got, subject.run(again, repeated))
        # What solves its steps inexactly, or from a sample, goes other ways to the same cost.
        yield (
            0.0 if found > ROUNDING and _ends_alike(subject, weighted, again, repeated) else found
        )


def _ends_alike(subject: Subject, weighted: Problem, again: Problem, models: Models) -> bool:
    """Tell whether what claims to converge reaches the same costs by weights and by repetition."""
    if not subject.converges:
        return False
    ends = [subject.run(problem, models, LONG) for problem in (weighted, again)]
    reached, expected = (costs(again, end, models) for end in ends)
    return bool(np.all(np.abs(reached - expected) <= SETTLED * expected))


def _by_class(subject: Subject, problem: Problem, models: Models) -> Iterator[float]:
    """Yield how far class weights are from the same as weights of samples."""
    if CLASS_WEIGHT not in subject.make().hyperparameters:
        return
    given = problem.sample_weight
    assert given is not None, "the problem has weights"
    power = np.array([POWER])
    factors = class_factors(problem.labels, problem.n_classes, power, given)[problem.labels, 0]
    plain, by_class = (
        replace(models, columns={**models.columns, CLASS_WEIGHT.name: np.full(len(models), p)})
        for p in (0.0, POWER)
    )
    as_samples = replace(problem, sample_weight=given * factors)
    yield difference(subject.run(problem, by_class), subject.run(as_samples, plain))
