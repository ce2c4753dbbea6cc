"""A trained model on its own: weights, bias and the scaling it was trained with, to file and back.

Files are .safetensors or .npz (no pickle in either); the metadata is JSON in both.
"""

import io
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.errors import HpsoftError
from hpsoft.optimizers.implied import all_classes
from hpsoft.optimizers.protocol import State
from hpsoft.softmax.probabilities import Array
from hpsoft.system.files import write_whole

SUFFIXES = (".safetensors", ".npz")


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """Softmax regression: logits = ((X - shift) / divisor) @ weights + bias."""

    weights: Array  # (n_features, n_classes)
    bias: Array  # (n_classes,)
    shift: Array  # () or (n_features,)
    divisor: Array  # () or (n_features,)
    metadata: Mapping[str, Any]  # JSON: classes, hyperparameters, where it came from

    def logits(self, X: Array) -> Array:
        """Return (n_samples, n_classes) in float64 for X (n_samples, n_features) as stored."""
        scaled = (X.astype(np.float64) - self.shift) / self.divisor
        return scaled @ self.weights.astype(np.float64) + self.bias


def full_weights(state: State, n_classes: int) -> tuple[Array, Array]:
    """Return weights (n_features, n_classes) and bias (n_classes,) of a state with one model."""
    weights, bias = all_classes(state, n_classes)
    return weights[..., 0], bias[..., 0]


def check_path(path: Path) -> None:
    """Check that a model can be saved there.

    Raises:
        HpsoftError: another suffix, a folder of that name, no folder for it, or no right to write.
    """
    _check_suffix(path)
    folder = path.absolute().parent
    if not folder.is_dir():
        raise HpsoftError(f"Cannot save the model: there is no folder {folder}.")
    if path.is_dir():
        raise HpsoftError(f"Cannot save the model: {path} is a folder. Name a file in it.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise HpsoftError(
            f"Cannot save the model in {folder}: {error.strerror}. Choose another --model-out."
        ) from error


def _check_suffix(path: Path) -> None:
    if path.suffix not in SUFFIXES:
        raise HpsoftError(f"{path} does not end in {' or '.join(SUFFIXES)}: name the format so.")


def save(model: TrainedModel, path: Path) -> None:
    """Write the model; a file of that name is replaced at once, never half.

    Raises:
        HpsoftError: the file cannot be written.
    """
    check_path(path)
    arrays: dict[str, Any] = {name: np.ascontiguousarray(getattr(model, name)) for name in _ARRAYS}
    metadata = json.dumps(dict(model.metadata), allow_nan=False)
    if path.suffix == ".npz":
        memory = io.BytesIO()
        np.savez(memory, metadata=np.array(metadata), **arrays)
        content = memory.getvalue()
    else:
        from safetensors.numpy import save as to_bytes

        content = to_bytes(arrays, {"hpsoft": metadata})
    try:
        write_whole(path, content)
    except OSError as error:
        raise HpsoftError(f"Cannot save the model to {path}: {error.strerror}.") from error


def load(path: Path) -> TrainedModel:
    """Read a model that `save` wrote.

    Raises:
        HpsoftError: the file is missing, or is no model of hpsoft.
    """
    _check_suffix(path)
    if not path.is_file():
        raise HpsoftError(f"There is no file {path}.")
    try:
        return _read_npz(path) if path.suffix == ".npz" else _read_safetensors(path)
    except Exception as error:
        raise HpsoftError(f"{path} is no model that hpsoft can read: {error}.") from error


_ARRAYS = ("weights", "bias", "shift", "divisor")


def _read_npz(path: Path) -> TrainedModel:
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        arrays = {name: file[name] for name in _ARRAYS}
        return TrainedModel(**arrays, metadata=json.loads(str(file["metadata"])))


def _read_safetensors(path: Path) -> TrainedModel:
    from safetensors import safe_open

    with safe_open(str(path), framework="np") as file:
        arrays = {name: file.get_tensor(name) for name in _ARRAYS}
        return TrainedModel(**arrays, metadata=json.loads(file.metadata()["hpsoft"]))
