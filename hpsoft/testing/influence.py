"""What must change a model: its samples, their order, every hyperparameter of its own."""

from dataclasses import replace

import numpy as np

from hpsoft.optimizers.protocol import Hyperparameter, Models, Problem, Role
from hpsoft.testing.compare import Weights
from hpsoft.testing.problems import make_problem
from hpsoft.testing.result import Finding
from hpsoft.testing.subject import Subject, lowest, of_role


def samples_matter(subject: Subject) -> Finding:
    """Every sample counts, and where there are mini-batches the order of the samples does."""
    problem = in_order(make_problem(), 1)
    models = subject.models(problem)
    expected = subject.run(problem, models, 2)
    if unmoved(subject.run(relabelled(problem), models, 2), expected):
        return Finding(fault="the last sample of a pass does not count")
    backwards = subject.run(in_order(problem, -1), models, 2)
    if _takes_batches(subject) and unmoved(backwards, expected):
        return Finding(fault="the order of the samples, problem.order, does not count")
    return Finding()


def in_order(problem: Problem, direction: int) -> Problem:
    """Return the problem with its samples in one order, forwards or backwards, in every pass."""
    order = np.arange(len(problem.labels))[::direction]
    return replace(problem, order=lambda _: order)


def relabelled(problem: Problem) -> Problem:
    """Return the problem with another label of its last sample."""
    labels = problem.labels.copy()
    labels[-1] = (labels[-1] + 1) % problem.n_classes
    return replace(problem, labels=labels)


def unmoved(got: Weights, expected: Weights) -> bool:
    """Tell whether some model is the same to the last bit."""
    return bool((got == expected).all(axis=(0, 1)).any())


def _takes_batches(subject: Subject) -> bool:
    return any(h.within_samples for h in of_role(subject.make(), Role.STRUCTURAL))


def hyperparameters_matter(subject: Subject) -> Finding:
    """Another value of a columnar hyperparameter makes another model."""
    problem = make_problem()
    models = subject.models(problem)
    expected = subject.run(problem, models)
    idle = [
        h.name
        for h in of_role(subject.make(), Role.COLUMNAR)
        if all(
            np.array_equal(subject.run(problem, other), expected, equal_nan=True)
            for other in _others(models, h)
        )
    ]
    return Finding(fault=f"{', '.join(idle)} changes nothing" if idle else "")


def _others(models: Models, h: Hyperparameter) -> list[Models]:
    """Return the models with the hyperparameter at its lowest value, and raised."""
    values = models.columns[h.name]
    changed = [np.minimum(values + 1, h.high)]
    if np.isfinite(h.low):
        changed.append(np.full_like(values, lowest(h)))
    return [replace(models, columns={**models.columns, h.name: other}) for other in changed]
