"""Anything that holds numbers or labels -> an array, not copied.

NumPy's arrays, tensors of PyTorch on the CPU, lists, series, and whatever has `__array__` or
speaks DLPack.
"""

from typing import Any

import numpy as np

from hpsoft.errors import DataTypeError, DataValueError
from hpsoft.softmax.probabilities import Array


def as_array(values: Any, what: str) -> Array:
    """Return values as an array that shares their memory where they have any.

    Raises:
        DataTypeError: they are no array, as sparse matrices and single numbers are none.
        DataValueError: they lie on another device, or have no regular shape.
    """
    if isinstance(values, np.ma.MaskedArray):
        return _unmasked(values, what)
    if hasattr(values, "toarray"):
        raise DataTypeError(
            f"{what} is sparse ({type(values).__name__}, {values.shape}); hpsoft trains on dense "
            f"arrays. Give {what}.toarray(), if there is memory for it."
        )
    if type(values).__module__.partition(".")[0] == "torch":
        return _tensor(values, what)
    if isinstance(values, str | bytes | dict | set) or values is None:
        raise _no_array(values, what)
    try:
        found = _converted(values)
    except (ValueError, TypeError, BufferError, RuntimeError) as error:
        raise DataValueError(
            f"{what} ({type(values).__name__}) cannot be used as an array: {error}. Give an array "
            "of NumPy's, with a row per sample."
        ) from error
    if found.ndim == 0:
        raise _no_array(values, what)
    return found


def _converted(values: Any) -> Array:
    if not hasattr(values, "__array__") and hasattr(values, "__dlpack__"):
        return np.from_dlpack(values)
    return np.asarray(values)


def _no_array(values: Any, what: str) -> DataTypeError:
    return DataTypeError(
        f"{what} is {type(values).__name__}, which is no array: give an array of NumPy's, a tensor, "
        "a list or a data frame with a row per sample."
    )


def _unmasked(values: Any, what: str) -> Array:
    """Return a masked array as a plain one: masked numbers are missing ones."""
    if not np.ma.is_masked(values):
        return np.asarray(values.data)
    if values.dtype.kind not in "biuf":
        raise DataValueError(
            f"{what} has {int(values.mask.sum()):,} masked values of type {values.dtype}: leave "
            "those samples out."
        )
    wide = values.astype(np.result_type(values.dtype, np.float32))
    return np.asarray(wide.filled(np.nan))


def _tensor(tensor: Any, what: str) -> Array:
    """Return a tensor of PyTorch, of which nothing has to be imported for it."""
    if not hasattr(tensor, "detach"):
        raise _no_array(tensor, what)
    if tensor.device.type != "cpu":
        raise DataValueError(
            f"{what} lies on the device {tensor.device}; hpsoft trains on the CPU. Give "
            f"{what}.cpu()."
        )
    plain = tensor.detach()
    if str(plain.layout) != "torch.strided":
        plain = plain.to_dense()
    if str(plain.dtype) == "torch.bfloat16":
        plain = plain.float()  # exact
    return np.asarray(plain.resolve_conj().resolve_neg().numpy())
