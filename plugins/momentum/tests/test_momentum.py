"""Momentum passes the contract of optimizers and takes the steps that PyTorch's SGD takes."""

import numpy as np
import pytest
from hpsoft_momentum import Momentum

from hpsoft.optimizers import Models, Problem
from hpsoft.testing import OptimizerContract
from hpsoft.testing.compare import full, train

PASSES, BATCH, RATE, ALPHA = 4, 5, 0.3, 0.1
CASES = [(0.9, 0), (0.9, 1), (0.5, 1)]  # momentum, nesterov
# By `torch_sgd` below with torch 2.13.0: rows are features and the bias, columns classes.
REACHED = {
    (0.9, 0): [
        [0.87310355533489, -0.81408055248162, -0.059023002853267],
        [0.075765134269939, -0.11902370199611, 0.04325856772617],
        [0.036935758115928, -0.039251424938097, 0.0023156668221684],
        [1.021148854466, 2.4203973059227, -3.4415461603887],
    ],
    (0.9, 1): [
        [0.67925554781605, -0.63502773367896, -0.044227814137081],
        [0.041620787651605, -0.064045032010702, 0.022424244359097],
        [0.06426635876536, -0.06512659927345, 0.0008602405080907],
        [0.84988064769862, 2.3088359387389, -3.1587165864375],
    ],
    (0.5, 1): [
        [0.59756513815517, -0.52759130253744, -0.069973835617729],
        [0.013624350240387, -0.040145493533354, 0.026521143292967],
        [0.0061598172581724, -0.043666112711534, 0.037506295453362],
        [-0.10565660025235, 1.4918963518816, -1.3862397516292],
    ],
}


class TestMomentum(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = Momentum


def make_problem():
    """Return 24 samples of 3 features and 3 classes; each pass starts 7 samples later."""
    X = np.cos(np.arange(72.0) ** 1.5).reshape(24, 3)
    return Problem(X, np.arange(24) ** 2 % 5 % 3, 3, np.dtype(float), rolled)


def rolled(epoch):
    return np.roll(np.arange(24), -7 * epoch)


def ours(momentum, nesterov):
    columns = {"learning_rate": RATE, "momentum": momentum, "alpha": ALPHA}
    columns = {name: np.array([value]) for name, value in columns.items()}
    models = Models(1, columns, {"batch_size": BATCH, "nesterov": nesterov})
    return full(train(Momentum(), make_problem(), models, 0, PASSES), make_problem())[..., 0]


def torch_sgd(momentum, nesterov):
    import torch

    problem, model = make_problem(), torch.nn.Linear(3, 3, dtype=torch.float64)
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    groups = [{"params": [model.weight], "weight_decay": ALPHA}, {"params": [model.bias]}]
    optimizer = torch.optim.SGD(groups, lr=RATE, momentum=momentum, nesterov=bool(nesterov))
    for epoch in range(PASSES):
        for batch in torch.from_numpy(problem.order(epoch)).split(BATCH):
            optimizer.zero_grad()
            logits = model(torch.from_numpy(problem.X)[batch])
            labels = torch.from_numpy(problem.labels)[batch]
            torch.nn.functional.cross_entropy(logits, labels).backward()
            optimizer.step()
    return np.vstack([model.weight.detach().numpy().T, model.bias.detach().numpy()])


@pytest.mark.parametrize("case", CASES)
def test_steps_are_those_that_pytorch_took(case):
    """After 20 steps all weights agree with numbers computed once."""
    np.testing.assert_allclose(ours(*case), REACHED[case], rtol=1e-10)


@pytest.mark.torch
@pytest.mark.parametrize("case", CASES)
def test_steps_are_those_of_pytorch(case):
    """The same with PyTorch itself: pytest -m torch."""
    np.testing.assert_allclose(ours(*case), torch_sgd(*case), rtol=1e-10)
