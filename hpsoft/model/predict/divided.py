"""A part of data that the search divided itself: the same division, by what the model says.

The data are read whole and encoded by themselves, as `final` does, so its figures come out again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from hpsoft.data.containers.arraynames import TITLES
from hpsoft.data.spec import DataSpec
from hpsoft.data.stream.incoming import Asked, Chunk, Incoming, Wanted, chunk_of
from hpsoft.data.types import Dataset, Samples
from hpsoft.errors import DataError
from hpsoft.model.files import TrainedModel


def about_division(source: DataSpec, scale: str) -> dict[str, Any]:
    """Return what the metadata of a model say of how its data are read and divided, not where."""
    return {"source": replace(source, spec=None, scale=scale).to_attribute()}


def divides(about: Mapping[str, Any]) -> bool:
    """Tell whether the search of a model divided data that have no parts."""
    return (about.get("source") or {}).get("test_fraction") is not None


def open_divided(
    model: TrainedModel, data: str, asked: Asked, wanted: Wanted
) -> tuple[Incoming, Wanted]:
    """Open the training or test part that the search made, and what of it the model wants.

    Raises:
        DataError: no such part was made, these are other data, or columns are named, which the
            model knows.
    """
    part = asked.part
    if part not in {"train", "test"}:
        raise DataError(
            f"{data} has no parts, and of those that `hpsoft search` made a model knows train (all "
            "that it was trained on) and test. Take one of these as --part."
        )
    given = {"labels": asked.labels, "features": asked.features, "drop": asked.drop}
    if named := [name for name, value in given.items() if value]:
        raise DataError(
            f"{data} has no parts, so --part {part} is the one that `hpsoft search` made, of the "
            f"columns that it was given: leave --{named[0]} out."
        )
    dataset = _the_same(model, data, asked)
    samples = dataset.test if part == "test" else dataset.training.everything
    return _incoming(dataset, samples, part, wanted), replace(wanted, encoding=None)


def _the_same(model: TrainedModel, data: str, asked: Asked) -> Dataset:
    about = model.metadata
    source = DataSpec.from_attribute(about["source"])
    text = (asked.encoding or source.encoding, asked.delimiter or source.delimiter)
    dataset = replace(source, spec=data, encoding=text[0], delimiter=text[1]).load()
    if dataset.fingerprint != about.get("fingerprint"):
        raise DataError(
            f"{data} has no parts, and it is not the data that `hpsoft search` divided: its "
            f"fingerprint is {dataset.fingerprint[:12]}, that of the model's data "
            f"{str(about.get('fingerprint'))[:12]}. Leave --part out to predict all of it."
        )
    return dataset


def _incoming(dataset: Dataset, samples: Samples, part: str, wanted: Wanted) -> Incoming:
    wanted = replace(wanted, encoding=None)
    names = np.array(dataset.classes, dtype=str)
    step = wanted.rows_at_a_time(wanted.n_features)

    def chunks() -> Iterator[Chunk]:
        for at in range(0, len(samples), step):
            rows = slice(at, at + step)
            X = np.asarray(samples.X[rows]).reshape(-1, wanted.n_features)
            yield chunk_of(X, wanted, names[samples.labels[rows]])

    label = "labels" if dataset.columns is None else dataset.columns.label_name
    note = (
        f"{dataset.source} has no parts: these are the {len(samples):,} samples of the "
        f"{TITLES[part]} part that `hpsoft search` made."
    )
    return Incoming(dataset.name, dataset.source, chunks, label, (note,), len(samples), part=part)
