"""The published run on Fashion-MNIST that hpsoft repeats."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """The published run that this search repeats."""

    params: Mapping[str, float]
    validation_cost: float
    test_cost: float
    test_accuracy: float
    text: str


# A file may be called fashion-mnist without being it: the data is known by its content.
FASHION_MNIST_FINGERPRINT = "43e233978e1dc79e01bef076d9e51afa4932effe53219e891348151be2204fd3"

FASHION_MNIST = Reference(
    params={"epochs": 35, "batch_size": 32, "learning_rate": 5e-7, "alpha": 1.0},
    validation_cost=0.433649,
    test_cost=0.455827,
    test_accuracy=0.8426,
    text=(
        "The reference's text calls its test cost an unregularized MSE, but its numbers are "
        "cross-entropies: compare them with the cross-entropy."
    ),
)
