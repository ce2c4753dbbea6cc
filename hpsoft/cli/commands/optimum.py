"""`hpsoft optimum`: the exact optimum as a yardstick for a study."""

from typing import TYPE_CHECKING, Annotated

import typer

from hpsoft.cli import options
from hpsoft.cli.cores import note_on_jobs
from hpsoft.cli.follow import follow

if TYPE_CHECKING:
    from hpsoft.assess.optimum import OptimumConfig, OptimumReport
    from hpsoft.report.text.console import Console


def optimum(
    study: options.Study = "latest",
    top: Annotated[
        int,
        typer.Option(metavar="N", help="Best trials to compare, besides the best of each alpha."),
    ] = 5,
    data: options.MovedTo = None,
    storage: options.Storage = None,
    jobs: options.Jobs = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare a study with the exact optimum.

    Finds the minimum of the regularised training cost for each alpha by Newton's method, trains
    the study's best trials anew, and says whether a longer search can help.
    """
    from hpsoft.assess.optimum import OptimumConfig
    from hpsoft.report.optimum import draw_optimum, draw_optimum_notes, optimum_document
    from hpsoft.report.text.console import notes, output
    from hpsoft.report.text.jsondoc import emit

    console = notes(quiet=quiet)
    note_on_jobs(console, jobs)
    report = _find(OptimumConfig(study, storage, top, data, jobs), console)
    draw_optimum_notes(console, report)
    if as_json:
        emit(optimum_document(report))
    elif not quiet:
        draw_optimum(output(), report)


def _find(config: "OptimumConfig", console: "Console") -> "OptimumReport":
    from hpsoft.assess.optimum import find_optima
    from hpsoft.report.live.retraining import show_retraining

    return follow(find_optima(config), show_retraining(console))
