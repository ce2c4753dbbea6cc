"""What an optimizer must do: descend, converge if it claims to, keep its domains, fail quietly."""

import math
import warnings
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hpsoft.optimizers.protocol import Hyperparameter, Models, Problem, Role, Value
from hpsoft.optimizers.validate import defects
from hpsoft.softmax import gradient, regularised_cost
from hpsoft.softmax.probabilities import Array
from hpsoft.softmax.summary import DataSummary
from hpsoft.testing.compare import costs, difference, full, gradient_norms, train
from hpsoft.testing.equality import ROUNDING, SINGLE
from hpsoft.testing.problems import N_SAMPLES, make_problem
from hpsoft.testing.result import Finding
from hpsoft.testing.subject import Subject, lowest, of_role

LEAST_DESCENT = 0.9  # of the first cost that the best of a few models may keep after 20 passes
LONG_RUN = 2000  # passes until an optimizer that converges must have done so
GAP = 1e-4  # of the first cost's distance from the optimum that may be left
SLOPE = 1e-3  # of the gradient's first norm that may be left
NO_CLAIM = "it does not claim to converge"
HUGE = (1e30, 1e308)  # values that no model survives in float32, in float64


def declared(subject: Subject) -> Finding:
    """Version, hyperparameters and methods are those of the protocol."""
    return Finding(fault=defects(subject.make()))


def descends(subject: Subject) -> Finding:
    """The cost falls: after 20 passes the best model has lost a tenth of it."""
    problem = make_problem()
    models = subject.models(problem)
    first = full(train(subject.make(), problem, models, 0, 0), problem)
    last = subject.run(problem, models, _passes(subject, 20))
    left = costs(problem, last, models) / costs(problem, first, models)
    return Finding(float(np.nanmin(left, initial=math.inf)), LEAST_DESCENT)


def reaches_the_optimum(subject: Subject) -> Finding:
    """With full batches some model of the default space ends at the optimum that SciPy finds."""
    if not subject.converges:
        return Finding(not_applicable=NO_CLAIM)
    problem, models = _to_converge(subject)
    best = _optimum(problem, float(models.columns.get("alpha", np.zeros(1))[0]))
    first = math.log(problem.n_classes)
    last = costs(problem, subject.run(problem, models, _passes(subject, LONG_RUN)), models)
    gaps = (last - best) / (first - best)
    return Finding(float(np.nanmin(np.abs(gaps), initial=math.inf)), GAP)


