"""What a search found as HTML for a notebook: leaderboard, winner, certificate."""

from collections.abc import Sequence
from html import escape

from hpsoft.report.search_result import leaderboard, verdict
from hpsoft.report.text.format import printable
from hpsoft.tuning.events import Finished

CELL = "text-align: right; padding: 0 0.6em"


def search_html(finished: Finished, names: Sequence[str]) -> str:
    """Return a table and paragraphs; `names` orders the hyperparameters. All text is escaped."""
    columns, cells = leaderboard(finished, names)
    head = "".join(_cell("th", column.title) for column in columns)
    body = "".join(f"<tr>{''.join(_cell('td', cell) for cell in row)}</tr>" for row in cells)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if cells else ""
    told = "".join(f"<p>{escape(printable(line))}</p>" for line in verdict(finished, names))
    return f'<div class="hpsoft-search">{table}{told}</div>'


def _cell(tag: str, text: str) -> str:
    return f'<{tag} style="{CELL}">{escape(printable(text))}</{tag}>'
