"""One pass of mini-batch SGD over the data, for all models of a block at once.

Every model of a block sees the same mini-batches, so logits are one product X_b W and the update
is one product X_b.T D. Small mini-batches make thin products, so several of them form a slab
(the s-step idea of CA-SGD, Devarakonda and Demmel, arXiv 2011.08281):

    Z = X_s V            logits of the whole slab, with the weights from before it
    K = X_s X_s.T        shared by all models
    for each mini-batch j of the slab:
        z_j = rho^j (Z_j + K[j, :j] D[:j] + b_j / rho^j)      what it would have seen
        D_j = -(p_j - y_j) * learning_rate / |j| / rho^(j+1)   its step, in units of V
    V += X_s.T D

With weights the D_j of sample i is multiplied by its factor f_i for each model (class_steps.py).
The same iteration as one mini-batch after another, up to rounding. Shapes, with
n_columns = n_trained * n_models, class-major:

    weights V  (n_features, n_columns)    bias b  (n_columns,)
    logits     (slab + 1, n_columns)      row 0 holds b / rho^j, row 1 + i sample i, D overwrites Z
    rows       (slab + 1, n_features)     row 0 is zero, row 1 + i sample i
    gram       (slab + 1, slab + 1)       column 0 is one, so that row 0 of logits is added too
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsoft.optimizers import Array, Weighting
from hpsoft_sgd.blas import add_product, add_transposed_product, lower_gram, product
from hpsoft_sgd.class_steps import SampleSteps, steps_of
from hpsoft_sgd.decay import TABLE, Decay
from hpsoft_sgd.memory import zeros_together
from hpsoft_sgd.residual import ROWS, Residual, Views
from hpsoft_sgd.row_steps import RowSteps, n_rows


def slab_size(batch_size: int, n_features: int, n_columns: int) -> int:
    """Choose how many samples form a slab: measured, see tests/benchmarks/README.md.

    Few columns do not repay a Gram matrix, which costs the same for any number of them.
    """
    if batch_size >= 64 or n_features < 256:
        return batch_size
    target = 64
    if n_columns <= 6 * batch_size:
        target = 32 if batch_size <= 8 else batch_size
    return batch_size * (target // batch_size)


@dataclass(frozen=True)
class Chunk:
    """Views of at most ROWS rows of a mini-batch, so that its passes stay in the cache."""

    first: int  # row of the slab
    end: int
    logits: Array  # (rows, n_columns)
    flat: Array  # (rows * n_trained, n_models), the same memory
    views: Views
    ones: Array  # (rows,)


@dataclass(frozen=True)
class MiniBatch:
    """Views into the slab's buffers for one of its mini-batches, built once a pass."""

    gram: Array  # (rows, 1 + first), the mini-batch against all before it and the bias
    before: Array  # (1 + first, n_columns), the bias and the steps of all before it
    logits: Array  # (rows, n_columns)
    chunks: list[Chunk]


@dataclass(frozen=True)
class Layout:
    """The mini-batches of a slab of one length."""

    batches: list[MiniBatch]
    gram: Array  # (n + 1, n + 1)
    sizes: NDArray[np.intp]  # (n_batches, 1), samples of each
    is_full: bool  # whether all have the batch size


