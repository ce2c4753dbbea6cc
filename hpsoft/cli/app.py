"""The application: which command is which function. Imports no command's libraries."""

import os
from typing import Annotated

import typer

from hpsoft import __version__
from hpsoft.cli.commands import (
    card,
    confirm,
    data,
    export,
    final,
    model,
    optimizers,
    optimum,
    predict,
    presets,
    probe,
    regret,
    search,
    studies,
    trials,
)
from hpsoft.cli.commands.maths import gradcheck, newton_demo
from hpsoft.cli.guard import GuardedGroup
from hpsoft.cli.once import OnceCommand

app = typer.Typer(
    cls=GuardedGroup,
    epilog="First run: hpsoft search --data digits && hpsoft final --study best",
    no_args_is_help=True,
    # Plain help: rich's boxes would double the time that `hpsoft --help` takes.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command(cls=OnceCommand)(search.search)
app.command(cls=OnceCommand)(probe.probe)
app.command(cls=OnceCommand)(final.final)
app.command(cls=OnceCommand)(predict.predict)
app.add_typer(model.app, name="model")
app.add_typer(data.app, name="data")
app.command(cls=OnceCommand)(studies.studies)
app.command(cls=OnceCommand)(trials.trials)
app.command(cls=OnceCommand)(export.export)
app.command(cls=OnceCommand)(presets.presets)
app.command(cls=OnceCommand)(confirm.confirm)
app.command(cls=OnceCommand)(optimum.optimum)
app.command(cls=OnceCommand)(regret.regret)
app.command(cls=OnceCommand)(card.card)
app.add_typer(optimizers.app, name="optimizers")
app.command(cls=OnceCommand, short_help="Check every identity of the mathematics.")(
    gradcheck.gradcheck
)
app.command(cls=OnceCommand, short_help="Show Newton's method converge in numbers.")(
    newton_demo.newton_demo
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"hpsoft {__version__}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error (or HPSOFT_DEBUG=1).")
    ] = False,
    builtin_plugins: Annotated[
        bool,
        typer.Option(
            "--builtin-plugins",
            help="Load no optimizer but hpsoft's own (or HPSOFT_PLUGINS=builtin).",
        ),
    ] = False,
) -> None:
    """Search the hyperparameters of softmax regression exhaustively, exactly and fast."""
    if debug:
        _set_variable(context, "HPSOFT_DEBUG", "1")
    if builtin_plugins:
        _set_variable(context, "HPSOFT_PLUGINS", "builtin")


def _set_variable(context: typer.Context, name: str, value: str) -> None:
    """Set an environment variable, which worker processes see as well, until the command ends."""
    before = os.environ.get(name)
    os.environ[name] = value

    def restore() -> None:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before

    context.call_on_close(restore)
