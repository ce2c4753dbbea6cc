"""`hpsoft regret`: samplers and pruners replayed against a finished grid."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hpsoft.cli import options
from hpsoft.cli.cores import note_on_jobs
from hpsoft.cli.follow import follow, keeping
from hpsoft.system.interrupts import INTERRUPTED

if TYPE_CHECKING:
    from hpsoft.assess.regret import RegretConfig
    from hpsoft.assess.regret_report import RegretReport
    from hpsoft.report.text.console import Console


def regret(
    study: options.Study = "latest",
    sampler: Annotated[
        str, typer.Option(metavar="NAME,NAME", help="Samplers to replay; grid with a pruner.")
    ] = "tpe",
    pruner: Annotated[str, typer.Option(metavar="NAME,NAME", help="Pruners to replay.")] = "none",
    trials: Annotated[
        str | None,
        typer.Option(
            metavar="N,N",
            help="Numbers of trials, each replayed on its own. [default: 100,300,1000, at most half the grid]",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(metavar="N", help="Replays of each, seeds 0, 1, ...")] = 50,
    sampler_option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Option of the sampler; repeatable."),
    ] = None,
    pruner_option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Option of the pruner; repeatable."),
    ] = None,
    wave: Annotated[
        int | None, typer.Option(metavar="N", help="Points asked for at a time.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the distributions as HTML.")
    ] = None,
    storage: options.Storage = None,
    jobs: options.Jobs = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Replay samplers and pruners against a finished grid.

    Trains nothing: says how far from the grid's best they would have ended, and for what share of
    its work. Ctrl-C ends it early, with the report of what was replayed by then.
    """
    from hpsoft.assess.regret import RegretConfig
    from hpsoft.cli.values import parse_options
    from hpsoft.report.regret import draw_regret, interrupted, regret_document
    from hpsoft.report.text.console import fail, notes, output, say
    from hpsoft.report.text.jsondoc import emit
    from hpsoft.system.cores import n_cores

    if plot is not None:
        from hpsoft.report.html.plot import check_plot
        from hpsoft.study.storage.location import locate

        check_plot(plot, locate(storage).files())
    console = notes(quiet=quiet)
    note_on_jobs(console, jobs)
    report = _replayed(
        RegretConfig(
            study=study,
            storage=storage,
            samplers=_names(sampler, "--sampler"),
            pruners=_names(pruner, "--pruner"),
            trials=None if trials is None else _numbers(trials),
            seeds=seeds,
            sampler_options=parse_options(sampler_option or (), "--sampler-option"),
            pruner_options=parse_options(pruner_option or (), "--pruner-option"),
            wave=wave,
            jobs=n_cores(jobs),
        ),
        console,
    )
    if report.note:
        say(console, report.note, "Note", "bold")
    if plot is not None:
        from hpsoft.report.html.regret_plot import write_regret_plot

        write_regret_plot(report, plot)
    if as_json:
        emit(regret_document(report))
    elif not quiet:
        draw_regret(output(), report)
    if report.n_replays < report.n_wanted:
        fail(interrupted(report))
        raise typer.Exit(INTERRUPTED)


def _names(text: str, flag: str) -> tuple[str, ...]:
    from hpsoft.errors import SpaceError

    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not names:
        raise SpaceError(f"{flag} takes one or more, with commas between them, not {text!r}.")
    return names


def _numbers(text: str) -> tuple[int, ...]:
    from hpsoft.errors import SpaceError

    try:
        return tuple(int(part) for part in _names(text, "--trials"))
    except ValueError:
        raise SpaceError(f"--trials takes whole numbers, N,N,..., not {text!r}.") from None


def _replayed(config: "RegretConfig", console: "Console") -> "RegretReport":
    """Replay; after Ctrl-C report what has ended, if anything."""
    from hpsoft.assess.regret import Progress, replay_methods
    from hpsoft.report.regret import show_regret

    last: list[Progress] = []
    try:
        return follow(replay_methods(config), keeping(last, show_regret(console)))
    except KeyboardInterrupt:
        if not (last and last[0].done):
            raise
        return last[0].replays.report()
