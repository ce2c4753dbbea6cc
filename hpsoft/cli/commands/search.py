"""`hpsoft search`: data -> plan -> trials -> leaderboard."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hpsoft.cli import options
from hpsoft.cli.cores import note_on_jobs
from hpsoft.cli.durations import seconds
from hpsoft.cli.guard import INCOMPLETE
from hpsoft.system.interrupts import INTERRUPTED
from hpsoft.tuning.config import DTYPES, SearchConfig

if TYPE_CHECKING:
    from hpsoft.api.running import Ready
    from hpsoft.report.text.console import Console
    from hpsoft.tuning.events import Finished
    from hpsoft.tuning.prepared import Prepared


def search(
    context: typer.Context,
    data: options.Data = None,
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
        str, typer.Option(metavar="NAME", help="One of `hpsoft optimizers`.")
    ] = SearchConfig.optimizer,
    sampler: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="How points are chosen: grid (all of them), auto, or one of Optuna's: tpe, random, qmc, cmaes, gp, ...",
        ),
    ] = SearchConfig.sampler,
    sampler_option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Option of the sampler; repeatable."),
    ] = None,
    pruner: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Ends poor trials early, inexactly: none, median, percentile, halving, hyperband, patient, threshold, wilcoxon.",
        ),
    ] = SearchConfig.pruner,
    pruner_option: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Option of the pruner; repeatable. percentile is 25 by default, patient wraps median.",
        ),
    ] = None,
    trials: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Trials in all, of a sampler other than grid. [default: 256]"
        ),
    ] = None,
    timeout: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Start nothing new after this time: 90s, 10m, 2h."),
    ] = None,
    wave: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Points asked for at a time. [default: by the work of a trial, 8 to 64 and at most a quarter of the trials]",
        ),
    ] = None,
    space: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Search space: TOML, a line `name = [values]` each."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=V,V", help="Values of one hyperparameter; repeatable."
        ),
    ] = None,
    preset: Annotated[
        str | None, typer.Option(metavar="NAME", help="Search space: one of `hpsoft presets`.")
    ] = None,
    study: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Name of the study; an unfinished one is continued. [default: DATA-OPTIMIZER-SAMPLER]",
        ),
    ] = None,
    storage: options.Storage = None,
    cv: Annotated[
        str,
        typer.Option(
            metavar="K|auto|none",
            help="Choose by stratified K-fold cross-validation, by one validation part (none), or "
            "by folds where that part would be small (auto).",
        ),
    ] = SearchConfig.cv,
    val_fraction: Annotated[
        float | None,
        typer.Option(
            metavar="0..1",
            help="Share of the training data to choose by, where one part is held out. [default: "
            "0.2, or the part that the data has]",
        ),
    ] = None,
    metric: options.Metric = SearchConfig.metric,
    seed: options.Seed = SearchConfig.seed,
    dtype: Annotated[
        str, typer.Option(metavar="|".join(DTYPES), help="Precision of the training.")
    ] = SearchConfig.dtype,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Cores to use. [default: all]")
    ] = None,
    extend: Annotated[
        bool,
        typer.Option(
            "--extend",
            help="Add the values beyond the winner's edges to the study's grid; options that are "
            "not given are the study's.",
        ),
    ] = False,
    refine: Annotated[
        bool,
        typer.Option(
            "--refine",
            help="Add the values half way between the winner's and their neighbours to the study's "
            "grid; again for finer steps.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan, memory and time; train nothing.")
    ] = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Search a grid of hyperparameters: exhaustively, or by a sampler and a pruner of Optuna's.

    Trains the points and ranks them by a metric: validation cross-entropy, unregularised.
    The same command continues a search that was killed.
    """
    from hpsoft.api.request import SearchRequest
    from hpsoft.api.running import make_ready
    from hpsoft.cli.values import feature_sets, parse_options, parse_settings
    from hpsoft.report.text.console import notes

    request = SearchRequest(
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
        feature_set=feature_sets(feature_set or (), space),
        groups=groups,
        sample_weight=sample_weight,
        split=split,
        time=time,
        dedupe=dedupe,
        test_fraction=test_fraction,
        scale=scale,
        optimizer=optimizer,
        sampler=sampler,
        sampler_option=parse_options(sampler_option or (), "--sampler-option"),
        pruner=pruner,
        pruner_option=parse_options(pruner_option or (), "--pruner-option"),
        trials=trials,
        timeout=seconds(timeout),
        wave=wave,
        space=parse_settings(settings or ()),
        space_file=space,
        preset=preset,
        study=study,
        storage=storage,
        cv=cv,
        val_fraction=val_fraction,
        metric=metric,
        seed=seed,
        dtype=dtype,
        jobs=jobs,
        extend=extend,
        refine=refine,
        given=_typed(context),
    )
    console = notes(quiet=quiet)
    note_on_jobs(console, jobs)
    ready = make_ready(request, console)
    if dry_run:
        _plan(ready.prepared, as_json=as_json)
        return
    try:
        finished = _run(ready, console)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    _report(ready.prepared, finished, console, as_json=as_json)
    if not (ready.prepared.is_sampled or finished.out_of_time or finished.certificate.complete):
        from hpsoft.report.search_result import incomplete
        from hpsoft.report.text.console import fail

        fail(incomplete(finished.certificate))
        raise typer.Exit(INCOMPLETE)


