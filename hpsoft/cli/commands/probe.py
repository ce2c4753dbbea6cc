"""`hpsoft probe`: features -> path of L2 -> confirmation -> test set -> card."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hpsoft.cli import options
from hpsoft.cli.cores import note_on_jobs
from hpsoft.system.interrupts import INTERRUPTED
from hpsoft.tuning.config import DTYPES, SearchConfig

if TYPE_CHECKING:
    from hpsoft.api.probing import Probed, ProbeRequest
    from hpsoft.report.text.console import Console


def probe(
    data: Annotated[
        str, typer.Argument(metavar="DATA", help="What `search --data` takes: a name or a path.")
    ],
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
    optimizer: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Any with alpha: newton and lbfgs go to each optimum; others search all of their "
            "space for each alpha.",
        ),
    ] = "newton",
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=V,V", help="Values to begin with, as of alpha; repeatable."
        ),
    ] = None,
    refine: Annotated[
        int, typer.Option(metavar="N", help="How often the steps around the winner are halved.")
    ] = 2,
    top: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Trials that are confirmed. [default: 3; 1 where the best costs next to nothing]",
        ),
    ] = None,
    study: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Name of the study. [default: DATA-OPTIMIZER-grid-probe]"
        ),
    ] = None,
    storage: options.Storage = None,
    cv: Annotated[
        str,
        typer.Option(metavar="K|auto|none", help="Choose by folds, or by one part; as of search."),
    ] = SearchConfig.cv,
    val_fraction: Annotated[
        float | None,
        typer.Option(metavar="0..1", help="Share to choose by, where one part is held out."),
    ] = None,
    metric: options.Metric = SearchConfig.metric,
    seed: options.Seed = SearchConfig.seed,
    dtype: Annotated[
        str, typer.Option(metavar="|".join(DTYPES), help="Precision of the training.")
    ] = SearchConfig.dtype,
    jobs: options.Jobs = None,
    model_out: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Save the model: .safetensors or .npz."),
    ] = None,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Fit a temperature, as `hpsoft final` does.")
    ] = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Features in, an honest number out: L2 chosen, confirmed, and tested once.

    A coarse path of L2, by Newton at the exact optimum of each, wider and finer where the winner
    leads, the best again on other parts of the data, the test set, and the card of it all. The
    same command goes on after a kill.
    """
    from hpsoft.api.probing import ProbeRequest
    from hpsoft.api.request import SearchRequest
    from hpsoft.cli.values import feature_sets, parse_settings
    from hpsoft.errors import HpsoftError
    from hpsoft.report.text.console import notes

    search = SearchRequest(
        data,
        target=target,
        keep=keep or (),
        drop=drop or (),
        missing=missing,
        categories=categories,
        categorical=categorical or (),
        missing_values=missing_values or (),
        features=features or (),
        encoding=encoding,
        delimiter=delimiter,
        feature_set=feature_sets(feature_set or (), None),
        groups=groups,
        sample_weight=sample_weight,
        split=split,
        time=time,
        dedupe=dedupe,
        test_fraction=test_fraction,
        scale=scale,
        optimizer=optimizer,
        space=parse_settings(settings or ()),
        study=study,
        storage=storage,
        cv=cv,
        val_fraction=val_fraction,
        metric=metric,
        seed=seed,
        dtype=dtype,
        jobs=jobs,
    )
    console = notes(quiet=quiet)
    note_on_jobs(console, jobs)
    found = _probe(ProbeRequest(search, refine, top, model_out, calibrate), console)
    _report(found, console, as_json=as_json)
    if found.final.problem is not None:
        raise HpsoftError(found.final.problem)


def _probe(request: "ProbeRequest", console: "Console") -> "Probed":
    """Probe to the end; on Ctrl-C say how to go on."""
    from hpsoft.api.probing import probe
    from hpsoft.report.text.console import fail

    try:
        return probe(request, console)
    except KeyboardInterrupt:
        fail("Interrupted. What has ended is stored: the same command again goes on.")
        raise typer.Exit(INTERRUPTED) from None


def _report(found: "Probed", console: "Console", *, as_json: bool) -> None:
    from hpsoft.report.confirm import draw_confirm_notes
    from hpsoft.report.model.final import draw_final_notes
    from hpsoft.report.probe import draw_probe, probe_document
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit

    draw_confirm_notes(console, found.confirmed)
    draw_final_notes(console, found.final)
    if as_json:
        emit(probe_document(found))
    elif not console.quiet:
        names = list(found.prepared.grid.space)
        draw_probe(output(), found, names)
