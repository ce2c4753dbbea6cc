"""The data that all rivals get, and what they have in common."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

LOOPED = 4  # models that a one-model program trains one after another, to be timed for longer
CHECKED = 0  # of the models: the same one in every program


@dataclass(frozen=True)
class Work:
    """The training part of the reference run, and the 64 models of one block."""

    X: np.ndarray  # (n_samples, n_features) uint8, memory-mapped
    labels: np.ndarray  # (n_samples,)
    n_classes: int
    learning_rate: np.ndarray  # (n_models,)
    alpha: np.ndarray  # (n_models,)

    def batches(self, order: np.ndarray, size: int) -> list[np.ndarray]:
        """Cut an order into mini-batches."""
        return [order[first : first + size] for first in range(0, len(order), size)]


class Rival(ABC):
    """A program that trains `n_models` models a run."""

    title = ""
    needs = ""  # module that has to be installed
    exact = True  # computes the mini-batch SGD that the others compute
    n_models = 64

    def __init__(self, work: Work) -> None:
        self.work = work
        self.prepare()

    def prepare(self) -> None:  # noqa: B027 - most programs have nothing to convert
        """Convert the data to what the program wants; not timed."""

    @abstractmethod
    def run(self, order: np.ndarray, batch_size: int) -> None:
        """Train all models from zero weights, once through `order`."""

    @abstractmethod
    def weights(self, index: int) -> np.ndarray:
        """Return the (n_features, n_classes) that the last run left for a model."""


class LoopRival(Rival):
    """A program that trains one model at a time."""

    n_models = LOOPED

    def run(self, order: np.ndarray, batch_size: int) -> None:
        """Train some models one after another."""
        self.trained = [self.train(order, batch_size, index) for index in range(self.n_models)]

    @abstractmethod
    def train(self, order: np.ndarray, batch_size: int, index: int) -> np.ndarray:
        """Train one model and return its weights."""

    def weights(self, index: int) -> np.ndarray:
        """Return the weights of a model."""
        return self.trained[index]
