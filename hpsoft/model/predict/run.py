"""The whole of it: from a file of a model and data to a file of predictions."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from hpsoft.data.stream.incoming import Asked, Incoming, Wanted
from hpsoft.data.stream.opening import open_rows
from hpsoft.data.stream.parts import NoSuchPartError
from hpsoft.model.files import TrainedModel, load
from hpsoft.model.metrics import TestReport
from hpsoft.model.predict.apply import Applied, Predicted
from hpsoft.model.predict.divided import divides, open_divided
from hpsoft.model.predict.figures import MOST_LOGITS, Figures
from hpsoft.model.predict.wanted import wanted_by
from hpsoft.model.predict.writers import check_out, writing
from hpsoft.system.outputs import files_named

SHOWN = 10  # rows
MOST_LISTED = 100_000  # rows, where nothing is written to a file and all are asked for
MOST_NAMED = 3


@dataclass(frozen=True)
class PredictConfig:
    """Options of `hpsoft predict`."""

    model: Path
    data: str
    proba: bool = False
    out: Path | None = None
    asked: Asked = field(default_factory=Asked)
    listed: int = SHOWN  # rows that the result holds
    most_logits: int = MOST_LOGITS  # numbers that metrics are computed from; of more, some rows


@dataclass(frozen=True)
class Progress:
    """Rows that were predicted so far."""

    n_rows: int
    total: int | None  # None: not known


@dataclass(frozen=True)
class Prediction:
    """What was predicted."""

    model: str
    data: str  # where it came from
    n_rows: int
    classes: tuple[str, ...]
    counts: tuple[int, ...]  # rows of each class
    temperature: float
    rows: tuple[tuple[str, float], ...]  # the first: class, its probability
    probabilities: tuple[tuple[float, ...], ...]  # of the first rows
    label: str | None  # column or array of the labels
    labels: tuple[str, ...]  # of the first rows
    n_labelled: int  # rows with a label that the model knows
    test: TestReport | None  # of these, if there are any
    notes: tuple[str, ...]
    out: Path | None
    proba: bool = False


def predict(config: PredictConfig) -> Generator[Progress, None, Prediction]:
    """Predict all rows, yielding how far it is, and return what was found.

    Raises:
        HpsoftError: no model, no such data, columns that the model lacks, values that are missing,
            or a file that cannot be written; nothing is left of it then.
    """
    if config.out is not None:
        read = [config.model, *files_named(config.data)]
        check_out(config.out, dict.fromkeys(read, "what is read"))
    model = load(config.model)
    wanted = wanted_by(model)
    incoming, wanted = _opened(model, wanted, config)
    applied = Applied(model, wanted, incoming)
    figures = Figures(model.classes, model.temperature, config.most_logits)
    counts = np.zeros(len(model.classes), np.int64)
    first: list[Predicted] = []
    with writing(config.out, model.classes, proba=config.proba) as write:
        for predicted in applied:
            write(predicted)
            figures.add(predicted)
            counts += np.bincount(predicted.classes, minlength=len(counts))
            if sum(map(len, first)) < config.listed:
                first.append(predicted)
            yield Progress(applied.n_rows, incoming.n_rows)
    rows, shares, labels = _first(first, model.classes, config.listed)
    return Prediction(
        model=str(config.model),
        data=incoming.origin,
        n_rows=applied.n_rows,
        classes=model.classes,
        counts=tuple(counts.tolist()),
        temperature=model.temperature,
        rows=rows,
        probabilities=shares,
        label=incoming.label,
        labels=labels,
        n_labelled=figures.n_labelled,
        test=figures.report(),
        notes=(*incoming.notes, *_notes(model, incoming, applied, figures)),
        out=config.out,
        proba=config.proba,
    )


def _opened(model: TrainedModel, wanted: Wanted, config: PredictConfig) -> tuple[Incoming, Wanted]:
    """Open the rows, of data without parts those of the part that the search made."""
    try:
        return open_rows(config.data, wanted, config.asked), wanted
    except NoSuchPartError as error:
        if error.divided or not divides(model.metadata):
            raise
    return open_divided(model, config.data, config.asked, wanted)


def _first(
    first: Sequence[Predicted], classes: tuple[str, ...], n: int
) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[float, ...], ...], tuple[str, ...]]:
    rows: list[tuple[str, float]] = []
    shares: list[tuple[float, ...]] = []
    labels: list[str] = []
    for chunk in first:
        for k, p in zip(chunk.classes.tolist(), chunk.probabilities.tolist(), strict=True):
            rows.append((classes[k], p[k]))
            shares.append(tuple(p))
            if len(rows) == n:
                break
        labels += [] if chunk.labels is None else chunk.labels.tolist()
    return tuple(rows), tuple(shares), tuple(labels[:n])


def _notes(
    model: TrainedModel, incoming: Incoming, applied: Applied, figures: Figures
) -> tuple[str, ...]:
    notes = [
        f"Column {name!r}: {count:,} of {applied.n_rows:,} rows have a value that the model has "
        "never seen; it counts as none of the known ones."
        for name, count in applied.unseen.items()
    ]
    known = figures.labels
    if known.unknown:
        named = ", ".join(f"{n!r} ({c:,})" for n, c in known.unknown.most_common(MOST_NAMED))
        more = ", ..." if len(known.unknown) > MOST_NAMED else ""
        notes.append(
            f"{known.n_unknown:,} of {applied.n_rows:,} rows have a label in "
            f"{incoming.label!r} that is no class of the model: {named}{more}. They are predicted, "
            "and in no figure."
        )
    if known.missing:
        notes.append(f"{known.missing:,} of {applied.n_rows:,} rows have no label.")
    if figures.n_measured < figures.n_labelled:
        notes.append(
            f"The figures are of {figures.n_measured:,} rows drawn at random from the "
            f"{figures.n_labelled:,} with a label: more do not fit into memory."
        )
    may_know = incoming.part != "test"  # by the very column that kept them from the training
    if may_know and figures.n_labelled and incoming.name == model.metadata.get("data"):
        notes.append(
            f"The model was trained on data called {incoming.name!r} too: of rows that it was "
            "trained on, figures are better than of new ones."
            + " --part test takes those that were held out."
            * divides(model.metadata)
        )
    return tuple(notes)
