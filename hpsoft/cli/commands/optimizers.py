"""`hpsoft optimizers`: the plugins that are installed, one in detail, its contract, a new one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from hpsoft.cli import options
from hpsoft.cli.guard import GuardedGroup
from hpsoft.cli.once import OnceCommand

if TYPE_CHECKING:
    from hpsoft.data.spec import DataSpec
    from hpsoft.tuning.prepared import Prepared

app = typer.Typer(
    cls=GuardedGroup,
    help="List, show, check and make optimizers.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

Name: TypeAlias = Annotated[
    str, typer.Argument(metavar="NAME", help="One of `hpsoft optimizers`.", show_default=False)
]


@app.callback()
def optimizers(context: typer.Context, as_json: options.Json = False) -> None:
    """List the installed optimizers with their hyperparameters and roles; show, check, make
    one.
    """
    if context.invoked_subcommand is not None:
        return
    from hpsoft.optimizers.installed import list_optimizers
    from hpsoft.report.optimizers import draw_optimizers, optimizers_document
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit

    found = list_optimizers()
    if as_json:
        emit(optimizers_document(found))
    else:
        draw_optimizers(output(), found)


@app.command(cls=OnceCommand)
def show(
    name: Name,
    data: options.Data = "digits",
    target: options.Target = None,
    keep: options.Keep = None,
    drop: options.Drop = None,
    missing: options.Missing = "error",
    categories: options.Categories = "one-hot",
    categorical: options.Categorical = None,
    missing_values: options.MissingValues = None,
    features: options.Features = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    feature_set: options.FeatureSet = None,
    groups: options.Groups = None,
    sample_weight: options.SampleWeight = None,
    split: options.Split = None,
    time: options.Time = None,
    dedupe: options.Dedupe = False,
    scale: options.Scale = None,
    as_json: options.Json = False,
) -> None:
    """Show an optimizer's hyperparameters, and its default space on some data."""
    from hpsoft.cli.values import feature_sets
    from hpsoft.data.spec import DataSpec
    from hpsoft.optimizers.installed import installed_optimizer
    from hpsoft.report.optimizers import draw_optimizer, optimizer_document
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit

    spec = DataSpec(
        data,
        target,
        keep=tuple(keep or ()),
        drop=tuple(drop or ()),
        policy=options.policy(missing, categories, categorical, missing_values),
        features=tuple(features or ()),
        encoding=encoding,
        delimiter=delimiter,
        feature_sets=feature_sets(feature_set or ()),
        side=options.beside(groups=groups, sample_weight=sample_weight, split=split, time=time),
        dedupe=dedupe,
        scale=scale,
    )
    prepared = _prepare(name, spec)
    described = installed_optimizer(name)
    if as_json:
        emit(optimizer_document(described, prepared))
    else:
        draw_optimizer(output(), described, prepared)


def _prepare(name: str, spec: "DataSpec") -> "Prepared":
    from hpsoft.optimizers.probe import check
    from hpsoft.optimizers.registry import load as load_optimizer
    from hpsoft.tuning.config import SearchConfig
    from hpsoft.tuning.prepare import prepare

    check(name)
    load_optimizer(name)  # before the data: a name that is wrong is told at once
    return prepare(SearchConfig(optimizer=name), spec.load(progress=True).training)


@app.command(cls=OnceCommand)
def check(
    name: Name,
    optimum: Annotated[
        bool,
        typer.Option(
            "--optimum/--no-optimum",
            help="Whether it claims to reach the optimum, given full batches.",
        ),
    ] = True,
    as_json: options.Json = False,
) -> None:
    """Check that an optimizer keeps the contract of plugins.

    Exit code 1 when a check fails.
    """
    from hpsoft.optimizers.registry import make
    from hpsoft.report.contract import contract_document, draw_contract
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit
    from hpsoft.testing import Subject, run_checks

    results = list(run_checks(Subject(make(name), converges=optimum)))
    if as_json:
        emit(contract_document(name, results))
    else:
        draw_contract(output(), results)
    if any(result.passed is False for result in results):
        raise typer.Exit(1)


@app.command(cls=OnceCommand)
def new(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="What --optimizer will take: small letters, digits, hyphens.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where the project goes. [default: ./hpsoft-NAME]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a plugin project that works as it is: SGD with momentum, a contract test, a README."""
    from hpsoft.report.text.console import offer, output, say
    from hpsoft.testing.project import write_project

    folder = write_project(name, out)
    say(output(), f"Wrote {folder}. Next:")
    offer(output(), f"pip install -e {folder}")
    offer(output(), f"hpsoft optimizers check {name}")
