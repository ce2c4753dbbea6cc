"""Hyperparameters that many optimizers share, under one name, role and domain."""

from hpsoft.optimizers.protocol import Hyperparameter, Role

EPOCHS = Hyperparameter(
    "epochs", Role.HORIZON, int, 1, 1_000_000, summary="passes over the training data"
)
BATCH_SIZE = Hyperparameter(
    "batch_size", Role.STRUCTURAL, int, 1, within_samples=True, larger_is_simpler=True,
    summary="samples a step",
)  # fmt: skip
LEARNING_RATE = Hyperparameter(
    "learning_rate", Role.COLUMNAR, float, 0, above_low=True, summary="length of a step"
)
AVERAGING = Hyperparameter(
    "averaging", Role.COLUMNAR, int, 0, 1, default=0,
    summary="1: the model is the mean over the passes, late ones counting most; 0: the last pass",
)  # fmt: skip
ALPHA = Hyperparameter(
    "alpha", Role.COLUMNAR, float, 0, larger_is_simpler=True,
    summary="strength of L2 on the weights",
)  # fmt: skip
