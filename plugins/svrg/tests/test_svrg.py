"""SVRG passes the contract of optimizers, is the textbook's, and settles where SGD does not."""

import numpy as np
from hpsoft_sgd import SGD
from hpsoft_svrg import SVRG

from hpsoft.optimizers import Models
from hpsoft.softmax import gradient
from hpsoft.testing import OptimizerContract
from hpsoft.testing.compare import full, train
from hpsoft.testing.problems import make_problem


class TestSVRG(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = SVRG


def make_models():
    columns = {"learning_rate": np.array([0.1, 0.2, 0.1]), "alpha": np.array([0.1, 0.1, 0.0])}
    return Models(3, columns, {"batch_size": 7})


def loop(problem, rate, alpha, passes):
    """Return weights over bias by the textbook: one model, all gradients with their labels."""
    theta = np.zeros((problem.X.shape[1] + 1, problem.n_classes))

    def slope(rows, at):
        return np.vstack(gradient(problem.X[rows], problem.labels[rows], at[:-1], at[-1], 0.0))

    for index in range(passes):
        anchor, order = theta.copy(), problem.order(index)
        whole = slope(order, anchor)
        for first in range(0, len(order), 7):
            rows = order[first : first + 7]
            step = slope(rows, theta) - slope(rows, anchor) + whole
            step[:-1] += alpha * theta[:-1]
            theta = theta - rate * step
    return theta


def test_passes_are_the_textbooks():
    """Three passes of three models, the last mini-batch of each being shorter."""
    problem, models = make_problem(), make_models()
    got = full(train(SVRG(), problem, models, 0, 3), problem)
    for m, (rate, alpha) in enumerate(zip(*models.columns.values(), strict=True)):
        np.testing.assert_allclose(got[..., m], loop(problem, rate, alpha, 3), rtol=1e-10)


def test_a_constant_learning_rate_reaches_the_optimum():
    """The gradient vanishes, where SGD's with the same steps does not."""
    problem, models = make_problem(), make_models()
    norms = {}
    for kind in (SVRG, SGD):
        theta = full(train(kind(), problem, models, 0, 200), problem)[..., 0]
        slopes = gradient(problem.X, problem.labels, theta[:-1], theta[-1], 0.1)
        norms[kind] = np.linalg.norm(np.vstack(slopes))
    assert norms[SVRG] < 1e-12
    assert norms[SGD] > 1e-3