def _typed(context: typer.Context) -> frozenset[str]:
    """Return the names of the options that were typed."""
    sources = ((name, context.get_parameter_source(name)) for name in context.params)
    return frozenset(name for name, source in sources if source and source.name != "DEFAULT")


def _plan(prepared: "Prepared", *, as_json: bool) -> None:
    from hpsoft.report.plan import draw_plan, plan_document
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit
    from hpsoft.tuning.dry_run import dry_run

    planned = dry_run(prepared)
    if as_json:
        emit(plan_document(prepared, planned.work, planned.cost))
    else:
        draw_plan(output(), prepared, planned.work, planned.cost)


def _run(ready: "Ready", console: "Console") -> "Finished":
    """Search to the end; on Ctrl-C say how to go on."""
    from hpsoft.api.running import compare, follow_search
    from hpsoft.cli.follow import follow
    from hpsoft.report.live.retraining import show_retraining
    from hpsoft.report.text.console import fail
    from hpsoft.tuning.events import Event, Opened, Stored

    kept, target = 0, 0

    def noticed(event: Opened | Event) -> None:
        nonlocal kept, target
        if isinstance(event, Opened):
            target = event.n_target
        if isinstance(event, Opened | Stored):
            kept = event.n_finished

    try:
        finished = follow_search(ready, console, noticed)
        return follow(compare(ready, finished), show_retraining(console))
    except KeyboardInterrupt:
        # "At least": a write that Ctrl-C fell into was finished, but not reported any more.
        told = f" At least {kept:,} of {target:,} trials are stored:" if target else ""
        fail(f"Interrupted.{told} the same command again continues the search.")
        raise


def _report(
    prepared: "Prepared", finished: "Finished", console: "Console", *, as_json: bool
) -> None:
    from hpsoft.report.search_notes import draw_notes
    from hpsoft.report.search_result import draw_result, search_document
    from hpsoft.report.text.console import output, warn
    from hpsoft.report.text.jsondoc import emit
    from hpsoft.report.text.shortfall import shortfall

    names = list(prepared.grid.space)
    if as_json:
        emit(search_document(finished))
    elif not console.quiet:
        draw_result(output(), finished, names)
    n_finished = finished.certificate.n_finished
    if (prepared.is_sampled or finished.out_of_time) and n_finished < prepared.n_trials:
        warn(console, shortfall(finished, prepared.n_wanted, prepared.config.timeout))
    draw_notes(console, finished, prepared)
