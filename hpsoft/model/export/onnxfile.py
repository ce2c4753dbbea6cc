"""ONNX: Gemm, Softmax, ArgMax and class names, run before it is written.

    X (n, n_features) -> logits, probabilities (n, n_classes), class_index (n,), label (n,) of str

Of scale l2-rows the graph divides the rows by their Euclidean norms itself.
"""

from typing import Any

import numpy as np

from hpsoft.errors import HpsoftError
from hpsoft.model.export.compare import check_agreement, random_rows
from hpsoft.model.export.head import Head, as_texts, fold
from hpsoft.model.export.optional import library
from hpsoft.model.files import TrainedModel
from hpsoft.softmax import softmax
from hpsoft.softmax.probabilities import Array

OPSET, IR_VERSION = 17, 8  # as old as what it uses allows, so that older runtimes take it
OUTPUTS = ("logits", "probabilities", "class_index", "label")


def onnx_model(model: TrainedModel, dtype: "np.dtype[Any]") -> bytes:
    """Return an ONNX file whose input X is of `dtype`.

    Raises:
        HpsoftError: onnx or onnxruntime is not installed, or the graph does not agree with the
            model.
    """
    head = fold(model)
    content = _graph(head, dtype)
    X = random_rows(model)
    logits, probabilities, index, label = _run(content, X.astype(dtype))
    ours = model.logits(X) / model.temperature
    check_agreement(logits, ours, f"{dtype} ONNX graph")
    expected = softmax(logits.astype(np.float64))
    names = np.array(head.classes, dtype=object)[logits.argmax(axis=1)]
    sound = np.allclose(probabilities, expected, atol=1e-5) and list(label) == list(names)
    if not sound or not np.array_equal(index, logits.argmax(axis=1)):
        raise HpsoftError(
            "onnxruntime gives other probabilities or classes than the logits that it computed: "
            "nothing is written. Update it: pip install -U onnxruntime."
        )
    return content


def _graph(head: Head, dtype: "np.dtype[Any]") -> bytes:
    onnx = library("onnx", "onnx", "An export to ONNX")
    helper, array = onnx.helper, onnx.numpy_helper.from_array
    number = helper.np_dtype_to_tensor_dtype(dtype)
    n, n_classes = len(head.weights), len(head.classes)
    names = np.array(head.classes, dtype=object)
    weights = head.weights if head.columns is None else head.weights[head.columns]
    constants = {
        "weights": (weights if head.unit_rows else head.weights).astype(dtype),
        "bias": head.bias.astype(dtype),
        "classes": names,
    }
    nodes: list[Any] = []
    seen = "X"
    if head.unit_rows:
        nodes, seen = _unit_rows(head, helper)
        constants |= {"zero": np.zeros((), dtype), "one": np.ones((), dtype)}
        if head.columns is not None:
            constants["columns"] = head.columns.astype(np.int64)
    nodes += [
        helper.make_node("Gemm", [seen, "weights", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
        helper.make_node("ArgMax", ["logits"], ["class_index"], axis=1, keepdims=0),
        helper.make_node("Gather", ["classes", "class_index"], ["label"], axis=0),
    ]
    kinds = {
        "logits": (number, ["n", n_classes]),
        "probabilities": (number, ["n", n_classes]),
        "class_index": (onnx.TensorProto.INT64, ["n"]),
        "label": (onnx.TensorProto.STRING, ["n"]),
    }
    graph = helper.make_graph(
        nodes,
        "softmax_regression",
        [helper.make_tensor_value_info("X", number, ["n", n])],
        [helper.make_tensor_value_info(name, *kinds[name]) for name in OUTPUTS],
        [array(value, name) for name, value in constants.items()],
    )
    made = helper.make_model(
        graph,
        producer_name="hpsoft",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    helper.set_model_props(made, as_texts(head.about()))
    onnx.checker.check_model(made, full_check=True)
    return bytes(made.SerializeToString())


def _unit_rows(head: Head, helper: Any) -> tuple[list[Any], str]:
    """Return the nodes that divide rows by their norms, zeros by 1, and the name of the result."""
    node = helper.make_node
    nodes, seen = [], "X"
    if head.columns is not None:
        nodes.append(node("Gather", ["X", "columns"], ["seen"], axis=1))
        seen = "seen"
    nodes += [
        node("ReduceL2", [seen], ["norm"], axes=[1], keepdims=1),
        node("Equal", ["norm", "zero"], ["is_zero"]),
        node("Where", ["is_zero", "one", "norm"], ["divisor"]),
        node("Div", [seen, "divisor"], ["unit"]),
    ]
    return nodes, "unit"


def _run(content: bytes, X: Array) -> list[Array]:
    runtime = library(
        "onnxruntime", "onnx", "An export to ONNX is run before it is written, which"
    )
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    found: list[Array] = session.run(list(OUTPUTS), {"X": X})
    return found
