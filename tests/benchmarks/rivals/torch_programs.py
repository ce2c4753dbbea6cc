"""PyTorch: the usual module with its optimizer, and 64 models under torch.func.vmap."""

import numpy as np

from rivals.base import LoopRival, Rival


def tensors(rival: Rival) -> None:
    """Give the rival its data as tensors, on one thread."""
    import torch

    torch.set_num_threads(1)
    rival.X = torch.from_numpy(rival.work.X.astype(np.float32))
    rival.y = torch.from_numpy(rival.work.labels.astype(np.int64))


class TorchLoop(LoopRival):
    """nn.Linear, cross_entropy, backward, torch.optim.SGD."""

    title = "PyTorch nn.Linear + SGD, one model"
    needs = "torch"
    n_models = 1

    def prepare(self) -> None:
        """Convert the pixels once."""
        tensors(self)

    def train(self, order: np.ndarray, batch_size: int, index: int) -> np.ndarray:
        """Train one model."""
        import torch
        from torch.nn.functional import cross_entropy

        model = torch.nn.Linear(self.X.shape[1], self.work.n_classes)
        for parameter in model.parameters():
            torch.nn.init.zeros_(parameter)
        decayed = {"params": [model.weight], "weight_decay": float(self.work.alpha[index])}
        groups = [decayed, {"params": [model.bias], "weight_decay": 0.0}]
        optimizer = self.optimizer(groups, float(self.work.learning_rate[index]))
        for batch in torch.from_numpy(order).split(batch_size):
            optimizer.zero_grad()
            cross_entropy(model(self.X[batch]), self.y[batch]).backward()
            optimizer.step()
        return model.weight.detach().numpy().T

    def optimizer(self, groups: list[dict], learning_rate: float) -> object:
        """Return what makes the steps."""
        import torch

        return torch.optim.SGD(groups, lr=learning_rate)


class TorchVmap(Rival):
    """torch.func: the gradient of one model, vmapped over 64."""

    title = "torch.func vmap, 64 models"
    needs = "torch"

    def prepare(self) -> None:
        """Convert the pixels once, and vectorise the gradient."""
        import torch
        from torch.func import grad, vmap
        from torch.nn.functional import cross_entropy

        def cost(weights, bias, X, y):
            return cross_entropy(X @ weights + bias, y)

        tensors(self)
        self.rates = torch.from_numpy(self.work.learning_rate.astype(np.float32))
        self.decay = self.rates * torch.from_numpy(self.work.alpha.astype(np.float32))
        self.gradient = vmap(grad(cost, argnums=(0, 1)), in_dims=(0, 0, None, None))

    def run(self, order: np.ndarray, batch_size: int) -> None:
        """Train all models side by side."""
        import torch

        weights = torch.zeros(self.n_models, self.X.shape[1], self.work.n_classes)
        bias = torch.zeros(self.n_models, self.work.n_classes)
        rates, keep = self.rates[:, None, None], 1 - self.decay[:, None, None]
        for batch in torch.from_numpy(order).split(batch_size):
            slopes = self.gradient(weights, bias, self.X[batch], self.y[batch])
            weights.mul_(keep).sub_(rates * slopes[0])
            bias.sub_(rates[:, 0] * slopes[1])
        self.result = weights

    def weights(self, index: int) -> np.ndarray:
        """Return the weights of a model."""
        return self.result[index].numpy()
