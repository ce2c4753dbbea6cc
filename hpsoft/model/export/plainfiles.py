"""safetensors for torch, and the same head as a file of hpsoft's own."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.model.export.compare import check_agreement, random_rows
from hpsoft.model.export.head import Head, as_texts, fold
from hpsoft.model.files import TrainedModel, load, to_bytes

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)


def torch_state(model: TrainedModel, dtype: "np.dtype[Any]") -> bytes:
    """Return the state of `nn.Linear(n_features, n_classes)`: weight (K, d) and bias (K,).

    Raises:
        HpsoftError: it does not agree with the model.
    """
    from safetensors.numpy import load as read
    from safetensors.numpy import save

    head = fold(model)
    arrays = {"weight": head.weights.T, "bias": head.bias}
    arrays = {name: np.ascontiguousarray(array, dtype) for name, array in arrays.items()}
    content = save(arrays, as_texts(head.about()))
    state = read(content)
    X = random_rows(model)
    again = replace(head, weights=state["weight"].T, bias=state["bias"])
    ours = model.logits(X) / model.temperature
    check_agreement(again.logits(X, dtype), ours, f"{dtype} state for torch")
    return bytes(content)


def folded_model(model: TrainedModel, suffix: str, dtype: "np.dtype[Any]") -> bytes:
    """Return a file of hpsoft's own, of raw features: shift 0, divisor 1, temperature 1.

    Raises:
        HpsoftError: it does not agree with the model.
    """
    head = fold(model)
    rows = slice(None) if head.columns is None else head.columns
    metadata = {**model.metadata, "temperature": 1.0, "folded": _folded(head, model)}
    if not head.unit_rows:
        metadata["scale"] = "raw"
    plain = TrainedModel(
        np.ascontiguousarray(head.weights[rows], dtype),
        head.bias.astype(dtype),
        np.zeros(()),
        np.ones(()),
        metadata,
    )
    content = to_bytes(plain, suffix, _beside(head) if suffix == ".npz" else {})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"model{suffix}"
        path.write_bytes(content)
        again = load(path)
    X = random_rows(model)
    ours = model.logits(X) / model.temperature
    check_agreement(fold(again).logits(X, dtype), ours, f"{dtype} file {suffix}")
    return content


def _folded(head: Head, model: TrainedModel) -> dict[str, Any]:
    """Return what is in the weights now."""
    return {"scale": model.scale, "temperature": head.temperature}


def _beside(head: Head) -> dict[str, Any]:
    """Return arrays for those who read no JSON."""
    names = {"classes": np.array(head.classes)}
    return names if head.features is None else {**names, "features": np.array(head.features)}
