"""`hpsoft final`: retrain the chosen trial, look at the test set once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hpsoft.cli import options
from hpsoft.cli.follow import follow

if TYPE_CHECKING:
    from hpsoft.assess.final import FinalConfig, FinalResult
    from hpsoft.report.text.console import Console


def final(
    study: options.Study = "latest",
    trial: Annotated[
        str,
        typer.Option(
            metavar="best|confirmed|one-se|N",
            help="Which trial: the study's best, the choice of `hpsoft confirm`, or a number.",
        ),
    ] = "best",
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", help="Seed of the sample order. [default: the study's]"),
    ] = None,
    data: options.MovedTo = None,
    storage: options.Storage = None,
    model_out: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Save the model: .safetensors or .npz."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write --json's document, all classes, to a file."),
    ] = None,
    calibrate: Annotated[
        bool,
        typer.Option(
            "--calibrate",
            help="Fit a temperature to samples held out as in the search, and keep it in the "
            "model: probabilities become as sure as they should be.",
        ),
    ] = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Retrain the winner and report it on the test set.

    Trains from zero on training + validation data, and looks at the test set once. The study
    remembers every use of the test set.
    """
    from hpsoft.assess.final import FinalConfig
    from hpsoft.errors import HpsoftError
    from hpsoft.report.model.final import draw_final, draw_final_notes, final_document
    from hpsoft.report.text.console import notes, output
    from hpsoft.report.text.jsondoc import emit, write_document

    console = notes(quiet=quiet)
    chosen = int(trial) if trial.isdecimal() else trial
    config = FinalConfig(study, storage, chosen, data, model_out, seed, calibrate, out)
    result = _train(config, console)
    draw_final_notes(console, result)
    if as_json:
        emit(final_document(result))
    elif not quiet:
        draw_final(output(), result)
    if out is not None:
        write_document(final_document(result), out)
    if result.problem is not None:
        raise HpsoftError(result.problem)


def _train(config: "FinalConfig", console: "Console") -> "FinalResult":
    from hpsoft.assess.final import retrain_winner
    from hpsoft.report.model.final import show_training

    return follow(retrain_winner(config), show_training(console))
