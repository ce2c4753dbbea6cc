"""The fused, blocked kernel is the one-model loop of reference_sgd, whatever the shapes."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
from hpsoft_sgd.decay import Decay
from hpsoft_sgd.kernel import Pass
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_sgd import sgd


def order(n, epoch):
    return np.random.default_rng([7, epoch]).permutation(n)


def fused(X, labels, n_classes, rates, alphas, *, batch_size, slab, epochs, dtype=np.float64):
    """Train all models at once; return full weights, bias and which diverged."""
    n_models = len(rates)
    rates, alphas = np.asarray(rates, float), np.asarray(alphas, float)
    weights = np.zeros((X.shape[1], n_classes - 1, n_models), dtype)
    bias = np.zeros((n_classes - 1, n_models), dtype)
    diverged = np.zeros(n_models, bool)
    for epoch in range(epochs):
        decay = Decay(1 - rates * alphas, n_classes - 1, np.dtype(dtype))
        sweep = Pass(weights.shape, weights.dtype, batch_size, slab)
        diverged |= sweep.run(X, labels, order(len(labels), epoch), weights, bias, rates, decay)
    weights = np.concatenate([weights, -weights.sum(axis=1, keepdims=True)], axis=1)
    return weights, np.concatenate([bias, -bias.sum(axis=0, keepdims=True)]), diverged


def reference(X, labels, n_classes, rate, alpha, *, batch_size, epochs):
    return sgd(
        X,
        labels,
        n_classes,
        order=partial(order, len(labels)),
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=rate,
        alpha=alpha,
    )


def assert_equal(got, expected, tolerance, floor=0.0):
    """Compare weights and bias relative to the largest of both, or a floor."""
    largest = max(floor, *(np.abs(part).max() for part in expected))
    for ours, theirs in zip(got, expected, strict=True):
        assert np.abs(ours - theirs).max() <= tolerance * largest


@dataclass
class Case:
    """A random problem with random models, none of them past the edge of stability of the data.

    Beyond it any change in the order of a sum grows, and nothing equals anything.
    """

    X: np.ndarray
    labels: np.ndarray
    n_classes: int
    rates: np.ndarray
    alphas: np.ndarray
    sizes: dict[str, int]

    def check(self, dtype, tolerance):
        data = self.X, self.labels, self.n_classes
        weights, bias, diverged = fused(*data, self.rates, self.alphas, **self.sizes, dtype=dtype)
        assert not diverged.any()
        sizes = {name: self.sizes[name] for name in ("batch_size", "epochs")}
        for m, (rate, alpha) in enumerate(zip(self.rates, self.alphas, strict=True)):
            expected = reference(*data, rate, alpha, **sizes)
            # Where steps cancel, all weights are rounding: a thousandth of a step is the floor.
            assert_equal((weights[..., m], bias[..., m]), expected, tolerance, floor=rate / 1000)


@st.composite
def cases(draw, decays):
    """Draw a case; `decays` are the values of learning_rate * alpha = 1 - rho to draw from."""
    n, d, n_classes = draw(st.integers(1, 40)), draw(st.integers(1, 6)), draw(st.integers(2, 5))
    n_models, epochs = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    batch_size = draw(st.integers(1, 50))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    X, dtype = rng.normal(size=(n, d)), draw(st.sampled_from(["uint8", "float32", "float64"]))
    X = rng.integers(0, 4, (n, d)).astype(dtype) if dtype == "uint8" else X.astype(dtype)
    curvature = 1 + (X.astype(float) ** 2).sum(axis=1).max()
    rates = 2.0 ** -np.ceil(np.log2(curvature / rng.uniform(0.05, 1, n_models)))
    products = np.array(draw(st.lists(decays, min_size=n_models, max_size=n_models)))
    growth = np.log(np.maximum(1, np.abs(1 - products))).max()
    batch_size = max(batch_size, int(np.ceil(n * epochs * growth / 12)))  # weights below e^12
    sizes = {"batch_size": batch_size, "slab": draw(st.integers(1, 60)), "epochs": epochs}
    labels = rng.integers(0, n_classes, n)
    return Case(X, labels, n_classes, rates, products / rates, sizes)


USUAL = st.sampled_from([0.0, 1e-12, 1e-6, 1e-3, 0.03, 0.5, 0.9])
ODD = st.sampled_from([0.0, 0.1, 1.0, 1 - 2.0**-50, 1 + 2.0**-50, 1.5, 2.0, 2.25])


@given(cases(USUAL))
@settings(max_examples=100, deadline=None)
def test_fused_equals_one_model_loop(case):
    """Any shape, batch size, slab and number of models, decay in (0, 1]: to 1e-9 in float64."""
    case.check(np.float64, 1e-9)


@given(cases(ODD))
@settings(max_examples=100, deadline=None)
def test_fused_equals_one_model_loop_where_decay_leaves_the_usual_range(case):
    """rho = 0 exactly, nearly 0, negative, -1 and below, side by side with harmless models."""
    case.check(np.float64, 1e-9)


@given(cases(USUAL | ODD))
@settings(max_examples=40, deadline=None)
def test_fused_equals_one_model_loop_in_float32(case):
    case.check(np.float32, 1e-4)


def problem(n=60, d=5, n_classes=4, seed=0, scale=1.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * scale
    return X, (X @ rng.normal(size=(d, n_classes))).argmax(axis=1), n_classes


@pytest.mark.parametrize("shape", [(1, 1, 2), (1, 6, 2), (40, 1, 2), (40, 1, 5), (1, 1, 5)])
@pytest.mark.parametrize("batch_size", [1, 7, 64])
def test_smallest_shapes(shape, batch_size):
    """One sample, one feature, two classes."""
    data = problem(*shape)
    weights, bias, _ = fused(*data, [0.1], [0.3], batch_size=batch_size, slab=200, epochs=3)
    expected = reference(*data, 0.1, 0.3, batch_size=batch_size, epochs=3)
    assert_equal((weights[..., 0], bias[..., 0]), expected, 1e-12)


@pytest.mark.parametrize("slab", [1, 3, 10, 64, 200, 1000])
@pytest.mark.parametrize("batch_size", [1, 3, 64, 100, 130])
def test_slab_does_not_matter(slab, batch_size):
    """Slabs of one mini-batch, of many, of more than there are; mini-batches of several chunks."""
    data, models = problem(n=150), ([0.1, 0.02, 0.1], [0.0, 0.5, 9.0])
    ours = fused(*data, *models, batch_size=batch_size, slab=slab, epochs=2)
    for m, (rate, alpha) in enumerate(zip(*models, strict=True)):
        expected = reference(*data, rate, alpha, batch_size=batch_size, epochs=2)
        assert_equal((ours[0][..., m], ours[1][..., m]), expected, 1e-10)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-9), (np.float32, 1e-4)])
@pytest.mark.parametrize("decay", [0.5, 0.05, 1e-5, 1.5, 1.95])
def test_long_runs_fold_the_scale_many_times(monkeypatch, dtype, tolerance, decay):
    """|rho|^t leaves the range of the dtype hundreds of times in 6,000 steps."""
    folds = []
    monkeypatch.setattr(Decay, "fold", _counting(Decay.fold, folds))
    data = problem(n=600)
    sizes = {"batch_size": 1, "epochs": 10}
    weights, bias, _ = fused(*data, [0.01], [decay / 0.01], slab=16, **sizes, dtype=dtype)
    assert len(folds) >= 10
    expected = reference(*data, 0.01, decay / 0.01, **sizes)
    assert_equal((weights[..., 0], bias[..., 0]), expected, tolerance)


def _counting(method, calls):
    def counted(self, *args):
        calls.append(self.steps)
        return method(self, *args)

    return counted


@pytest.mark.parametrize("decay", [1e-8, 1e-7])
def test_bias_has_no_decay_in_float32(decay):
    """1 / rho rounded to float32 and multiplied up for 6,000 steps was a decay of the bias."""
    X, labels, n_classes = problem(n=3000, n_classes=3)
    labels = np.where(np.arange(3000) % 4, 0, labels)  # a bias far from zero
    sizes = {"batch_size": 1, "slab": 16, "epochs": 2}
    models = [1e-3], [decay / 1e-3]
    single = fused(X, labels, n_classes, *models, **sizes, dtype=np.float32)
    double = fused(X, labels, n_classes, *models, **sizes)
    assert np.abs(single[1] - double[1]).max() <= 1e-5 * np.abs(double[1]).max()


@pytest.mark.parametrize("rho", [1e-30, -1e-30, 1e-200, 0.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tiny_rho_forgets_like_zero(rho, dtype):
    """With rho^1 near the end of the range: the weights are the last step alone."""
    X, labels, n_classes = problem()
    weights, bias = np.zeros((5, 3, 2), dtype), np.zeros((3, 2), dtype)
    rates = np.array([0.25, 0.25])
    decay = Decay(np.array([rho, 1.0]), 3, np.dtype(dtype))
    sweep = Pass(weights.shape, weights.dtype, 8, 32)
    sweep.run(X, labels, order(60, 0), weights, bias, rates, decay)
    for m, alpha in enumerate([4.0, 0.0]):
        expected = reference(X, labels, n_classes, 0.25, alpha, batch_size=8, epochs=1)
        got = (weights[..., m], bias[..., m])
        tolerance = 1e-12 if dtype == np.float64 else 1e-5
        assert_equal(got, [part[..., :3] for part in expected], tolerance)


@pytest.mark.parametrize("batch_size", [1, 5, 90])
def test_large_logits_take_the_shifted_path_and_stay_exact(monkeypatch, batch_size):
    """Logits of hundreds: exp overflows float32 and float64 alike without the shift."""
    from hpsoft_sgd import residual

    shifts = []
    original = residual._shifted
    monkeypatch.setattr(residual, "_shifted", lambda *views: shifts.append(1) or original(*views))
    X, labels, n_classes = problem(n=90, d=8, scale=40.0)
    rates, alphas = [0.5, 1e-4], [0.0, 0.1]
    sizes = {"batch_size": batch_size, "epochs": 1}
    weights, bias, diverged = fused(X, labels, n_classes, rates, alphas, slab=10, **sizes)
    assert shifts or batch_size == 90  # one step from zero weights has logits of zero
    assert not diverged.any()
    assert np.abs(X @ weights[..., 0]).max() > 750  # exp(750) is infinite
    for m in range(2):
        expected = reference(X, labels, n_classes, rates[m], alphas[m], **sizes)
        assert_equal((weights[..., m], bias[..., m]), expected, 1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("batch_size", "slab"), [(1, 16), (4, 4), (4, 64), (100, 100)])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_overflow_of_one_model_leaves_its_neighbours_alone(dtype, batch_size, slab, position):
    """The lost model is reported; the others are as if it had never been there."""
    data = problem(n=200)
    sizes = {"batch_size": batch_size, "slab": slab, "epochs": 4, "dtype": dtype}
    rates, alphas = [0.1, 0.05], [0.1, 0.0]
    alone = fused(*data, rates, alphas, **sizes)
    rates.insert(position, 1e30 if dtype == np.float32 else 1e200)
    alphas.insert(position, 1e10 if dtype == np.float32 else 1e105)
    weights, bias, diverged = fused(*data, rates, alphas, **sizes)
    assert diverged.tolist() == [m == position for m in range(3)]
    others = [m for m in range(3) if m != position]
    tolerance = 1e-12 if dtype == np.float64 else 1e-5
    assert_equal((weights[..., others], bias[..., others]), alone[:2], tolerance)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_order_and_cutting_of_columns_do_not_matter(dtype):
    """A model's numbers are the same in any company: reversed, alone, or in halves."""
    data = problem(n=100)
    rates, alphas = np.array([0.1, 0.02, 0.3, 0.05, 0.1]), np.array([0, 1.0, 0.1, 12, 1e-6])
    sizes = {"batch_size": 6, "slab": 48, "epochs": 3, "dtype": dtype}
    together = fused(*data, rates, alphas, **sizes)
    tolerance = 1e-12 if dtype == np.float64 else 1e-5
    for part in ([4, 3, 2, 1, 0], [0], [3], [0, 1], [2, 3, 4]):
        apart = fused(*data, rates[part], alphas[part], **sizes)
        for ours, theirs in zip(apart[:2], together[:2], strict=True):
            assert np.abs(ours - theirs[..., part]).max() <= tolerance * np.abs(theirs).max()


