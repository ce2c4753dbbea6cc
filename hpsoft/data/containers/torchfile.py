"""Reading .pt and .pth: tensors in dictionaries, lists and tuples, by torch.load, weights only.

Nothing in such a file is run: what is no tensor, array, number or text is refused by torch.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from hpsoft.data.containers.container import Container, Stored, in_memory
from hpsoft.data.containers.extras import library
from hpsoft.data.errors import check_stand_in, corrupt, reading
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

OLDEST = (2, 6)  # before, weights_only could be made to run code
DEEPEST = 8
ZIP = b"PK\x03\x04"  # how the files of torch 1.6 and later begin


def open_torch(path: Path) -> Container:
    """Return the tensors of a .pt file, called by their keys and places: `train/X`, `0`, `1`.

    Raises:
        DataError: torch is not installed or too old; the file is missing, damaged, or holds
            objects that are more than data.
    """
    with reading(path), path.open("rb"):
        check_stand_in(path)
    torch = library("torch", "torch", path)
    if tuple(int(part) for part in torch.__version__.split(".")[:2]) < OLDEST:
        raise DataError(
            f"torch {torch.__version__} cannot read {path} safely: before 2.6 a file could run "
            "code even so. Run pip install 'hpsoft[torch]'."
        )
    content = _load(torch, path)
    arrays = dict(_arrays(torch, "", content, 0))
    return Container(path.stem, str(path), arrays)


def _load(torch: ModuleType, path: Path) -> Any:
    import pickle

    with reading(path):
        is_zip = zipfile.is_zipfile(path)
        try:
            with torch.serialization.safe_globals(_numpy_globals()):
                return torch.load(path, map_location="cpu", weights_only=True, mmap=is_zip)
        except pickle.UnpicklingError as error:
            raise _objects(path, str(error)) from None
        except (RuntimeError, ValueError, KeyError, EOFError, TypeError, IndexError) as error:
            if "TorchScript" in str(error):
                raise _objects(path, "TorchScript") from None
            if _is_cut_off(path, error, is_zip=is_zip):
                raise EOFError from None
            raise corrupt(path, "it is no file of torch.save's, or was changed since") from None


def _is_cut_off(path: Path, error: Exception, *, is_zip: bool) -> bool:
    """Tell whether a file ends too early: as torch says, or as a ZIP file without an end."""
    with path.open("rb") as file:
        begins_so = file.read(4) == ZIP
    return isinstance(error, EOFError) or "EOF" in str(error) or (begins_so and not is_zip)


def _numpy_globals() -> list[Any]:
    """Return what arrays of NumPy are made by; none of it runs code of the file's."""
    from numpy._core import multiarray

    names = ("float16", "float32", "float64", "bool", "str", *_whole_numbers())
    made = {type(np.dtype(name)) for name in names}
    return [multiarray._reconstruct, np.ndarray, np.dtype, *made]  # noqa: SLF001 - by that name


def _whole_numbers() -> list[str]:
    return [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]


def _objects(path: Path, why: str) -> DataError:
    name = why.partition("GLOBAL ")[2].split()[:1]
    what = f"objects of the class {name[0]}" if name else "more than tensors"
    return DataError(
        f"{path} holds {what}, and loading these may run any code, so hpsoft never does. Save the "
        'tensors alone: torch.save({"X": X, "y": y}, "data.pt").'
    )


def _arrays(torch: ModuleType, name: str, value: Any, depth: int) -> Iterator[tuple[str, Stored]]:
    if isinstance(value, torch.Tensor):
        yield name or "tensor", _stored(torch, value)
    elif isinstance(value, np.ndarray):
        yield name or "array", in_memory(value)
    elif isinstance(value, list) and (array := _list(value)) is not None:
        yield name or "list", in_memory(array)
    elif isinstance(value, dict | list | tuple) and depth < DEEPEST:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from _arrays(torch, f"{name}/{key}" if name else str(key), item, depth + 1)


def _list(values: list[Any]) -> Array | None:
    """Return a list of texts or of numbers as an array; None: another list."""
    for kind in (str, bool, int, float):
        if len(values) > 1 and all(type(value) is kind for value in values):
            return np.array(values)
    return None


def _stored(torch: ModuleType, tensor: Any) -> Stored:
    def read() -> Array:
        plain = tensor.detach()
        if plain.layout != torch.strided:
            plain = plain.to_dense()
        if plain.dtype == torch.bfloat16:
            plain = plain.float()  # exact
        return np.asarray(plain.resolve_conj().resolve_neg().numpy())

    kinds = {torch.bfloat16: "float32", torch.bool: "bool"}
    name = kinds.get(tensor.dtype, str(tensor.dtype).removeprefix("torch."))
    try:
        dtype = np.dtype(name)
    except TypeError:  # quantised, or float8
        dtype = np.dtype("V")
    return Stored(tuple(tensor.shape), dtype, read)
