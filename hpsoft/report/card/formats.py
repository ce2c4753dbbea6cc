"""The page in a format, written at once."""

from collections.abc import Mapping
from pathlib import Path

from hpsoft.assess.card.card import Card
from hpsoft.errors import HpsoftError, StudyError, unknown
from hpsoft.report.card.document import card_document
from hpsoft.report.card.markdown import card_markdown
from hpsoft.report.text.jsondoc import dumps
from hpsoft.system.outputs import begins_otherwise, check_output, write_output

FORMATS = {"md": (".md", ".markdown", ".txt"), "json": (".json",)}  # with their suffixes


_IS_FOREIGN = {
    "md": begins_otherwise(b"# Protocol card"),
    "json": begins_otherwise(b'{\n "format"'),
}


def check_format(fmt: str, path: Path | None = None) -> None:
    """Check that there is such a format, and that a file for it says so.

    Raises:
        StudyError: there is none; the message guesses which was meant.
        HpsoftError: the file has the suffix of another one.
    """
    if fmt not in FORMATS:
        raise StudyError(unknown("format of a card", fmt, FORMATS))
    if path is None or path.is_dir() or path.suffix.lower() in FORMATS[fmt]:
        return
    others = [other for other, suffixes in FORMATS.items() if path.suffix.lower() in suffixes]
    way_out = f"Choose --format {others[0]}, or name" if others else "Name"
    raise HpsoftError(
        f"{path} does not end in {' or '.join(FORMATS[fmt])}, and a card of format {fmt} would be "
        f"written. {way_out} the file {path.stem}{FORMATS[fmt][0]}."
    )


def card_text(
    card: Card,
    fmt: str = "md",
    path: Path | None = None,
    files: Mapping[Path, str] | None = None,
) -> str:
    """Return a card in a format, md or json; write it to `path` too, which is none of `files`.

    Raises:
        StudyError: there is no such format.
        HpsoftError: `path` cannot be written, or does not end as the format does.
    """
    check_format(fmt, path)
    if path is not None:
        check_output(path, "--out", (), files or {}, _IS_FOREIGN[fmt])
    text = card_markdown(card) if fmt == "md" else f"{dumps(card_document(card))}\n"
    # Names of files that are no text: JSON has codes for them, and Markdown has none left.
    text = text.encode("utf-8", "backslashreplace").decode()
    if path is not None:
        write_output(path, text.encode())
    return text
