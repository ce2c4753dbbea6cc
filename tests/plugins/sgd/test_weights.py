"""Weights of classes and samples on SGD's kernel: the one-model loop, whatever the shapes."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hpsoft_averaged_sgd import AveragedSGD
from hpsoft_sgd import SGD
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_sgd import sgd, sgd_passes

from hpsoft.engine.setup import sample_order
from hpsoft.engine.train import run_passes
from hpsoft.optimizers import Models, Problem, all_classes

EPOCHS = 2


def trained(optimizer, problem, models):
    *_, (_, state) = run_passes(optimizer, problem, models, range(EPOCHS))
    exact = {name: state[name].astype(np.float64) for name in ("weights", "bias")}
    return all_classes(exact, problem.n_classes)


def references(problem, models, m):
    """Return weights over bias after each pass of one model, by the loop."""
    columns = {name: float(values[m]) for name, values in models.columns.items()}
    passes = sgd_passes(
        problem.X,
        problem.labels,
        problem.n_classes,
        order=problem.order,
        epochs=EPOCHS,
        batch_size=models.structure["batch_size"],
        sample_weight=problem.sample_weight,
        **columns,
    )
    return [np.vstack(model) for model in passes]


@st.composite
def problems(draw, dtype):
    """Draw a problem, wide ones too, whose slabs have many mini-batches, and some models."""
    n, n_classes = draw(st.integers(2, 80)), draw(st.integers(2, 5))
    d, n_models = draw(st.sampled_from([1, 3, 260])), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    X = rng.normal(size=(n, d)) / np.sqrt(d)
    labels = rng.integers(0, n_classes, n)
    weight = None
    if draw(st.booleans()):
        weight = rng.exponential(size=n) * (rng.random(n) < 0.8)
        weight[0] += 0.1
        weight *= n / weight.sum()
    problem = Problem(X, labels, n_classes, np.dtype(dtype), partial(sample_order, 3, n_samples=n))
    powers = st.sampled_from([0.0, 0.25, 0.5, 1.0])
    columns = {
        "learning_rate": rng.uniform(0.01, 0.2, n_models),
        "alpha": np.array(draw(st.lists(st.sampled_from([0, 1e-3, 0.5]), min_size=n_models, max_size=n_models)), float),
        "class_weight": np.array(draw(st.lists(powers, min_size=n_models, max_size=n_models))),
    }  # fmt: skip
    structure = {"batch_size": draw(st.integers(1, n))}
    return replace(problem, sample_weight=weight), Models(n_models, columns, structure)


def check(optimizer, drawn, tolerance, expect):
    problem, models = drawn
    weights, bias = trained(optimizer, problem, models)
    for m in range(len(models)):
        expected = expect(references(problem, models, m))
        got = np.vstack([weights[..., m], bias[:, m]])
        assert np.abs(got - expected).max() <= tolerance * max(1e-3, np.abs(expected).max())


@given(problems("float64"))
@settings(max_examples=60, deadline=None)
def test_fused_equals_one_model_loop(drawn):
    """Fused and blocked, any powers side by side, with and without weights of samples: to 1e-9."""
    check(SGD(), drawn, 1e-9, lambda passes: passes[-1])


@given(problems("float32"))
@settings(max_examples=25, deadline=None)
def test_fused_equals_one_model_loop_in_float32(drawn):
    check(SGD(), drawn, 1e-4, lambda passes: passes[-1])


def problem_of(n=90, d=260, seed=0, **changes):
    rng = np.random.default_rng(seed)
    X, labels = rng.normal(size=(n, d)) / 16, rng.choice(3, n, p=[0.8, 0.15, 0.05])
    order = partial(sample_order, 3, n_samples=n)
    return Problem(X, labels, 3, np.dtype(float), order, **changes)


def models_of(batch_size, **columns):
    columns = {name: np.array(values, float) for name, values in columns.items()}
    return Models(len(columns["learning_rate"]), columns, {"batch_size": batch_size})


@pytest.mark.parametrize("batch_size", [1, 8, 70])
def test_averaged_sgd_weighs_every_iterate(batch_size):
    """The mean of all iterates after each step, of the loop that makes one step at a time."""
    weight = np.random.default_rng(1).exponential(size=90)
    problem = problem_of(sample_weight=weight / weight.mean())
    models = models_of(batch_size, learning_rate=[0.3], alpha=[0.1], class_weight=[0.5])
    with_start = replace(models, columns={**models.columns, "average_from": np.zeros(1)})
    weights, _ = trained(AveragedSGD(), problem, with_start)
    iterates, steps = [], -(-90 // batch_size)
    order = np.concatenate([problem.order(e) for e in range(EPOCHS)])
    for epoch in range(EPOCHS):
        for step in range(steps):
            last = min((step + 1) * batch_size, 90)
            iterates.append(_after(problem, order, epoch, last, batch_size))
    np.testing.assert_allclose(weights[..., 0], np.mean(iterates, axis=0), rtol=1e-8, atol=1e-12)


def _after(problem, order, epoch, last, batch_size):
    """Return the loop's weights where its pass `epoch` ends after `last` samples."""
    parts = [order[e * 90 : (e + 1) * 90] for e in range(epoch)] + [order[epoch * 90 :][:last]]
    return sgd(
        problem.X, problem.labels, 3, order=lambda e: parts[e], epochs=epoch + 1,
        batch_size=batch_size, learning_rate=0.3, alpha=0.1, class_weight=0.5,
        sample_weight=problem.sample_weight,
    )[0]  # fmt: skip


def test_a_model_without_class_weight_is_the_same_beside_others():
    """To the last digit: its factors are exactly 1."""
    problem = problem_of()
    alone = models_of(8, learning_rate=[0.1], alpha=[0.1], class_weight=[0])
    beside = models_of(8, learning_rate=[0.1, 0.1], alpha=[0.1, 0.1], class_weight=[0, 1])
    expected = trained(SGD(), problem, alone)[0][..., 0]
    np.testing.assert_allclose(
        trained(SGD(), problem, beside)[0][..., 0], expected, rtol=1e-12, atol=1e-15
    )


@pytest.mark.parametrize("batch_size", [2, 8, 30])
def test_overflow_of_a_weighted_model_leaves_its_neighbours_alone(batch_size):
    """Also in the very slab in which it is lost."""
    problem = problem_of(sample_weight=np.ones(90))
    sound = {"alpha": [0.1, 0.1], "class_weight": [0.5, 1]}
    expected, _ = trained(SGD(), problem, models_of(batch_size, learning_rate=[0.1, 0.2], **sound))
    weights, _ = trained(
        SGD(),
        problem,
        models_of(
            batch_size,
            learning_rate=[0.1, 1e200, 0.2],
            alpha=[0.1, 1e105, 0.1],
            class_weight=[0.5, 1, 1],
        ),
    )
    assert np.isnan(weights[..., 1]).all()
    np.testing.assert_allclose(weights[..., ::2], expected, rtol=1e-11, atol=1e-14)
