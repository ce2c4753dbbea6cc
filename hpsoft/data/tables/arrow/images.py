"""Columns of images as the Hugging Face hub stores them: PNG or JPEG, and a path."""

import io
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.containers.extras import library
from hpsoft.data.errors import nth
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array


def is_image(of: Any) -> bool:
    """Tell whether a type is struct<bytes: binary, path: string>."""
    from pyarrow import types

    names = {of.field(i).name for i in range(of.num_fields)} if types.is_struct(of) else set()
    return names == {"bytes", "path"} and types.is_binary(of.field("bytes").type)


def images_of(column: Any, name: str, path: Path) -> Array:
    """Return the images, (n, height, width) or (n, height, width, n_channels), in bytes.

    Raises:
        DataError: Pillow is not installed; one is missing, damaged, or of another size.
    """
    pillow = library("PIL.Image", "images", path)
    X: Array | None = None
    for i, row in enumerate(column):
        image = _image(pillow, row.as_py(), i, name, path)
        if X is None:
            X = np.empty((len(column), *image.shape), np.uint8)
        elif image.shape != X.shape[1:]:
            raise DataError(
                f"Column {name!r} of {path} holds images of several sizes: row 1 (from 1) has "
                f"{X.shape[1:]}, row {i + 1:,} {image.shape}. Resize them to one size first."
            )
        X[i] = image
    return np.empty((0, 0, 0), np.uint8) if X is None else X


def _image(pillow: Any, cell: Any, row: int, name: str, path: Path) -> Array:
    content = None if cell is None else cell["bytes"]
    if content is None:
        raise DataError(
            f"Column {name!r} of {path} has no image in row {nth(row)}. Every sample needs one: "
            "store the bytes of the images in the table, or take such rows out."
        )
    try:
        with pillow.open(io.BytesIO(content)) as image:
            plain = image if image.mode in {"L", "RGB"} else image.convert(_mode(image))
            return np.asarray(plain, np.uint8)
    except (OSError, ValueError, SyntaxError, pillow.DecompressionBombError) as error:
        why = "" if isinstance(error, pillow.UnidentifiedImageError) else f": {error}"
        raise DataError(
            f"Column {name!r} of {path}: the image in row {nth(row)} cannot be read{why}. "
            "It is damaged, or of a format that Pillow has not: take the row out."
        ) from None


def _mode(image: Any) -> str:
    """Return grey or colour, whichever the image is."""
    return "L" if image.mode in {"1", "LA", "I", "I;16", "F"} else "RGB"
