"""What a probe found: path, confirmation, test set, card, each as its own command draws it."""

from collections.abc import Sequence
from typing import Any, Protocol

from rich.console import Console

from hpsoft.assess.card.card import Card
from hpsoft.assess.confirm_report import ConfirmReport
from hpsoft.assess.final import FinalResult
from hpsoft.report.card.document import card_document
from hpsoft.report.card.formats import card_text
from hpsoft.report.confirm import confirm_document, draw_candidates
from hpsoft.report.model.final import draw_final, final_document
from hpsoft.report.search_result import draw_result, search_document
from hpsoft.tuning.events import Finished


class Found(Protocol):
    """The results of the steps."""

    @property
    def finished(self) -> Finished:
        """The search of the last grid."""

    @property
    def path(self) -> Sequence[float]:
        """All strengths of L2 that were tried."""

    @property
    def confirmed(self) -> ConfirmReport:
        """The best on other parts of the data."""

    @property
    def final(self) -> FinalResult:
        """The test."""

    @property
    def card(self) -> Card:
        """The protocol."""


def probe_document(found: Found) -> dict[str, Any]:
    """Return the JSON document: those of `search`, `confirm`, `final` and `card`, and the path."""
    return {
        "study": found.finished.study,
        "storage": found.finished.storage,
        "path": list(found.path),
        "search": search_document(found.finished),
        "confirm": confirm_document(found.confirmed),
        "final": final_document(found.final),
        "card": card_document(found.card),
    }


def draw_probe(console: Console, found: Found, names: Sequence[str]) -> None:
    """Print the leaderboard, the top trials on other parts, the final model, and the card."""
    draw_result(console, found.finished, names)
    console.print()
    draw_candidates(console, found.confirmed)
    console.print()
    draw_final(console, found.final)
    console.print()
    console.print(card_text(found.card), markup=False, highlight=False, soft_wrap=True, end="")
