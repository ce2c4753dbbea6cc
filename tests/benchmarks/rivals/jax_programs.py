"""JAX: 64 models under vmap, and the columns of all models fused by hand into one matmul.

Both compile a whole pass: lax.scan over the mini-batches. The process is pinned before JAX is
imported, so XLA starts one thread.
"""

from abc import abstractmethod

import numpy as np

from rivals.base import Rival


class JaxRival(Rival):
    """What both programs share; a step is (weights, bias, X, y) -> (weights, bias)."""

    needs = "jax"

    def prepare(self) -> None:
        """Convert the data once, and compile."""
        import jax
        import jax.numpy as jnp

        self.X = jnp.asarray(self.work.X.astype(np.float32))
        self.y = jnp.asarray(self.work.labels.astype(np.int32))
        self.rates = jnp.asarray(self.work.learning_rate, jnp.float32)
        self.decay = self.rates * jnp.asarray(self.work.alpha, jnp.float32)
        step = self.step

        def sweep(weights, bias, X, y, batches):
            def one(carry, batch):
                return step(*carry, X[batch], y[batch]), None

            return jax.lax.scan(one, (weights, bias), batches)[0]

        self.sweep = jax.jit(sweep, donate_argnums=(0, 1))

    def run(self, order: np.ndarray, batch_size: int) -> None:
        """Train all models side by side; the order must hold whole mini-batches."""
        import jax.numpy as jnp

        batches = jnp.asarray(order.reshape(-1, batch_size).astype(np.int32))
        weights, bias = self.zeros()
        result = self.sweep(weights, bias, self.X, self.y, batches)
        self.result = result[0].block_until_ready()

    @abstractmethod
    def zeros(self):
        """Return weights and bias to start from."""

    @abstractmethod
    def step(self, weights, bias, X, y):
        """Return weights and bias after a mini-batch."""


class JaxVmap(JaxRival):
    """The gradient of one model by jax.grad, vmapped over 64."""

    title = "JAX vmap, 64 models"

    def zeros(self):
        """Return one matrix a model."""
        import jax.numpy as jnp

        shape = self.n_models, self.X.shape[1], self.work.n_classes
        return jnp.zeros(shape), jnp.zeros((shape[0], shape[2]))

    def step(self, weights, bias, X, y):
        """Return weights and bias after a mini-batch."""
        import jax

        def cost(parameters):
            logits = X @ parameters[0] + parameters[1]
            chosen = jax.numpy.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1)
            return -chosen.mean()

        def one(weights, bias, rate, decay):
            slopes = jax.grad(cost)((weights, bias))
            return (1 - decay) * weights - rate * slopes[0], bias - rate * slopes[1]

        return jax.vmap(one)(weights, bias, self.rates, self.decay)

    def weights(self, index: int) -> np.ndarray:
        """Return the weights of a model."""
        return np.asarray(self.result[index])


class JaxFused(JaxRival):
    """All columns in one matmul, class-major, with the gradient written down."""

    title = "JAX, columns fused by hand"

    def zeros(self):
        """Return one matrix for all models."""
        import jax.numpy as jnp

        columns = self.work.n_classes * self.n_models
        return jnp.zeros((self.X.shape[1], columns)), jnp.zeros(columns)

    def step(self, weights, bias, X, y):
        """Return weights and bias after a mini-batch."""
        import jax
        import jax.numpy as jnp

        n_classes = self.work.n_classes
        logits = (X @ weights + bias).reshape(len(X), n_classes, self.n_models)
        error = jax.nn.softmax(logits, axis=1) - jax.nn.one_hot(y, n_classes)[:, :, None]
        change = (error * (self.rates / len(X))).reshape(len(X), -1)
        kept = jnp.tile(1 - self.decay, n_classes)
        return weights * kept - X.T @ change, bias - change.sum(axis=0)

    def weights(self, index: int) -> np.ndarray:
        """Return the weights of a model."""
        return np.asarray(self.result).reshape(self.X.shape[1], -1, self.n_models)[..., index]
