"""The encoding of a table as a ColumnTransformer, where that is exact.

    number    as it is; SimpleImputer with the fill of hpsoft
    category  OneHotEncoder(handle_unknown="ignore")

Rare levels, which share a feature, get a feature each with the same weights: of a row at most one
is 1. So do the ways to say that a text is missing: "", None and NaN. Dates have no transformer of
scikit-learn's, so then there is none.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from hpsoft.data.encoding.category import NOTHING, Category
from hpsoft.data.encoding.encoding import Column, Encoding
from hpsoft.data.encoding.left import Left
from hpsoft.data.encoding.number import Number
from hpsoft.data.encoding.table import Coded, Field, Table
from hpsoft.data.tables.columns import Kind
from hpsoft.softmax.probabilities import Array

Part = tuple[str, Any, list[int]]


def is_exact(encoding: Encoding) -> bool:
    """Tell whether scikit-learn has what the columns take."""
    return all(
        isinstance(c, Category | Left) or (isinstance(c, Number) and c.kind != "date")
        for c in encoding.columns
    )


def transformer(encoding: Encoding, seen: Array) -> tuple[Any, Array]:
    """Return a fitted ColumnTransformer, and which feature of X each of its outputs is.

    `seen` are the places of the features that the model looks at: no others come out. A column of
    the table is told by its name where there are names, else by its place among those of
    `encoding`.
    """
    from sklearn.compose import ColumnTransformer

    parts: list[Part] = []
    places: list[int] = []
    kept, start = set(seen.tolist()), 0
    for i, column in enumerate(encoding.columns):
        features = range(start, start + len(column.features))
        start += len(column.features)
        if isinstance(column, Category):
            levels, their = _levels(column, features, kept)
            if levels:
                parts.append((f"{i}", _one_hot(levels), [i]))
                places += their
        elif isinstance(column, Number) and features[0] in kept:
            parts.append((f"{i}", _number(column), [i]))
            places.append(features[0])
    made = ColumnTransformer(parts, sparse_threshold=0.0)
    made.fit(_sample(encoding))
    names = np.array([c.name for c in encoding.columns], dtype=object)
    made.feature_names_in_ = names
    for (_, _, at), fitted in zip(parts, made.named_transformers_.values(), strict=False):
        fitted.feature_names_in_ = names[at]
    return made, np.array(places, np.intp)


def _levels(
    column: Category, features: range, kept: set[int]
) -> tuple[list[str | float | None], list[int]]:
    """Return the levels whose feature is looked at, and the feature of each."""
    pairs: list[tuple[str | float | None, int]] = [
        (level, place)
        for level, place in zip(column.levels, features, strict=False)
        if place in kept
    ]
    if column.rare and features[-1] in kept:
        pairs += [(level, features[-1]) for level in column.rare]
    missing = [place for level, place in pairs if level == NOTHING]
    # scikit-learn wants None and NaN at the end.
    pairs += [(level, place) for level in (None, np.nan) for place in missing]
    return [level for level, _ in pairs], [place for _, place in pairs]


def _one_hot(levels: Sequence[str | float | None]) -> Any:
    from sklearn.preprocessing import OneHotEncoder

    return OneHotEncoder(
        categories=[np.array(levels, dtype=object)], handle_unknown="ignore", sparse_output=False
    )


def _number(column: Number) -> Any:
    from sklearn.impute import SimpleImputer

    if column.fill is None:
        return "passthrough"
    # Fitted to a single row, whose median is the fill: a constant would have to be of X's dtype.
    return SimpleImputer(strategy="median").fit([[column.fill]])


def _sample(encoding: Encoding) -> Array:
    """Return a row to fit to: numbers are their fills, so that the imputers learn these."""
    row = np.empty((1, len(encoding.columns)), dtype=object)
    for i, column in enumerate(encoding.columns):
        fill = getattr(column, "fill", None)
        texts = (*column.levels, *column.rare) if isinstance(column, Category) else ()
        row[0, i] = texts[0] if texts else (0.0 if fill is None else fill)
    return row


def random_table(encoding: Encoding, n: int, seed: int) -> tuple[Array, Table]:
    """Return rows of columns as scikit-learn takes them (n, n_columns), and as hpsoft does.

    Levels, rare ones, texts that were never seen and missing values are among them.
    """
    rng = np.random.default_rng(seed)
    rows = np.empty((n, len(encoding.columns)), dtype=object)
    numbers: list[Array] = []
    texts: list[Coded] = []
    for i, column in enumerate(encoding.columns):
        if column.is_text:
            known = np.array([*_texts_of(column), "never seen", None], dtype=object)
            rows[:, i] = known[rng.integers(0, len(known), n)]
            texts.append(Coded.from_texts(rows[:, i]))
        else:
            values = rng.normal(size=n) + (getattr(column, "fill", None) or 0.0)
            if getattr(column, "fill", None) is not None:
                values[rng.random(n) < 0.2] = np.nan
            rows[:, i] = values
            numbers.append(values)
    fields = tuple(Field(c.name, _kind(c)) for c in encoding.columns)
    matrix = np.column_stack(numbers) if numbers else np.empty((n, 0))
    return rows, Table(matrix, tuple(texts), fields)


def _texts_of(column: Column) -> Iterable[str]:
    return (*column.levels, *column.rare) if isinstance(column, Category) else ()


def _kind(column: Column) -> Kind:
    return Kind.TEXT if column.is_text else Kind.NUMBER
