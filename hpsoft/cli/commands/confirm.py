"""`hpsoft confirm`: the top trials, trained again with other seeds."""

from typing import TYPE_CHECKING, Annotated

import typer

from hpsoft.cli import options
from hpsoft.cli.cores import note_on_jobs
from hpsoft.cli.follow import follow

if TYPE_CHECKING:
    from hpsoft.assess.confirm import ConfirmConfig
    from hpsoft.assess.confirm_report import ConfirmReport
    from hpsoft.report.text.console import Console


def confirm(
    study: options.Study = "latest",
    top: Annotated[int, typer.Option(metavar="N", help="How many of the best trials.")] = 20,
    seeds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Repetitions, with splits or folds and sample orders other than the study's. "
            "[default: 5 splits, or 3 times all folds]",
        ),
    ] = None,
    cv: Annotated[
        int | None,
        typer.Option(metavar="K", help="Folds of each repetition. [default: as the study]"),
    ] = None,
    data: options.MovedTo = None,
    storage: options.Storage = None,
    jobs: options.Jobs = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Train the top trials again: how sure is the winner?

    Uses other splits and sample orders, never the test set, and records the choice for `hpsoft
    final --trial confirmed`.
    """
    from hpsoft.assess.confirm import ConfirmConfig
    from hpsoft.report.confirm import confirm_document, draw_confirm, draw_confirm_notes
    from hpsoft.report.text.console import notes, output
    from hpsoft.report.text.jsondoc import emit
    from hpsoft.study.storage.location import locate

    console = notes(quiet=quiet)
    note_on_jobs(console, jobs)
    report = _confirm(ConfirmConfig(study, storage, top, seeds, cv, data, jobs), console)
    draw_confirm_notes(console, report)
    if as_json:
        emit(confirm_document(report))
    elif not quiet:
        draw_confirm(output(), report, None if storage is None else str(locate(storage)))


def _confirm(config: "ConfirmConfig", console: "Console") -> "ConfirmReport":
    from hpsoft.assess.confirm import confirm_winner
    from hpsoft.report.live.retraining import show_retraining

    return follow(confirm_winner(config), show_retraining(console))
