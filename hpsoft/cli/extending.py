"""`--extend`: a larger grid before the search, and what it has brought after it."""

from typing import TYPE_CHECKING

from hpsoft.cli.follow import follow

if TYPE_CHECKING:
    from hpsoft.report.text.console import Console
    from hpsoft.study.records import TrialRecord
    from hpsoft.tuning.events import Finished
    from hpsoft.tuning.prepared import Prepared


def extended(prepared: "Prepared", console: "Console") -> "tuple[Prepared, TrialRecord | None]":
    """Return the search of the larger grid, and the winner of the grid before it."""
    from hpsoft.assess.extend import extend
    from hpsoft.report.text.console import say

    extended = extend(prepared)
    if extended.remark is not None:
        say(console, extended.remark, "Note", "bold")
    return extended.prepared, extended.winner


def compared(
    prepared: "Prepared", finished: "Finished", before: "TrialRecord", console: "Console"
) -> "Finished":
    """Return the result with its winner held against the one before, if there is another."""
    from dataclasses import replace

    from hpsoft.assess.extension import compare_winners
    from hpsoft.report.live.retraining import show_retraining

    after = finished.leaderboard[0]
    if after.params == before.params:
        return finished
    work = compare_winners(prepared, before, after)
    return replace(finished, extension=follow(work, show_retraining(console)))
