"""`hpsoft data list|info|fetch`: what can be searched, and what is in it."""

from typing import Annotated

import typer

from hpsoft.cli import options
from hpsoft.cli.guard import GuardedGroup
from hpsoft.cli.once import OnceCommand

app = typer.Typer(
    cls=GuardedGroup,
    help="Show and fetch data sets.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", cls=OnceCommand)
def list_(as_json: options.Json = False) -> None:
    """List what --data takes, and what of it is on this machine."""
    from hpsoft.data import available
    from hpsoft.report.data import draw_sources
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit

    if as_json:
        emit({"data": available()})
    else:
        draw_sources(output(), available())


@app.command(cls=OnceCommand)
def info(
    data: Annotated[
        str | None,
        typer.Argument(metavar="[SPEC]", help="As --data of `hpsoft search`.", show_default=False),
    ] = None,
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
    test_fraction: options.TestFraction = 0.2,
    scale: options.Scale = None,
    seed: options.Seed = 0,
    as_json: options.Json = False,
) -> None:
    """Show shapes, what each column becomes, classes with their counts, and the fingerprint."""
    from hpsoft.cli.values import feature_sets
    from hpsoft.data import info as describe
    from hpsoft.data import load
    from hpsoft.report.data import draw_data_notes, draw_info
    from hpsoft.report.text.console import notes, output
    from hpsoft.report.text.jsondoc import emit

    dataset = load(
        data,
        target=target,
        keep=keep or (),
        drop=drop or (),
        policy=options.policy(missing, categories, categorical, missing_values),
        features=features or (),
        encoding=encoding,
        delimiter=delimiter,
        feature_sets=feature_sets(feature_set or ()),
        side=options.beside(groups=groups, sample_weight=sample_weight, split=split, time=time),
        dedupe=dedupe,
        test_fraction=test_fraction,
        seed=seed,
        scale=scale,
        progress=True,
    )
    draw_data_notes(notes(), dataset.notes)
    if as_json:
        emit(vars(describe(dataset)))
    else:
        draw_info(output(), describe(dataset))


@app.command(cls=OnceCommand)
def fetch(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="fashion-mnist, mnist or openml:NAME|ID.")
    ],
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Make sure that a named data set is on this machine, and verify it."""
    from hpsoft.data import fetch as get
    from hpsoft.report.text.console import output, say
    from hpsoft.report.text.jsondoc import emit

    files = get(name, progress=not quiet)
    if as_json:
        emit({"name": name, "files": files})
    elif not quiet:
        where = "\n".join(map(str, files)) or f"{name} needs no files of its own."
        for line in where.splitlines():
            say(output(), line)
