"""A trained model on its own: weights, bias, scaling and encoding of columns, to file and back.

Files are .safetensors or .npz (no pickle in either); the metadata is JSON in both.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.policy import Policy
from hpsoft.data.errors import check_stand_in
from hpsoft.data.featuresets.columnset import ColumnSet
from hpsoft.data.scale import scaled_rows
from hpsoft.data.side.roles import SPLIT
from hpsoft.data.types import Dataset
from hpsoft.errors import HpsoftError
from hpsoft.model.intact import (
    ARRAYS,
    are_other_arrays,
    check_content,
    check_digest,
    check_names,
    digest,
)
from hpsoft.optimizers.implied import all_classes
from hpsoft.optimizers.protocol import State
from hpsoft.softmax.probabilities import Array
from hpsoft.system.files import write_whole
from hpsoft.system.outputs import check_output

SUFFIXES = (".safetensors", ".npz")
NO_METADATA = "it has no metadata of hpsoft, so its classes and its scaling are not known"


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """Softmax regression: logits = ((X - shift) / divisor) @ weights + bias.

    X are the columns that it was trained on; of scale l2-rows, X / its rows' Euclidean norms.
    """

    weights: Array  # (n_features, n_classes); of a feature set, its features
    bias: Array  # (n_classes,)
    shift: Array  # () or (n_features,)
    divisor: Array  # () or (n_features,)
    metadata: Mapping[str, Any]  # JSON: classes, hyperparameters, where it came from

    @property
    def features(self) -> tuple[str, ...] | None:
        """Names of the features; None: they have none, or an older release wrote the model."""
        names = self.metadata.get("features")
        return None if names is None else tuple(names)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of the logits."""
        return tuple(self.metadata["classes"])

    @property
    def scale(self) -> str:
        """How the features are scaled: one of hpsoft.data.scale.SCALES."""
        return str(self.metadata.get("scale", "raw"))

    @property
    def temperature(self) -> float:
        """What logits are divided by before they become probabilities; 1: not calibrated."""
        return float(self.metadata.get("temperature", 1.0))

    @property
    def n_features(self) -> int:
        """Number of columns of the X that `logits` takes."""
        return _width(self)

    @property
    def encoding(self) -> Encoding | None:
        """How the columns of a table become the features; None: X is what is taken."""
        kept = self.metadata.get("encoding")
        return None if kept is None else Encoding.from_json(kept)

    @property
    def columns(self) -> ColumnSet | None:
        """The columns of X that it was trained on; None: all."""
        spans = self.metadata.get("columns")
        return None if spans is None else ColumnSet.of((int(a), int(b)) for a, b in spans)

    def logits(self, X: Array) -> Array:
        """Return (n_samples, n_classes) in float64 for X (n_samples, n_features) as stored.

        Raises:
            HpsoftError: a model of some columns, and X with more or fewer than it knows.
        """
        if (columns := self.columns) is not None:
            n_features = self.metadata["n_features"]
            if X.shape[1] != n_features:
                raise HpsoftError(
                    f"The model takes columns {columns.text} of {n_features:,} features, and X has "
                    f"{X.shape[1]:,}. Give it all the features of the data that it was trained on."
                )
            X = np.asarray(columns.cut(X))
        scaled = scaled_rows(X.astype(np.float64), self.scale, self.shift, self.divisor)
        return scaled @ self.weights.astype(np.float64) + self.bias


def about_data(dataset: Dataset) -> dict[str, Any]:
    """Return what the metadata of a model say of the data beside features, in JSON's types.

    `label` names the column of the labels, `label_kind` says of which kind they were in memory,
    `beside` those that were no features, `split` the one of these that says of which part each
    row is, `blocks` arrays or columns of lists with how many features each is.
    """
    columns = dataset.columns
    left = [] if columns is None else [columns.names[i] for i in columns.left_out]
    return {
        "label": None if columns is None else columns.label_name,
        "label_kind": dataset.label_kind,
        "beside": sorted({*left, *dataset.side.values()}),
        "split": dataset.side.get(SPLIT),
        "blocks": [list(block) for block in dataset.blocks],
    }


def about_policy(policy: Policy) -> dict[str, Any]:
    """Return what the metadata of a model say of words for `missing` and of numbers as names."""
    return {
        "missing_values": list(policy.missing_values),
        "categorical": list(policy.categorical),
    }


def about_features(encoding: Encoding | None) -> dict[str, Any]:
    """Return what the metadata of a model say of its features, in JSON's types."""
    if encoding is None:
        return {"features": None, "encoding": None}
    return {"features": list(encoding.features), "encoding": encoding.to_json()}