def gradient_vanishes(subject: Subject) -> Finding:
    """There the gradient of the cost with L2, as the reference mathematics has it, vanishes."""
    if not subject.converges:
        return Finding(not_applicable=NO_CLAIM)
    problem, models = _to_converge(subject)
    end, state, norms = _passes(subject, LONG_RUN), None, []
    for first, last in ((0, 0), (0, end // 2), (end // 2, end)):
        state = train(subject.make(), problem, models, first, last, state)
        norms.append(gradient_norms(problem, full(state, problem), models))
    # At a mean of iterates the gradient falls as 1 / passes: the second is what that tends to.
    left = np.minimum(norms[2], np.abs(2 * norms[2] - norms[1])) / norms[0]
    return Finding(float(np.nanmin(left, initial=math.inf)), SLOPE)


def _to_converge(subject: Subject) -> tuple[Problem, Models]:
    """Return full batches and an L2 that matters; a decoupled one has another optimum, so none."""
    problem = make_problem()
    models = subject.models(problem, batch=N_SAMPLES)
    if "alpha" not in models.columns:
        return problem, models
    decoupled = getattr(subject.make(), "decoupled", False)
    alpha = 0.0 if decoupled else subject.summary(problem).curvature / 10
    return problem, _with(models, "alpha", alpha)


def _optimum(problem: Problem, alpha: float) -> float:
    """Return the lowest cost, by a method that no plugin has a part in."""
    from scipy.optimize import minimize

    def cost_and_slope(flat: Array) -> tuple[float, Array]:
        theta = flat.reshape(-1, problem.n_classes)
        at = (problem.X, problem.labels, theta[:-1], theta[-1], alpha)
        return regularised_cost(*at), np.vstack(gradient(*at)).ravel()

    start = np.zeros((problem.X.shape[1] + 1) * problem.n_classes)
    return float(minimize(cost_and_slope, start, jac=True, tol=1e-9).fun)


def _passes(subject: Subject, n: int) -> int:
    """Return n, or as many passes as the domain of the horizon allows."""
    (horizon,) = of_role(subject.make(), Role.HORIZON)
    return int(min(n, horizon.high))


def domains(subject: Subject) -> Finding:
    """Default values lie in their domains whatever the data, and the ends of domains run."""
    optimizer = subject.make()
    for facts in _summaries():
        space = optimizer.default_space(facts)
        if fault := _misfit(optimizer.hyperparameters, space, facts):
            return Finding(fault=f"{fault} (for {facts})")
    problem = make_problem()
    models = subject.models(problem).select([0])
    for name, value in _ends(optimizer.hyperparameters):
        train(subject.make(), problem, _with(models, name, value), 0, 2)
    return Finding()


def _summaries() -> Iterator[DataSummary]:
    for n_samples in (1, 2, 3, 100, 10**6):
        for curvature in (1e-8, 0.3, 1e8):
            yield DataSummary("any", n_samples, 5, 3, curvature)


def _misfit(hyperparameters: tuple[Hyperparameter, ...], space: object, facts: DataSummary) -> str:
    """Say what is wrong with a default space."""
    names = {h.name for h in hyperparameters}
    needed = {h.name for h in hyperparameters if h.default is None}
    if not isinstance(space, dict) or not needed <= space.keys() <= names:
        return f"the default space {space!r} must have the declared names, and no others"
    for h in (h for h in hyperparameters if h.name in space):
        values = [h.check(value) for value in space[h.name]]
        if not values or len(set(values)) < len(values):
            return f"default values of {h.name} are repeated, or none: {values}"
        if h.within_samples and max(values) > facts.n_samples:
            return f"default {h.name} = {max(values)} is more than there are samples"
    return ""


def _ends(hyperparameters: tuple[Hyperparameter, ...]) -> Iterator[tuple[str, Value]]:
    """Yield the ends of all domains but the horizon's; of open ones, what is next to them."""
    for h in hyperparameters:
        if h.role is Role.HORIZON:
            continue
        if math.isfinite(h.low):
            yield h.name, lowest(h)
        if math.isfinite(h.high):
            yield h.name, h.kind(h.high)
        elif h.within_samples:
            yield h.name, N_SAMPLES


def _with(models: Models, name: str, value: Value, column: int | None = None) -> Models:
    """Return the models with one hyperparameter changed, in one column or in all."""
    if name in models.structure:
        return replace(models, structure={**models.structure, name: value})
    changed = models.columns[name].copy()
    changed[slice(None) if column is None else column] = value
    return replace(models, columns={**models.columns, name: changed})


def divergence(subject: Subject) -> Finding:
    """What overflows is NaN throughout, without a warning, and its neighbours do not notice."""
    worst = {}
    for dtype in ("float32", "float64"):
        problem = make_problem(dtype)
        models = subject.models(problem).select([0, 0, 0])
        expected = subject.run(problem, models)
        worst[dtype] = 0.0
        for odd, what in _extremes(subject, models):
            got, fault = _quietly(subject, problem, odd)
            if fault:
                return Finding(fault=f"{what} in {dtype}: {fault}")
            worst[dtype] = max(worst[dtype], difference(got[..., ::2], expected[..., ::2]))
    if worst["float32"] > SINGLE:
        return Finding(worst["float32"], SINGLE)
    return Finding(worst["float64"], ROUNDING)


def _extremes(subject: Subject, models: Models) -> Iterator[tuple[Models, str]]:
    """Yield the models with a huge value in the second column, and say which."""
    for h in of_role(subject.make(), Role.COLUMNAR):
        for value in HUGE:
            if value <= h.high:
                yield _with(models, h.name, value, column=1), f"{h.name} = {value:g}"


def _quietly(subject: Subject, problem: Problem, models: Models) -> tuple[np.ndarray, str]:
    """Run models of which the second may diverge; return all, and what it did wrong."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        got = subject.run(problem, models)
    if told:
        return got, f"warns {told[0].message}"
    finite = np.isfinite(got[..., 1])
    if not finite.all() and finite[-1].any():
        return got, "some of its numbers are not finite, but the bias is: nobody would notice"
    return got, ""