@pytest.mark.parametrize("kind", ["uint8", "float32", "float64"])
def test_dtype_of_the_data_does_not_matter(kind):
    """Whole numbers 0..255 are the same samples in any dtype; X itself is not written to."""
    X, labels, n_classes = problem()
    X = np.clip(X * 50 + 100, 0, 255).astype(np.uint8)
    stored = X.astype(kind)
    stored.setflags(write=False)
    sizes = {"batch_size": 7, "epochs": 2}
    weights, bias, _ = fused(stored, labels, n_classes, [1e-5], [0.1], slab=28, **sizes)
    expected = reference(X, labels, n_classes, 1e-5, 0.1, **sizes)
    assert_equal((weights[..., 0], bias[..., 0]), expected, 1e-10)


@pytest.mark.parametrize("alpha", [0.0, 0.1, 30.0])
@pytest.mark.parametrize("batch_size", [1, 7, 8])
def test_a_pass_goes_on_like_a_new_one(batch_size, alpha):
    """Its buffers and tables of scales serve many passes, with other models in between too."""
    X, labels, n_classes = problem()
    rates, others = np.array([0.01, 0.2, 1e30]), np.array([0.3, 0.1, 0.2])
    kept = Pass((X.shape[1], n_classes - 1, 3), np.dtype(float), batch_size, 8)
    decays = {id(r): Decay(1 - r * alpha, n_classes - 1, np.dtype(float)) for r in (rates, others)}
    states = [(np.zeros((X.shape[1], n_classes - 1, 3)), np.zeros((n_classes - 1, 3)))] * 2
    states = [tuple(np.copy(part) for part in state) for state in states]
    for epoch, rate in enumerate([rates, rates, others, rates]):
        lost = kept.run(X, labels, order(60, epoch), *states[0], rate, decays[id(rate)])
        new = Pass((X.shape[1], n_classes - 1, 3), np.dtype(float), batch_size, 8)
        decay = Decay(1 - rate * alpha, n_classes - 1, np.dtype(float))
        assert (new.run(X, labels, order(60, epoch), *states[1], rate, decay) == lost).all()
        for kept_part, new_part in zip(*states, strict=True):
            np.testing.assert_array_equal(kept_part, new_part)


def test_weights_need_not_be_one_block_of_memory():
    """They are trained in the pass's own buffer and written back, strided or not."""
    X, labels, _ = problem()
    strided, plain = np.zeros((3, 2, 5)).transpose(2, 0, 1), np.zeros((5, 3, 2))
    for weights in (strided, plain):
        decay = Decay(np.ones(2), 3, np.dtype(float))
        Pass(weights.shape, weights.dtype, 8, 8).run(
            X, labels, order(len(labels), 0), weights, np.zeros((3, 2)), np.full(2, 0.1), decay
        )
    assert np.abs(plain).max() > 0
    np.testing.assert_array_equal(strided, plain)
