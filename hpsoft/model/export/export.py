"""From a model to a file of a format, checked and written whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hpsoft.errors import HpsoftError, unknown
from hpsoft.model.export.compare import DisagreementError
from hpsoft.model.export.head import Head, fold
from hpsoft.model.export.onnxfile import onnx_model
from hpsoft.model.export.plainfiles import FLOAT32, FLOAT64, folded_model, torch_state
from hpsoft.model.export.sklearnfile import TRUSTED, sklearn_file, takes_columns
from hpsoft.model.files import SUFFIXES as MODEL_SUFFIXES
from hpsoft.model.files import TrainedModel, load
from hpsoft.model.intact import are_other_arrays
from hpsoft.system.outputs import check_output, write_output

SUFFIXES: Mapping[str, str] = {
    "torch": ".torch.safetensors",
    "onnx": ".onnx",
    "sklearn": ".skops",
    "npz": ".folded.npz",
    "safetensors": ".folded.safetensors",
}
Make = Callable[[TrainedModel, Any], bytes]
_IN_A_DTYPE: Mapping[str, Make] = {
    "torch": torch_state,
    "onnx": onnx_model,
    "npz": lambda model, dtype: folded_model(model, ".npz", dtype),
    "safetensors": lambda model, dtype: folded_model(model, ".safetensors", dtype),
}


@dataclass(frozen=True)
class Exported:
    """A file that was written."""

    model: str
    format: str
    path: Path
    n_bytes: int
    dtype: str  # of the weights
    n_features: int  # that a row has for it
    n_classes: int
    notes: tuple[str, ...]  # what whoever uses it must know


def export_model(path: Path, fmt: str, out: Path | None = None) -> Exported:
    """Write a model in a format: torch, onnx, sklearn, npz or safetensors.

    `out` is by default the name of the model with a suffix of the format.

    Raises:
        HpsoftError: no model, no such format, a library is not installed, the export does not
            agree with the model, or the file cannot be written.
    """
    if fmt not in SUFFIXES:
        raise HpsoftError(unknown("format", fmt, SUFFIXES))
    out = out or path.with_name(path.stem + SUFFIXES[fmt])
    _check_out(out, path, fmt)
    model = load(path)
    content, dtype = _content(model, fmt)
    write_output(out, content)
    columns = fmt == "sklearn" and takes_columns(model)
    notes = _notes(fold(model), fmt, dtype, columns=columns)
    encoding = model.encoding
    width = len(encoding.columns) if columns and encoding else model.n_features
    return Exported(str(path), fmt, out, len(content), dtype, width, len(model.classes), notes)


def _check_out(out: Path, model: Path, fmt: str) -> None:
    suffix = Path(f"model{SUFFIXES[fmt]}").suffix
    check_output(out, "--out", (suffix,), {model: "the model itself"}, _is_not_exported)


def _is_not_exported(path: Path) -> bool:
    """Tell whether it is a model that is not folded, or arrays that are none of hpsoft's."""
    if path.suffix.lower() not in MODEL_SUFFIXES:
        return False
    try:
        return "folded" not in load(path).metadata
    except HpsoftError:
        return are_other_arrays(path)


def _content(model: TrainedModel, fmt: str) -> tuple[bytes, str]:
    """Return a file, in float32 wherever that is exact enough, and the dtype of its weights."""
    if fmt == "sklearn":
        return sklearn_file(model), str(FLOAT64)
    make = _IN_A_DTYPE[fmt]
    try:
        return make(model, FLOAT32), str(FLOAT32)
    except DisagreementError:
        return make(model, FLOAT64), str(FLOAT64)


def _notes(head: Head, fmt: str, dtype: str, *, columns: bool) -> tuple[str, ...]:
    """Say what the head acts on, and what is in it."""
    notes = []
    if head.encoded and not columns:
        kept = fmt in {"npz", "safetensors"}
        how = (
            "the file keeps how, and hpsoft reads it"
            if kept
            else "`hpsoft model show` says how, and --format npz keeps it"
        )
        notes.append(
            f"It acts on the {len(head.weights):,} features that the columns of the table are "
            f"encoded to (zeros and ones, fills, days), in this order: {how}."
        )
    if fmt == "sklearn":
        trusted = f", trusted={list(TRUSTED)!r}" if columns else ""
        notes.append(f"Load it by skops.io.load(FILE{trusted}).")
    if columns:
        notes.append(
            "It takes the columns of the table, as a frame by name or as an array in their order: "
            "a ColumnTransformer encodes them."
        )
    if head.unit_rows and fmt == "torch":
        notes.append(
            "Scale l2-rows cannot be folded into a linear layer: divide each row by its Euclidean "
            "norm first, x / x.norm(dim=1, keepdim=True)."
        )
    if head.unit_rows and head.columns is not None and fmt == "torch":
        notes.append("The norm is that of the features of its feature set alone.")
    if dtype == str(FLOAT64) and fmt != "sklearn":
        notes.append("Its weights are float64: in float32 the folded logits lose too many digits.")
    if head.temperature != 1.0:
        notes.append(
            f"The temperature {head.temperature:.6g} is folded in: its probabilities are calibrated."
        )
    return tuple(notes)
