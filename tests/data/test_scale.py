"""Scaling: against scikit-learn and by hand; safe with constants; restored from its numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hpsoft.data import SCALES, Scaler
from hpsoft.data.rows import Rows
from hpsoft.data.scale import (
    BY_COLUMN,
    READ_BYTES,
    SLAB_COLUMNS,
    SLAB_ROWS,
    like_pixels,
    usual_scale,
)
from hpsoft.data.tables.matrix import CHUNK_BYTES
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
BYTES = RNG.integers(0, 200, (30, 4), np.uint8)
FLOATS = RNG.normal(5, 3, (30, 4))


@pytest.mark.parametrize("X", [BYTES, FLOATS], ids=["bytes", "floats"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_standard_is_scikit_learns(X, dtype):
    """Mean 0 and deviation 1."""
    from sklearn.preprocessing import StandardScaler

    ours = Scaler.fit("standard", X).apply(X, dtype)
    theirs = StandardScaler().fit_transform(X.astype(np.float64))
    np.testing.assert_allclose(
        ours, theirs, rtol=1e-6 if dtype == np.float32 else 1e-12, atol=1e-7
    )
    assert ours.dtype == dtype


def test_chunk_by_chunk():
    tall = np.tile(FLOATS, (CHUNK_BYTES // FLOATS.nbytes + 1, 1))
    scaler = Scaler.fit("unit", tall)
    assert scaler.divisor == np.abs(FLOATS).max()
    out = scaler.apply(tall, np.float32).reshape(-1, *FLOATS.shape)
    assert np.array_equal(out, np.broadcast_to(scaler.apply(FLOATS, np.float32), out.shape))


@pytest.mark.parametrize("X", [BYTES, FLOATS, -FLOATS], ids=["bytes", "floats", "negative"])
def test_unit_divides_by_the_largest_magnitude(X):
    """One number for all features."""
    out = Scaler.fit("unit", X).apply(X, np.float64)
    np.testing.assert_allclose(out, X / np.abs(X.astype(float)).max())


def test_raw_returns_the_array_itself():
    """Bytes stay bytes."""
    assert Scaler.fit("raw", BYTES).apply(BYTES, np.float32) is BYTES


@pytest.mark.parametrize("value", [0.0, 0.1, 1e8 + 0.1, -7])
@pytest.mark.parametrize("kind", ["unit", "standard"])
def test_constant_features_are_safe(kind, value):
    """A constant feature is 0 when standardised (rounding must not blow it up), and finite."""
    X = np.column_stack([np.full(7, value), np.arange(7) * abs(value)])
    out = Scaler.fit(kind, X).apply(X, np.float64)
    assert np.isfinite(out).all()
    if kind == "standard":
        assert (out[:, 0] == 0).all()


@given(
    hnp.arrays(
        np.float64, hnp.array_shapes(min_dims=2, max_dims=2), elements=st.floats(-1e9, 1e9)
    ),
    st.sampled_from(("raw", "unit", "standard")),
)
def test_scaling_is_affine_and_finite(X, kind):
    """What was fitted undoes itself."""
    scaler = Scaler.fit(kind, X)
    out = scaler.apply(X, np.float64)
    assert np.isfinite(out).all()
    np.testing.assert_allclose(out * scaler.divisor + scaler.shift, X, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("kind", SCALES)
def test_scaler_is_restored_from_its_numbers(kind):
    """kind, shift and divisor are all there is, and other data is scaled by them alone."""
    scaler = Scaler.fit(kind, FLOATS)
    again = Scaler(kind, **scaler.arrays())
    np.testing.assert_array_equal(again.apply(FLOATS[:3], "f8"), scaler.apply(FLOATS, "f8")[:3])


MATRICES = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 30), st.integers(2, 6)),
    elements=st.floats(-1e6, 1e6, width=32),
)


@given(MATRICES, st.sampled_from(BY_COLUMN), st.data())
def test_some_columns_scaled_are_the_scaled_columns(X, kind, data):
    """Bit for bit, however many there are: a feature set is a slice of what is scaled anyway."""
    start = data.draw(st.integers(0, X.shape[1] - 1))
    part = slice(start, data.draw(st.integers(start + 1, X.shape[1])))
    whole, alone = (Scaler.fit(kind, part) for part in (X, X[:, part]))
    np.testing.assert_array_equal(
        whole.apply(X, np.float64)[:, part], alone.apply(X[:, part], np.float64)
    )
    rows = Rows(X, np.arange(len(X)))
    np.testing.assert_array_equal(Scaler.fit(kind, rows).shift, whole.shift)


@pytest.mark.parametrize(
    ("n_rows", "n_columns", "parts"),
    [
        (SLAB_ROWS + 50, SLAB_COLUMNS + 90, [(0, 1), (500, 520), (3, 602)]),
        (5, READ_BYTES // (SLAB_ROWS * 4) + 600, [(8191, 8193), (100, 101), (1, 8700)]),
    ],
)
def test_slabs_do_not_matter(n_rows, n_columns, parts):
    """More rows and columns than a slab has, and more columns than are read at a time."""
    X = np.random.default_rng(0).normal(size=(n_rows, n_columns)).astype(np.float32)
    whole = Scaler.fit("standard", X)
    for part in (slice(*part) for part in parts):
        alone = Scaler.fit("standard", Rows(X[:, part], np.arange(n_rows)))
        np.testing.assert_array_equal(alone.shift, whole.shift[part])
        np.testing.assert_array_equal(alone.divisor, whole.divisor[part])
    np.testing.assert_allclose(whole.shift, X.mean(axis=0, dtype=np.float64), atol=1e-12)


@given(MATRICES)
def test_l2_rows_are_scikit_learns_normalize(X):
    from sklearn.preprocessing import normalize

    X = np.round(X, 3)  # of tiny numbers its squares are 0
    out = Scaler.fit("l2-rows", X).apply(X, np.float64)
    np.testing.assert_allclose(out, normalize(X.astype(np.float64)), rtol=1e-12)


def test_l2_rows_of_huge_tiny_and_no_numbers():
    X = np.array([[3e200, 4e200], [3e-200, 4e-200], [0, 0]])
    out = Scaler.fit("l2-rows", X).apply(X, np.float64)
    np.testing.assert_allclose(out, [[0.6, 0.8], [0.6, 0.8], [0, 0]])


def test_unknown_scale():
    """The nearest is suggested."""
    with pytest.raises(DataError, match="Did you mean 'standard'"):
        Scaler.fit("standart", FLOATS)


PIXELS = RNG.integers(0, 256, (60, 16))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.float64])
def test_pixels_of_any_type(dtype):
    """The numbers count."""
    assert like_pixels(PIXELS.astype(dtype))
    assert usual_scale((60, 16), PIXELS.astype(dtype)) == "unit"


def test_pixels_chunk_by_chunk():
    """A number in the second chunk that no pixel has."""
    X = PIXELS.astype(np.float32)
    tall = np.tile(X, (CHUNK_BYTES // X.nbytes + 1, 1))
    assert like_pixels(tall)
    tall[-1, 3] = 256
    assert not like_pixels(tall)


def test_images_with_an_edge_that_is_dark():
    """Constant pixels say nothing, and a few that are nearly dark do not matter."""
    X = PIXELS.copy()
    X[:, :5] = 0
    X[:, 5:7] //= 16
    assert like_pixels(X)
    assert not like_pixels(X, fewest=17)


@pytest.mark.parametrize(
    "X",
    [
        PIXELS[:, :3],
        PIXELS / 2,
        PIXELS - 1,
        PIXELS + 1,
        PIXELS % 2,
        PIXELS % 6,
        PIXELS // 2 + 100,
        PIXELS // np.linspace(1, 60, 16).astype(int),
        np.zeros((5, 16)),
    ],
    ids=["few", "halves", "negative", "above", "flags", "ratings", "far from 0", "mixed", "zeros"],
)
def test_tables_are_no_pixels(X):
    """Too few, other numbers, few levels, no zeros, or columns of different ranges."""
    assert not like_pixels(X)
    assert usual_scale(X.shape, X) == "standard"


@pytest.mark.parametrize(
    ("shape", "scale"),
    [
        ((60, 16), "standard"),
        ((60, 1, 16), "standard"),
        ((60, 16, 1), "standard"),
        ((60, 1, 1, 16), "standard"),
        ((60, 4, 4), "unit"),
        ((60, 1, 4, 4), "unit"),
        ((60, 2, 8), "unit"),
    ],
)
def test_axes_of_length_one_make_no_image(shape, scale):
    """Embeddings are kept as (n, 1, d)."""
    assert usual_scale(shape, RNG.normal(size=(60, 16))) == scale


@pytest.mark.parametrize("kind", SCALES)
@pytest.mark.parametrize("X", [BYTES, FLOATS, Rows(FLOATS, np.arange(30)[::-1])])
def test_whole_weights_are_copies(X, kind):
    """A weight of 3 is as three such samples, of 0 as none; also where it alone has the peak."""
    weight = np.arange(30) % 4
    weighted = Scaler.fit(kind, X, weight.astype(float))
    copied = Scaler.fit(kind, np.asarray(X).repeat(weight, axis=0))
    for ours, theirs in zip(weighted.arrays().values(), copied.arrays().values(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
