"""scikit-learn's SGDClassifier, fed through partial_fit: by mini-batches, or a pass a call.

Not the same iteration: log_loss is one-vs-rest, ten binary problems, and every sample is a step of
its own whatever the size of the slice that partial_fit gets. So the batch size of the grid cannot
be searched with it at all; smaller slices only cost more calls.
"""

import numpy as np

from rivals.base import LoopRival


class SklearnLoop(LoopRival):
    """One-vs-rest logistic regression by SGD, a call a mini-batch."""

    title = "scikit-learn SGDClassifier, partial_fit a mini-batch"
    needs = "sklearn"
    exact = False
    n_models = 1

    def prepare(self) -> None:
        """Convert the pixels once, to the dtype that is quicker."""
        self.X = self.work.X.astype(np.float32)

    def train(self, order: np.ndarray, batch_size: int, index: int) -> np.ndarray:
        """Train one model."""
        from sklearn.linear_model import SGDClassifier

        model = SGDClassifier(
            loss="log_loss",
            alpha=self.work.alpha[index],
            learning_rate="constant",
            eta0=self.work.learning_rate[index],
            shuffle=False,
        )
        classes = np.arange(self.work.n_classes)
        for batch in self.work.batches(order, batch_size):
            model.partial_fit(self.X[batch], self.work.labels[batch], classes=classes)
        return model.coef_.T


class SklearnPass(SklearnLoop):
    """The same with a whole pass in one call: the same steps, whatever the batch size."""

    title = "scikit-learn SGDClassifier, partial_fit a pass"

    def train(self, order: np.ndarray, batch_size: int, index: int) -> np.ndarray:
        """Train one model, as if the mini-batch were the pass."""
        return super().train(order, max(batch_size, len(order)), index)
