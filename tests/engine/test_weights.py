"""The engine with weights: problems, scores, gradients for steps, worker processes."""

from dataclasses import replace

import numpy as np
import pytest
from hpsoft_sgd import SGD
from reference_sgd import factors, sgd
from sklearn.metrics import accuracy_score, log_loss
from small_problem import make_setup, make_trials, with_arrays
from step_optimizers import Momentum

from hpsoft.engine.evaluate import evaluate
from hpsoft.engine.plan import make_plan
from hpsoft.engine.points import retrain
from hpsoft.engine.schedule import run
from hpsoft.engine.train import Snapshot, run_passes
from hpsoft.engine.workers import Inline, Processes
from hpsoft.errors import OptimizerError
from hpsoft.optimizers import CLASS_WEIGHT, Models
from hpsoft.softmax import linear_logits, regularised_cost, softmax
from hpsoft.system.steps import to_the_end

rng = np.random.default_rng(3)
WEIGHTS = {"weight": rng.exponential(size=48) * 7, "weight_validation": rng.exponential(size=20)}


def weighted(**changes):
    return with_arrays(make_setup(**changes), **WEIGHTS)


def test_a_problem_has_weights_of_the_mean_1():
    """Whatever their unit is, so that alpha and learning rates mean what they did."""
    (problem,) = weighted().problems
    np.testing.assert_allclose(problem.sample_weight, WEIGHTS["weight"] / WEIGHTS["weight"].mean())
    assert not problem.sample_weight.flags.writeable
    assert make_setup().problems[0].sample_weight is None


def test_scores_are_those_of_scikit_learn():
    """Over several chunks of rows."""
    X, labels, weight = rng.normal(size=(300, 4)), rng.integers(0, 3, 300), rng.random(300)
    state = {"weights": rng.normal(size=(4, 2, 3)), "bias": rng.normal(size=(2, 3))}
    scores = evaluate(X, labels, 3, state, weight)
    for m in range(3):
        two = X @ state["weights"][..., m] + state["bias"][:, m]
        logits = np.hstack([two, -two.sum(axis=1, keepdims=True)])
        cost = log_loss(labels, softmax(logits), sample_weight=weight)
        assert scores.cross_entropy[m] == pytest.approx(cost, rel=1e-12)
        share = accuracy_score(labels, logits.argmax(axis=1), sample_weight=weight)
        assert scores.accuracy[m] == pytest.approx(share, rel=1e-12)


class Plain(Momentum):
    """Without momentum it is SGD, by the engine's gradients."""

    hyperparameters = (*Momentum.hyperparameters, CLASS_WEIGHT)


@pytest.mark.parametrize("elementwise", [True, False])
@pytest.mark.parametrize("batch_size", [7, 48])
def test_steps_are_handed_weighted_gradients(batch_size, elementwise):
    """Of samples and classes: the one-model loop, in tiles and whole."""
    (problem,) = weighted().problems
    columns = {name: np.zeros(3) for name in ("momentum", "alpha") if name in
               {h.name for h in Plain.hyperparameters}}  # fmt: skip
    columns |= {"learning_rate": np.full(3, 0.2), "class_weight": np.array([0, 0.5, 1])}
    optimizer = Plain()
    optimizer.elementwise = elementwise
    models = Models(3, columns, {"batch_size": batch_size})
    *_, (_, state) = run_passes(optimizer, problem, models, range(3))
    for m, power in enumerate(columns["class_weight"]):
        expected = sgd(
            problem.X, problem.labels, 3, order=problem.order, epochs=3, batch_size=batch_size,
            learning_rate=0.2, alpha=0, class_weight=power, sample_weight=WEIGHTS["weight"],
        )  # fmt: skip
        np.testing.assert_allclose(state["weights"][..., m], expected[0], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(state["bias"][:, m], expected[1], rtol=1e-9, atol=1e-12)


class Silent:
    """A third party's optimizer of whole passes, from before there were weights."""

    api_version = 1
    hyperparameters = SGD.hyperparameters
    default_space, init, epoch = SGD.default_space, SGD.init, SGD.epoch


def test_an_optimizer_that_does_not_declare_it_is_refused():
    """In a paragraph, before anything is trained; without weights it is as welcome as ever."""
    make_setup(optimizer=Silent())
    with pytest.raises(OptimizerError, match=r"Silent of .*test_weights.* --sample-weight out"):
        replace(weighted(), optimizer=Silent())
    replace(weighted(), optimizer=Momentum())  # is handed gradients


def test_processes_train_and_score_by_weight():
    setting, plan = weighted(), make_plan(SGD.hyperparameters, make_trials()[:8], n_workers=2)

    def costs(workers):
        found = [event for event in run(plan, workers) if isinstance(event, Snapshot)]
        return sorted((s.block.index, s.horizon, *s.scores.cross_entropy) for s in found)

    with Inline(setting) as inline, Processes(setting, 2) as processes:
        assert costs(processes) == costs(inline)


def test_training_costs_are_weighted_as_the_training_is():
    """Each model's by its own class weights; the validation cost by weights of samples alone."""
    setting = weighted()
    point = {"epochs": 2, "batch_size": 5, "learning_rate": 0.1, "alpha": 0.1}
    points = [{**point, "class_weight": power} for power in (0.0, 1.0)]
    found = to_the_end(retrain("x", setting, points, 1), lambda _: None)
    (problem,), (fold,) = setting.problems, setting.folds
    for trained, params in zip(found, points, strict=True):
        model = sgd(
            problem.X, problem.labels, 3, order=problem.order,
            sample_weight=problem.sample_weight, **params,
        )  # fmt: skip
        factor = factors(problem.labels, 3, params["class_weight"], problem.sample_weight)
        cost = regularised_cost(problem.X, problem.labels, *model, 0.1, factor)
        assert trained.training_cost == pytest.approx(cost, rel=1e-9)
        logits = linear_logits(fold.X_validation, *model)
        held = log_loss(
            fold.labels_validation, softmax(logits), sample_weight=fold.weight_validation
        )
        assert trained.scores["cross_entropy"] == pytest.approx(held, rel=1e-9)
