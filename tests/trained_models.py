"""Models of every scale and encoding, without training."""

import numpy as np

from hpsoft.data.encoding.category import Category
from hpsoft.data.encoding.date import Date
from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.left import Left
from hpsoft.data.encoding.number import Number
from hpsoft.data.featuresets.columnset import ColumnSet
from hpsoft.data.scale import Scaler
from hpsoft.model.files import TrainedModel, about_columns, about_features

COLUMNS = Encoding(
    (
        Number("size", fill=7.0),
        Left("flat", "constant"),
        Category("colour", ("blue", "red", ""), ("grey", "pink")),
        Number("weight"),
    )
)
DATES = Encoding((*COLUMNS.columns, Date("day", "ymd", fill=3.0)))
PLAIN = Encoding((Number("a"), Number("b"), Number("c")))


def make_model(
    n_classes=3, n_features=5, *, scale="standard", encoding=None, spans=None, seed=0, **about
):
    """Return a model of random numbers."""
    rng = np.random.default_rng(seed)
    if encoding is not None:
        n_features = len(encoding.features)
    columns = None if spans is None else ColumnSet.of(spans)
    width = n_features if columns is None else len(columns)
    scaler = Scaler.fit(scale, rng.normal(3, 2, (50, width)) * rng.uniform(0.5, 9, width))
    metadata = {
        "classes": [f"class {k}" for k in range(n_classes)],
        "scale": scale,
        "params": {"alpha": 0.01, "epochs": 3},
        **about_features(encoding),
        **about_columns(columns, n_features),
        **about,
    }
    weights = rng.normal(size=(width, n_classes)).astype(np.float32)
    bias = rng.normal(size=n_classes).astype(np.float32)
    return TrainedModel(weights, bias, **scaler.arrays(), metadata=metadata)
