"""Breaks text into lines between words, and never inside a number."""

import re

from rich.cells import cell_len, chop_cells

TIED = "\N{NO-BREAK SPACE}"  # between a name and its value: the last place to break
_MARK = re.compile(r"(?<!e)-|[_/\\:;]|[.,](?!\d)")
_NUMBER = re.compile(r"[^\w\s]*\d[\d.,]*(?:e[-+]?\d+)?[^\w\s]*", re.IGNORECASE)


def longest_number(text: str) -> int:
    """Return how wide the widest number is that stands alone in a text."""
    words = re.split(rf"[ {TIED}]", text)
    return max((cell_len(word) for word in words if _NUMBER.fullmatch(word)), default=0)


def longest_word(text: str) -> int:
    """Return how wide the widest word is."""
    return max(map(cell_len, _words(text)))


def longest_piece(text: str) -> int:
    """Return how wide the widest part of a word is that no mark divides."""
    return longest_word(_MARK.sub(r"\g<0> ", text.replace(TIED, " ")))


def _words(text: str) -> list[str]:
    """Return the words of a text; an indentation belongs to the first."""
    body = text.lstrip(" ")
    first, *others = body.split(" ")
    return [text[: len(text) - len(body)] + first, *others]


def wrap(text: str, width: int) -> list[str]:
    """Return lines of at most `width` cells; a word is broken only where it is wider alone."""
    if cell_len(text) <= width:
        return [text.replace(TIED, " ")]
    first, *others = _words(text)
    lines = _broken(first, width)
    for word in others:
        longer = f"{lines[-1]} {word}"
        if cell_len(longer) <= width:
            lines[-1] = longer
        else:
            lines += _broken(word, width)
    return [line.replace(TIED, " ") for line in lines]


def _broken(word: str, width: int) -> list[str]:
    """Cut a word that is too wide: between name and value, else after a mark."""
    lines: list[str] = []
    while cell_len(word) > width:
        head = chop_cells(word, width)[0]
        end = word.rfind(TIED, 0, len(head) + 1) + 1 or _after_a_mark(head) or len(head)
        lines.append(word[:end].rstrip(TIED))
        word = word[end:]
    return [*lines, word]


def _after_a_mark(head: str) -> int:
    """Return where a piece of a word is best cut, 0 for nowhere."""
    marks = [match.end() for match in _MARK.finditer(head)]
    return marks[-1] if marks else 0
