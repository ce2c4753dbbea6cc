"""One model at a time in NumPy: the loop of every course, and of the reference run."""

import numpy as np

from rivals.base import LoopRival


class NumpyLoop64(LoopRival):
    """The loop in float64, NumPy's default."""

    title = "NumPy loop, one model, float64"
    dtype = np.float64

    def prepare(self) -> None:
        """Convert the pixels once, and the labels to one-hot rows."""
        self.X = self.work.X.astype(self.dtype)
        self.one_hot = np.eye(self.work.n_classes, dtype=self.dtype)[self.work.labels]

    def train(self, order: np.ndarray, batch_size: int, index: int) -> np.ndarray:
        """Train one model."""
        learning_rate = self.dtype(self.work.learning_rate[index])
        alpha = self.dtype(self.work.alpha[index])
        weights = np.zeros((self.X.shape[1], self.work.n_classes), self.dtype)
        bias = np.zeros(self.work.n_classes, self.dtype)
        for batch in self.work.batches(order, batch_size):
            X = self.X[batch]
            logits = X @ weights + bias
            p = np.exp(logits - logits.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            error = (p - self.one_hot[batch]) / self.dtype(len(batch))
            weights -= learning_rate * (X.T @ error + alpha * weights)
            bias -= learning_rate * error.sum(axis=0)
        return weights


class NumpyLoop32(NumpyLoop64):
    """The same in float32."""

    title = "NumPy loop, one model, float32"
    dtype = np.float32