class Pass:
    """Buffers and views for passes over data of one shape by blocks of one shape."""

    def __init__(
        self, shape: tuple[int, int, int], dtype: np.dtype[Any], batch_size: int, slab: int
    ) -> None:
        """Take the weights' shape (n_features, n_trained, n_models), and sizes in samples."""
        n_features, self.n_trained, self.n_models = shape
        self.batch_size = batch_size
        self.slab = slab = max(slab, batch_size)
        n_columns = self.n_trained * self.n_models
        shapes = [(n_features, n_columns), (slab + 1, n_features), (slab + 1, n_columns)]
        self.weights, self.rows, self.logits = zeros_together(
            shapes,
            dtype,
            large_pages=slab == batch_size,  # with several mini-batches a slab they gain nothing
        )
        self.bias_row = self.logits[0]
        self.bias_step, self.bias_part = np.empty_like(self.bias_row), np.empty_like(self.bias_row)
        self.residual = Residual(self.n_trained, self.n_models, dtype)
        self.ones = np.ones(batch_size, dtype)
        self.layouts: dict[int, Layout] = {}
        self.learning_rate = np.empty(0)
        self.last_decay: Decay | None = None
        self.row_steps: SampleSteps | None = None
        self.row_buffer = np.empty((n_rows(slab, batch_size), self.n_models), dtype)
        self.weighting: Weighting | None = None  # of the models, before the first pass

    def run(
        self,
        X: Array,
        labels: NDArray[np.intp],
        order: NDArray[np.intp],
        weights: Array,
        bias: Array,
        learning_rate: Array,
        decay: Decay,
    ) -> NDArray[np.bool_]:
        """Pass once over the samples in `order`; weights and bias are updated in place.

        Returns a mask of the models that diverged (n_models,); their columns are zero then.
        """
        self.weights.reshape(weights.shape)[...] = weights
        if not np.array_equal(learning_rate, self.learning_rate) or decay is not self.last_decay:
            self.step_table = self.negative_table = self.weights[:0]
        self.learning_rate, self.decay, self.last_decay = learning_rate.copy(), decay, decay
        self.diverged = np.zeros(self.n_models, bool)
        # The bias without scale. In the units of V it must be made anew for each mini-batch:
        # multiplied on by 1 / rho, the same rounding every time would add up to a decay.
        self.bias = np.empty_like(self.bias_row) if decay.scales_logits else self.bias_row
        self.bias[:] = bias.reshape(-1)
        n_steps = min(max(1, self.slab // self.batch_size), decay.longest)
        slab = self.batch_size * n_steps
        self._find_targets(labels[order], order, slab)
        X = np.asarray(X)  # not kept: buffers live longer than the data that they have seen
        with np.errstate(all="ignore"):
            for first in range(0, len(order), slab):
                self._slab(X, order[first : first + slab], first)
            decay.fold(self.weights)
        weights[...] = self.weights.reshape(weights.shape)
        bias[...] = self.bias.reshape(bias.shape)
        return self.diverged

    def _find_targets(self, labels: NDArray[np.intp], order: NDArray[np.intp], slab: int) -> None:
        """Have the targets of one chunk after another, as rows of `Chunk.flat`, and their steps.

        The last class has none: it is not trained.
        """
        in_batch = np.arange(len(labels)) % slab % self.batch_size
        starts = np.flatnonzero(in_batch % ROWS == 0)
        trained = np.flatnonzero(labels < self.n_trained)
        positions = in_batch[trained] % ROWS * self.n_trained + labels[trained]
        bounds = list(pairwise(np.searchsorted(trained, [*starts, len(labels)]).tolist()))
        self.targets = (positions[a:b] for a, b in bounds)
        if (of := self.weighting) is not None:
            buffer, size = self.row_buffer, self.batch_size
            self.row_steps = steps_of(of, labels, order, trained, buffer, size)
            self.target_steps = self.row_steps.of_targets(bounds)

    def _slab(self, X: Array, samples: NDArray[np.intp], first: int) -> None:
        n = len(samples)
        rows, logits, layout = self.rows[1 : 1 + n], self.logits[1 : 1 + n], self._layout(n)
        batches = layout.batches
        self.decay.make_room(len(batches), self.weights)
        if X.dtype == rows.dtype:
            X.take(samples, 0, rows, "clip")  # without a copy; no index is outside
        else:
            rows[...] = X[samples]
        product(rows, self.weights, logits)
        if len(batches) > 1:
            lower_gram(self.rows[: 1 + n], layout.gram)
            layout.gram[:, 0] = 1
        self._mini_batches(layout, first)
        self.add_steps(rows, logits, batches)

    def add_steps(self, rows: Array, steps: Array, layout: list[MiniBatch]) -> None:
        """Add a slab's steps to the weights: rows (n, n_features), steps (n, n_columns) as of V.

        For subclasses that want to see the steps: averaged SGD does.
        """
        self.decay.advance(len(layout), self.weights)
        add_transposed_product(rows, steps, self.weights)

    def _mini_batches(self, layout: Layout, at: int) -> None:
        n_batches = len(layout.batches)
        scales = self.decay.scales(n_batches)
        first = self.decay.steps
        if layout.is_full and not self.decay.direct and first + n_batches < TABLE:
            if len(self.step_table) < first + n_batches:
                self.step_table = self._steps(self.decay.first(TABLE), self.batch_size)
                self.negative_table = -self.step_table
            self.steps = self.step_table[first : first + n_batches]
            self.negative_steps = self.negative_table[first : first + n_batches]
        else:
            self.steps = self._steps(self.decay.powers(n_batches), layout.sizes)
            self.negative_steps = -self.steps
        row_steps = self.row_steps
        if isinstance(row_steps, RowSteps) and at >= row_steps.end:
            row_steps.fill(at, self._negative_steps_ahead(layout, len(row_steps.order) - at))
        self.row = 0 if row_steps is None else at - row_steps.first  # where the slab begins
        scaled = self.decay.scales_logits
        for j, batch in enumerate(layout.batches):
            if scaled:
                np.divide(self.bias, scales[j], out=self.bias_row)
            if j:
                add_product(batch.gram, batch.before, batch.logits)
            self._step(batch, j, scales[j], add_bias=not j)
            if scaled:
                np.multiply(self.bias_step, scales[j + 1], out=self.bias_step)
            np.add(self.bias, self.bias_step, out=self.bias)

    def _steps(self, powers: NDArray[np.float64], sizes: NDArray[np.intp] | int) -> Array:
        """Return by how much mini-batches of these sizes step in the units of V, a row each."""
        return (self.learning_rate / sizes / powers[1:]).astype(self.weights.dtype)

    def _negative_steps_ahead(self, layout: Layout, n_left: int) -> Array:
        """Return those of a slab's mini-batches, and of the slabs after it that go on alike."""
        first, n = self.decay.steps, len(layout.batches)
        if self.negative_steps.base is not self.negative_table:
            return self.negative_steps
        ahead = min(len(self.row_buffer), n_left) // self.batch_size
        ahead = min(ahead, TABLE - 1 - first, self.decay.longest - first)
        return self.negative_table[first : first + max(n, ahead - ahead % n)]

    def _step(self, batch: MiniBatch, j: int, scale: Array, *, add_bias: bool) -> None:
        """Overwrite the logits of mini-batch j by its step, and sum it for the bias."""
        step, negative_step = self.steps[j], self.negative_steps[j]
        own = self.row_steps
        if own is not None:
            own.begin(negative_step)
        for i, chunk in enumerate(batch.chunks):
            if add_bias:
                np.add(chunk.logits, self.bias_row, out=chunk.logits)
            if self.decay.scales_logits:
                np.multiply(chunk.logits, scale, out=chunk.logits)
            first, end = self.row + chunk.first, self.row + chunk.end
            negative = negative_step if own is None else own.of(first, end)
            if not self.residual.replace(chunk.views, negative):
                self._drop(chunk)
            where = next(self.targets)
            at_label = chunk.flat.take(where, 0)
            if own is None:
                at_label += step
            else:
                at_label -= next(self.target_steps)
            chunk.flat[where] = at_label
            np.matmul(chunk.ones, chunk.logits, out=self.bias_part if i else self.bias_step)
            if i:
                np.add(self.bias_step, self.bias_part, out=self.bias_step)

    def _drop(self, chunk: Chunk) -> None:
        """Zero the columns of models with logits that are not finite, so that they stay quiet."""
        lost = np.asarray(~np.isfinite(chunk.views.total).all(axis=(0, 1)))
        self.diverged |= lost
        self.learning_rate[lost] = self.steps[:, lost] = self.negative_steps[:, lost] = 0.0
        if self.row_steps is not None:
            self.row_steps.stop(lost)
        self.step_table = self.negative_table = self.steps[:0]  # the next slab makes them anew
        for array in (self.weights, self.logits, self.bias[None]):
            array.reshape(len(array), self.n_trained, self.n_models)[:, :, lost] = 0.0

    def _layout(self, n_samples: int) -> Layout:
        """Return the views for a slab of n_samples; only the last slab of a pass is shorter."""
        if n_samples not in self.layouts:
            starts = range(0, n_samples, self.batch_size)
            ends = [*starts[1:], n_samples]
            width = 1 + n_samples if len(starts) > 1 else 0
            gram = np.zeros((width, width), self.weights.dtype)
            batches = [self._views(gram, *ends) for ends in zip(starts, ends, strict=True)]
            sizes = np.array([[len(batch.logits)] for batch in batches])
            is_full = bool((sizes == self.batch_size).all())
            self.layouts[n_samples] = Layout(batches, gram, sizes, is_full)
        return self.layouts[n_samples]

    def _views(self, gram: Array, first: int, end: int) -> MiniBatch:
        logits = self.logits[1:]
        return MiniBatch(
            gram=gram[1 + first : 1 + end, : 1 + first],
            before=self.logits[: 1 + first],
            logits=logits[first:end],
            chunks=[self._chunk(i, min(i + ROWS, end)) for i in range(first, end, ROWS)],
        )

    def _chunk(self, first: int, end: int) -> Chunk:
        logits = self.logits[1 + first : 1 + end]
        cube = logits.reshape(len(logits), self.n_trained, self.n_models)
        return Chunk(
            first=first,
            end=end,
            logits=logits,
            flat=logits.reshape(-1, self.n_models),
            views=self.residual.views(cube),
            ones=self.ones[: len(logits)],
        )
