"""`hpsoft model show|export`: what a saved model is, and the same for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from hpsoft.cli import options
from hpsoft.cli.guard import GuardedGroup
from hpsoft.cli.once import OnceCommand

app = typer.Typer(
    cls=GuardedGroup,
    help="Show and export saved models.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Model = Annotated[
    Path,
    typer.Argument(metavar="MODEL", help="File of a model, as `final --model-out` wrote it."),
]


@app.command(cls=OnceCommand)
def show(model: Model, as_json: options.Json = False) -> None:
    """Show classes, features, scaling, hyperparameters, data, test result and L2 in all units."""
    from hpsoft.model.show import show_model
    from hpsoft.report.model.show import draw_model, model_document
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit

    shown = show_model(model)
    if as_json:
        emit(model_document(shown))
    else:
        draw_model(output(), shown)


@app.command(cls=OnceCommand)
def export(
    model: Model,
    fmt: Annotated[
        str,
        typer.Option(
            "--format", metavar="torch|onnx|sklearn|npz|safetensors", help="What to write."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File to write. [default: as MODEL, with a suffix of the format]",
            show_default=False,
        ),
    ] = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a model for other programs, compared with it first.

    Scaling and temperature are folded in: the head acts on raw features.
    """
    from hpsoft.model.export.export import export_model
    from hpsoft.report.model.show import draw_export, export_document
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit

    found = export_model(model, fmt, out)
    if as_json:
        emit(export_document(found))
    elif not quiet:
        draw_export(output(), found)
