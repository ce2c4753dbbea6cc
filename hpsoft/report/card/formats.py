"""The page in a format, written at once."""

from pathlib import Path

from hpsoft.assess.card.card import Card
from hpsoft.errors import HpsoftError, StudyError, unknown
from hpsoft.report.card.document import card_document
from hpsoft.report.card.markdown import card_markdown
from hpsoft.report.text.jsondoc import check_writable, dumps
from hpsoft.system.files import write_whole

FORMATS = ("md", "json")


def check_format(fmt: str) -> None:
    """Check that there is such a format.

    Raises:
        StudyError: there is none; the message guesses which was meant.
    """
    if fmt not in FORMATS:
        raise StudyError(unknown("format of a card", fmt, FORMATS))


def card_text(card: Card, fmt: str = "md", path: Path | None = None) -> str:
    """Return a card in a format, md or json; write it to `path` too.

    Raises:
        StudyError: there is no such format.
        HpsoftError: `path` cannot be written.
    """
    check_format(fmt)
    text = card_markdown(card) if fmt == "md" else f"{dumps(card_document(card))}\n"
    # Names of files that are no text: JSON has codes for them, and Markdown has none left.
    text = text.encode("utf-8", "backslashreplace").decode()
    if path is not None:
        check_writable(path)
        try:
            write_whole(path, text.encode())
        except OSError as error:
            raise HpsoftError(f"Cannot write {path}: {error.strerror}.") from error
    return text
