"""PyTorch's weight decay leads to the optimum of hpsoft's alpha."""

import numpy as np
import pytest
from hpsoft_newton import Newton

from hpsoft.data import Samples
from hpsoft.softmax.l2 import l2_as
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.setting.single import single_setup, train_single

ALPHA, N = 0.05, 90


def problem(n_classes):
    rng = np.random.default_rng(n_classes)
    X = rng.normal(size=(N, 4))
    labels = (X @ rng.normal(size=(4, n_classes)) + rng.gumbel(size=(N, n_classes))).argmax(axis=1)
    return X, labels


def optimum(X, labels, n_classes):
    """Return weights (n_features, n_classes) and bias of the exact minimum."""
    options = {"scale": "raw", "dtype": "float64", "seed": 0}
    setup, _ = single_setup(Newton(), Samples(X, labels), n_classes=n_classes, **options)
    point = {"iterations": 30, "alpha": ALPHA, "damping": 0.0}
    found = to_the_end(train_single(setup, point))
    assert found.converged
    return found.weights, found.bias


def trained(data, target, n_classes, decay, *, coupled):
    """Return an nn.Linear after many steps of SGD on the whole data, its bias without decay."""
    import torch

    linear = torch.nn.Linear(4, n_classes, dtype=torch.float64)
    torch.nn.init.zeros_(linear.weight)
    torch.nn.init.zeros_(linear.bias)
    groups = [
        {"params": [linear.weight], "weight_decay": decay if coupled else 0.0},
        {"params": [linear.bias], "weight_decay": 0.0},
    ]
    rate = 0.5
    sgd = torch.optim.SGD(groups, lr=rate)
    for _ in range(800):
        sgd.zero_grad()
        torch.nn.functional.cross_entropy(linear(data), target).backward()
        with torch.no_grad():
            linear.weight *= 1.0 if coupled else 1 - rate * decay
        sgd.step()
    return linear.weight.detach().numpy().T, linear.bias.detach().numpy()


@pytest.mark.torch
@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("unit", ["pytorch-weight-decay", "pytorch-decoupled-weight-decay"])
def test_pytorch_ends_at_the_same_optimum(n_classes, unit):
    import torch

    X, labels = problem(n_classes)
    decay = l2_as(unit, ALPHA, N, n_classes)
    found = trained(
        torch.tensor(X),
        torch.tensor(labels),
        n_classes,
        decay,
        coupled=unit == "pytorch-weight-decay",
    )
    for theirs, ours in zip(found, optimum(X, labels, n_classes), strict=True):
        np.testing.assert_allclose(theirs, ours, atol=1e-6)
