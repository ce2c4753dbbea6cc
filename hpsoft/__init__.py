"""hpsoft: exhaustive, exact and fast hyperparameter search for softmax regression."""

__version__ = "0.1.0"
