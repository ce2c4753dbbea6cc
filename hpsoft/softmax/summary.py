"""The few numbers of a data set that the mathematics of training it depends on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DataSummary:
    """The few numbers of a data set that a default space may depend on."""

    name: str
    n_samples: int  # of the part trained on
    n_features: int
    n_classes: int
    curvature: float  # largest eigenvalue of [X 1].T [X 1] / (2 n): bounds the Hessian
    mean_square: float = 1.0  # mean of the squared entries of X: 1 of standardised features
