"""What a probe found: path, confirmation, test set, each as its own command draws it."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from hpsoft.assess.confirm_report import ConfirmReport
from hpsoft.assess.final import FinalResult
from hpsoft.report.confirm import confirm_document, draw_candidates
from hpsoft.report.model.final import draw_final, final_document
from hpsoft.report.search_result import draw_result, search_document
from hpsoft.tuning.events import Finished


def probe_document(
    finished: Finished, confirmed: ConfirmReport, final: FinalResult, path: Sequence[float]
) -> dict[str, Any]:
    """Return the JSON document: those of `search`, `confirm` and `final`, and the path of L2."""
    return {
        "study": finished.study,
        "storage": finished.storage,
        "path": list(path),
        "search": search_document(finished),
        "confirm": confirm_document(confirmed),
        "final": final_document(final),
    }


def draw_probe(
    console: Console,
    finished: Finished,
    confirmed: ConfirmReport,
    final: FinalResult,
    names: Sequence[str],
) -> None:
    """Print the leaderboard of the path, the top trials on other parts, and the final model."""
    draw_result(console, finished, names)
    console.print()
    draw_candidates(console, confirmed)
    console.print()
    draw_final(console, final)
