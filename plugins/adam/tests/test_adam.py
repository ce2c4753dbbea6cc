"""Adam and AdamW pass the contract of optimizers and take the steps that PyTorch's take."""

import numpy as np
import pytest
from hpsoft_adam import Adam, AdamW

from hpsoft.optimizers import Models, Problem
from hpsoft.testing import OptimizerContract
from hpsoft.testing.compare import full, train

PASSES, BATCH, RATE, ALPHA = 4, 5, 0.1, 0.3
BETAS, EPSILON = (0.7, 0.9), 1e-3  # short memories, so that AMSGrad's maximum matters
CASES = [(Adam, 0), (Adam, 1), (AdamW, 0), (AdamW, 1)]  # kind, amsgrad
# By `torch_adam` below with torch 2.13.0: rows are features and the bias, columns classes.
REACHED = {
    ("Adam", 0): [
        [0.30512064626491, -0.30171614777139, -0.022921956188216],
        [-0.036631620342596, 0.043799459075162, 0.036637226964873],
        [0.011778823820088, -0.0015794153096592, -0.021595442849861],
        [-0.12704881423798, 1.2542803227324, -1.5281298749809],
    ],
    ("Adam", 1): [
        [0.30606955860078, -0.30182482268047, -0.0021101728466211],
        [-0.033435270006166, 0.036985514565274, 0.020289206866338],
        [0.0063906066808109, 0.0023959943934529, -0.021954823058153],
        [-0.21503667424608, 1.1583866883941, -1.4192302181092],
    ],
    ("AdamW", 0): [
        [1.0108777199757, -0.79398581744164, -0.32649884827372],
        [0.064475924759198, -0.061064405459862, 0.065060387341022],
        [-0.008606363894598, -0.12737325269314, 0.082060662315272],
        [-0.38345394366923, 1.302485150871, -1.5150093280263],
    ],
    ("AdamW", 1): [
        [0.97477984122978, -0.74692662610693, -0.26164416603137],
        [0.059395958064264, -0.060144478679151, 0.078460075808018],
        [-0.015668326249108, -0.12225431386069, 0.087714551263098],
        [-0.42446204535469, 1.2007006232237, -1.4001035562922],
    ],
}


class TestAdam(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = Adam


class TestAdamW(OptimizerContract):
    """Passes the contract of optimizers."""

    optimizer = AdamW


def make_problem():
    """Return 24 samples of 3 features and 3 classes; each pass starts 7 samples later."""
    X = np.cos(np.arange(72.0) ** 1.5).reshape(24, 3)
    return Problem(X, np.arange(24) ** 2 % 5 % 3, 3, np.dtype(float), rolled)


def rolled(epoch):
    return np.roll(np.arange(24), -7 * epoch)


def ours(kind, amsgrad):
    columns = {
        "learning_rate": RATE,
        "beta1": BETAS[0],
        "beta2": BETAS[1],
        "epsilon": EPSILON,
        "alpha": ALPHA,
    }
    columns = {name: np.array([value]) for name, value in columns.items()}
    models = Models(1, columns, {"batch_size": BATCH, "amsgrad": amsgrad})
    return full(train(kind(), make_problem(), models, 0, PASSES), make_problem())[..., 0]


def torch_adam(kind, amsgrad):
    import torch

    problem, model = make_problem(), torch.nn.Linear(3, 3, dtype=torch.float64)
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    groups = [
        {"params": [model.weight], "weight_decay": ALPHA},
        {"params": [model.bias], "weight_decay": 0.0},
    ]
    options = {"lr": RATE, "betas": BETAS, "eps": EPSILON, "amsgrad": bool(amsgrad)}
    optimizer = getattr(torch.optim, kind.__name__)(groups, **options)
    for epoch in range(PASSES):
        for batch in torch.from_numpy(problem.order(epoch)).split(BATCH):
            optimizer.zero_grad()
            logits = model(torch.from_numpy(problem.X)[batch])
            labels = torch.from_numpy(problem.labels)[batch]
            torch.nn.functional.cross_entropy(logits, labels).backward()
            optimizer.step()
    return np.vstack([model.weight.detach().numpy().T, model.bias.detach().numpy()])


@pytest.mark.parametrize(("kind", "amsgrad"), CASES)
def test_steps_are_those_that_pytorch_took(kind, amsgrad):
    """After 20 steps all weights agree with numbers computed once."""
    expected = REACHED[kind.__name__, amsgrad]
    np.testing.assert_allclose(ours(kind, amsgrad), expected, rtol=1e-10)


@pytest.mark.torch
@pytest.mark.parametrize(("kind", "amsgrad"), CASES)
def test_steps_are_those_of_pytorch(kind, amsgrad):
    """The same with PyTorch itself: pytest -m torch."""
    np.testing.assert_allclose(ours(kind, amsgrad), torch_adam(kind, amsgrad), rtol=1e-10)
