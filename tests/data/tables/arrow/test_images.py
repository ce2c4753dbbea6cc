"""Images in columns, as the hub has them."""

import io
import sys

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from hpsoft.data import load
from hpsoft.errors import DataError

RNG = np.random.default_rng(0)
IMAGES, Y = RNG.integers(0, 256, (20, 4, 3), np.uint8), np.arange(20) % 2


def png(array, kind="PNG"):
    """Return an image as a file of bytes."""
    file = io.BytesIO()
    Image.fromarray(array).save(file, kind)
    return file.getvalue()


def write(path, contents):
    cells = [{"bytes": content, "path": f"{i}.png"} for i, content in enumerate(contents)]
    kind = pa.struct({"bytes": pa.binary(), "path": pa.string()})
    parquet.write_table(pa.table({"image": pa.array(cells, kind), "label": Y[: len(cells)]}), path)
    return str(path)


@pytest.mark.parametrize("images", [IMAGES, np.stack([IMAGES] * 3, axis=-1)], ids=["grey", "RGB"])
def test_they_are_features(tmp_path, images):
    """The same as those in an array."""
    data = load(write(tmp_path / "a.parquet", map(png, images)))
    np.savez(tmp_path / "a.npz", X=images, y=Y)
    assert data.fingerprint == load(str(tmp_path / "a.npz")).fingerprint
    assert data.training.scale == "unit"


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        (png(IMAGES[0][:2]), r"several sizes: row 1 .from 1. has .4, 3., row 4 .2, 3."),
        (b"no image", r"the image in row 4 .from 1. cannot be read"),
        (png(IMAGES[0])[:40], r"the image in row 4 .from 1. cannot be read"),
        (None, r"no image in row 4"),
    ],
)
def test_what_is_wrong_has_its_row(tmp_path, odd, message):
    contents = [*map(png, IMAGES[:3]), odd, *map(png, IMAGES[4:])]
    with pytest.raises(DataError, match=message):
        load(write(tmp_path / "a.parquet", contents))


def test_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(DataError, match=r"pip install 'hpsoft\[images\]'"):
        load(write(tmp_path / "a.parquet", map(png, IMAGES)))
