"""`hpsoft trials`: the finished trials of a study, ranked."""

from typing import Annotated

import typer

from hpsoft.cli import options


def trials(
    study: options.Study = "latest",
    top: Annotated[
        int | None,
        typer.Option(metavar="N", help="At most so many trials. [default: all]"),
    ] = None,
    sort: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help="value (what the study chooses by), cost, accuracy, balanced-accuracy, macro-f1, "
            "top-5, number, seconds or a hyperparameter.",
        ),
    ] = "value",
    storage: options.Storage = None,
    as_json: options.Json = False,
) -> None:
    """List the finished trials of a study, the best first."""
    from hpsoft.cli.choice import chosen_study
    from hpsoft.errors import check_least
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit
    from hpsoft.report.trials import draw_trials, trials_document
    from hpsoft.study.leaderboard import sort_trials
    from hpsoft.study.storage.location import locate

    check_least("--top", top, 1)
    chosen = chosen_study(locate(storage), study)
    found = sort_trials(chosen.trials, top, sort)
    if as_json:
        emit(trials_document(chosen.name, found))
    else:
        draw_trials(output(), found)