def about_columns(columns: ColumnSet | None, n_features: int) -> dict[str, Any]:
    """Return what the metadata of a model of some columns say of these, in JSON's types."""
    if columns is None:
        return {}
    return {"columns": [list(span) for span in columns.spans], "n_features": n_features}


def full_weights(state: State, n_classes: int) -> tuple[Array, Array]:
    """Return weights (n_features, n_classes) and bias (n_classes,) of a state with one model."""
    weights, bias = all_classes(state, n_classes)
    return weights[..., 0], bias[..., 0]


def check_path(path: Path, inputs: Mapping[Path, str] | None = None) -> None:
    """Check that a model can be saved there, and that it is none of `inputs` (what each is).

    Raises:
        HpsoftError: another suffix, a folder of that name, no folder for it, no right to write, or
            arrays that are no model.
    """
    _check_suffix(path)
    check_output(path, "--model-out", SUFFIXES, inputs or {}, are_other_arrays)
    folder = path.absolute().parent
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
    try:
        write_whole(path, to_bytes(model, path.suffix))
    except OSError as error:
        raise HpsoftError(f"Cannot save the model to {path}: {error.strerror}.") from error


def to_bytes(model: TrainedModel, suffix: str, beside: Mapping[str, Array] | None = None) -> bytes:
    """Return the content of a file with one of SUFFIXES; an .npz has the arrays `beside` too."""
    arrays: dict[str, Any] = {name: np.ascontiguousarray(getattr(model, name)) for name in ARRAYS}
    metadata = json.dumps(dict(model.metadata), allow_nan=False)
    if suffix == ".npz":  # which has checksums itself
        memory = io.BytesIO()
        np.savez(memory, metadata=np.array(metadata), **arrays, **dict[str, Any](beside or {}))
        return memory.getvalue()
    from safetensors.numpy import save as content_of

    return bytes(content_of(arrays, {"hpsoft": metadata, "sha256": digest(arrays, metadata)}))


def load(path: Path) -> TrainedModel:
    """Read a model that `save` wrote.

    Raises:
        HpsoftError: the file is missing, damaged, or no model of hpsoft.
    """
    _check_suffix(path)
    if not path.is_file():
        raise HpsoftError(f"There is no file {path}.")
    check_stand_in(path)
    try:
        arrays, text = _read_npz(path) if path.suffix == ".npz" else _read_safetensors(path)
        metadata = json.loads(text)
        check_content(arrays, metadata)
        model = TrainedModel(**arrays, metadata=metadata)
        _check_features(model)
    except Exception as error:
        raise HpsoftError(
            f"{path} is no model that hpsoft can read: {str(error).rstrip('.')}. Copy it again, or "
            "write it again with `hpsoft final --model-out`."
        ) from error
    return model


def _check_features(model: TrainedModel) -> None:
    """Raise a ValueError where the names of the features are not those of the weights."""
    names, encoding, n = model.features, model.encoding, _width(model)
    if names is not None and len(names) != n:
        raise ValueError(f"it names {len(names)} features and has weights of {n}")
    if encoding is not None and encoding.features != names:
        raise ValueError("its columns do not become the features that it names")


def _width(model: TrainedModel) -> int:
    """Return how many features X has; raise a ValueError where columns and weights differ."""
    columns, n = model.columns, len(model.weights)
    if columns is None:
        return n
    if len(columns) != n:
        raise ValueError(f"it names {len(columns)} columns and has weights of {n}")
    n_features = int(model.metadata["n_features"])
    if columns.spans[-1][1] > n_features:
        raise ValueError(f"it names columns {columns.text} of {n_features} features")
    return n_features


def _read_npz(path: Path) -> tuple[dict[str, Array], str]:
    if not zipfile.is_zipfile(path):
        raise ValueError("it is no whole .npz archive")
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        check_names(file.files)
        if "metadata" not in file.files:
            raise ValueError(NO_METADATA)
        return {name: file[name] for name in ARRAYS}, str(file["metadata"])


def _read_safetensors(path: Path) -> tuple[dict[str, Array], str]:
    from safetensors import safe_open

    with safe_open(str(path), framework="np") as file:
        check_names(file.keys())
        about = file.metadata() or {}
        if "hpsoft" not in about:
            raise ValueError(NO_METADATA)
        arrays, text = {name: file.get_tensor(name) for name in ARRAYS}, about["hpsoft"]
    check_digest(about.get("sha256"), arrays, text)
    return arrays, text
