"""Data sets that come with or through scikit-learn: the embedded digits, and OpenML."""

import importlib.util
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data.encoding.table import MISSING, Coded, Field
from hpsoft.data.sources.idx import uncompressed
from hpsoft.data.tables.columns import Kind
from hpsoft.data.types import Source
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

EMBEDDED = "embedded in scikit-learn"


def read_digits(*notes: str) -> Source:
    """Return scikit-learn's 1797 images of digits, 8 x 8, grey levels 0 .. 16."""
    table = _digits_table()
    X, labels = table[:, :-1].astype(np.uint8), table[:, -1].astype(np.intp)
    return Source("digits", X, labels, None, None, EMBEDDED, scale="unit", notes=notes)


def _digits_table() -> Array:
    """Return pixels and label of every image, (1797, 65).

    Read from scikit-learn's file, because importing `sklearn.datasets` takes longer than
    everything else that happens before a search begins; through the import if the file has moved.
    """
    spec = importlib.util.find_spec("sklearn")
    origin = Path(spec.origin or "") if spec else Path()
    path = origin.parent / "datasets" / "data" / "digits.csv.gz"
    if path.is_file():
        return np.loadtxt(uncompressed(path).decode().splitlines(), delimiter=",")
    from sklearn.datasets import load_digits

    X, labels = load_digits(return_X_y=True)
    return np.column_stack([X, labels])


def read_openml(spec: str, target: str | None = None) -> Source:
    """Fetch `openml:NAME` or `openml:ID`; scikit-learn keeps what it has downloaded.

    Raises:
        DataError: no such data set, no connection, or no labels.
    """
    key = spec.removeprefix("openml:").strip()
    if not key:
        raise DataError("openml: needs a name or an id, such as openml:mnist_784 or openml:554.")
    data = _fetch(key, target)
    if data.target is None:
        raise DataError(f"{spec} names no column of labels. Choose one with --target.")
    X = data.data.toarray() if hasattr(data.data, "toarray") else data.data  # sparse sets
    names, categories = list(data.feature_names), data.categories or {}
    fields = tuple(Field(name, Kind.TEXT if name in categories else Kind.NUMBER) for name in names)
    numeric = [k for k, field in enumerate(fields) if not field.is_text]
    return Source(
        name=spec,
        X=X[:, numeric] if len(numeric) < len(fields) else X,
        labels=np.asarray(data.target),
        X_test=None,
        labels_test=None,
        origin=f"OpenML, {key}",
        fields=fields,
        texts=tuple(
            _coded(X[:, k], categories[field.name])
            for k, field in enumerate(fields)
            if field.is_text
        ),
    )


def _coded(codes: Array, levels: Sequence[str]) -> Coded:
    """Return a column of texts from their places in `levels`, NaN where there is none."""
    return Coded.of(np.where(np.isnan(codes), MISSING, codes).astype(np.int64), levels)


def _fetch(key: str, target: str | None) -> Any:
    from sklearn.datasets import fetch_openml

    which = {"data_id": int(key)} if key.isdecimal() else {"name": key}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the error says as well
            return fetch_openml(
                **which,
                target_column=target or "default-target",
                as_frame=False,
                parser="liac-arff",
                n_retries=1,
            )
    except (OSError, ValueError, KeyError) as error:  # ValueError: scikit-learn's OpenMLError
        reason = str(error).strip("'\"").rstrip(".") or type(error).__name__
        raise DataError(
            f"OpenML data set {key!r} cannot be fetched: {reason}. Check its name or id and the "
            "connection, or download it by other means and give its path."
        ) from None
