"""Whether the file of a model is whole: what it lacks, what is no number, what was changed."""

import hashlib
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.scale import SCALES
from hpsoft.softmax.probabilities import Array
from hpsoft.system.files import UNREADABLE

ARRAYS = ("weights", "bias", "shift", "divisor")


def are_other_arrays(path: Path) -> bool:
    """Tell whether a file is whole and no model or head; damaged ones may be written again."""
    from safetensors import SafetensorError, safe_open

    try:
        if path.suffix.lower() == ".npz":
            with zipfile.ZipFile(path) as archive:
                return "metadata.npy" not in archive.namelist()
        with safe_open(str(path), framework="np") as file:
            return {"hpsoft", "classes"}.isdisjoint(file.metadata() or {})  # or a head for torch
    except (*UNREADABLE, OSError, SafetensorError, zipfile.BadZipFile):
        return False


def digest(arrays: Mapping[str, Array], metadata: str) -> str:
    """Return the SHA-256 of the arrays of a model, their dtypes and shapes, and its metadata."""
    found = hashlib.sha256(metadata.encode())
    for name in ARRAYS:
        array = np.ascontiguousarray(arrays[name])
        found.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        found.update(array.tobytes())
    return found.hexdigest()


def check_names(names: Collection[str]) -> None:
    """Check that a file has the arrays of a model.

    Raises:
        ValueError: it lacks one.
    """
    if lacking := [name for name in ARRAYS if name not in names]:
        raise ValueError(
            f"it has no array {' and no '.join(map(repr, lacking))}, so another program wrote it"
        )


def check_digest(kept: str | None, arrays: Mapping[str, Array], metadata: str) -> None:
    """Check that nothing was changed since the file was written; older releases kept no digest.

    Raises:
        ValueError: something was.
    """
    if kept is not None and kept != digest(arrays, metadata):
        raise ValueError(
            "its checksum is not that of its content, so it was damaged or changed since it was "
            "written"
        )


def check_content(arrays: Mapping[str, Array], metadata: Any) -> None:
    """Check that arrays and metadata can be those of one model.

    Raises:
        ValueError: metadata that say no classes or no temperature, shapes that do not belong
            together, or numbers that are missing or infinite.
    """
    if not isinstance(metadata, Mapping) or not isinstance(metadata.get("classes"), list):
        raise ValueError("its metadata name no classes")  # noqa: TRY004
    temperature, scale = metadata.get("temperature", 1.0), metadata.get("scale", "raw")
    if not isinstance(temperature, int | float) or not 0 < temperature < np.inf:
        raise ValueError(f"its temperature is {temperature!r}, which is no number above 0")
    if scale not in SCALES:
        raise ValueError(f"its scale is {scale!r}, which is none of {', '.join(SCALES)}")
    for name in ARRAYS:
        _check_numbers(name, arrays[name])
    _check_shapes(arrays, len(metadata["classes"]))
    if n_zeros := int(np.count_nonzero(arrays["divisor"] == 0)):
        raise ValueError(f"its divisor has {n_zeros:,} zeros, so it is damaged")


def _check_numbers(name: str, array: Array) -> None:
    if array.dtype.kind not in "fiu":
        raise ValueError(f"its {name} are of dtype {array.dtype}, which are no numbers")
    n_bad = int(np.count_nonzero(~np.isfinite(array)))
    if n_bad:
        raise ValueError(
            f"{n_bad:,} of the {array.size:,} numbers of its {name} are missing or infinite, so it "
            "is damaged"
        )


def _check_shapes(arrays: Mapping[str, Array], n_classes: int) -> None:
    shape = arrays["weights"].shape
    if len(shape) != 2 or shape[1] != n_classes or arrays["bias"].shape != (n_classes,):
        raise ValueError(
            f"it names {n_classes:,} classes, and has weights {shape} and bias "
            f"{arrays['bias'].shape}"
        )
    for name in ("shift", "divisor"):
        if arrays[name].shape not in ((), (1,), shape[:1]):
            raise ValueError(f"its {name} is {arrays[name].shape}, and its weights are {shape}")
