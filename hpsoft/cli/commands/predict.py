"""`hpsoft predict`: a saved model on new data."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hpsoft.cli import options
from hpsoft.cli.follow import follow

if TYPE_CHECKING:
    from hpsoft.model.predict.run import PredictConfig, Prediction
    from hpsoft.report.text.console import Console


def predict(
    model: Annotated[
        Path,
        typer.Argument(metavar="MODEL", help="File of a model, as `final --model-out` wrote it."),
    ],
    data: Annotated[
        str, typer.Argument(metavar="DATA", help="As --data of `hpsoft search`; labels may lack.")
    ],
    proba: Annotated[
        bool, typer.Option("--proba", help="A probability of every class, not the class alone.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write all predictions: .csv, .parquet or .npy."),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Column or array of the labels, to measure the predictions by. [default: as in "
            "training, or by its name, where it is there]",
            show_default=False,
        ),
    ] = None,
    features: options.Features = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="Column of a table that the model does not know, to leave out: a name, a position "
            "from 0, or how names begin ('emb_*', '*'); repeatable.",
            show_default=False,
        ),
    ] = None,
    part: Annotated[
        str | None,
        typer.Option(
            metavar="train|val|test|all",
            help="Which part of data that has several, or whose rows the column of --split tells. "
            "[default: test where there is one, else all]",
            show_default=False,
        ),
    ] = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Predict classes of new data by a saved model.

    Data is read in chunks, columns are matched by name, and encoded and scaled as in training.
    Where labels are there, the metrics of `final` are printed.
    """
    from hpsoft.data.stream.incoming import Asked
    from hpsoft.model.predict.run import MOST_LISTED, SHOWN, PredictConfig
    from hpsoft.report.model.prediction import (
        draw_prediction,
        draw_prediction_notes,
        prediction_document,
    )
    from hpsoft.report.text.console import notes, output
    from hpsoft.report.text.jsondoc import emit

    console = notes(quiet=quiet)
    asked = Asked(labels, tuple(features or ()), part, encoding, delimiter, tuple(drop or ()))
    listed = MOST_LISTED if as_json and out is None else SHOWN
    result = _run(PredictConfig(model, data, proba, out, asked, listed), console)
    draw_prediction_notes(console, result)
    if as_json:
        emit(prediction_document(result))
    elif not quiet:
        draw_prediction(output(), result)


def _run(config: "PredictConfig", console: "Console") -> "Prediction":
    from hpsoft.model.predict.run import predict as run
    from hpsoft.report.model.prediction import show_predicting

    return follow(run(config), show_predicting(console))
