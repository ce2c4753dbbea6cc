"""Which part each sample belongs to, as a column of the data or the caller says it."""

import re

import numpy as np

from hpsoft.data.containers.arraynames import PARTS
from hpsoft.data.errors import nth
from hpsoft.data.side.cells import NthRow, unknown_values
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array

TRAIN, VAL, TEST = range(3)
# Beyond what arrays are called; letter case and marks do not matter.
_MORE = {
    "train": ("learn", "fit"),
    "val": ("validate", "development", "eval"),
    "test": (),
}
WORDS = {word: i for i, part in enumerate(PARTS) for word in (*PARTS[part], *_MORE[part])}
KNOWN = "; ".join(
    f"{part} (or {', '.join(word for word in (*PARTS[part], *_MORE[part]) if word != part)})"
    if len((*PARTS[part], *_MORE[part])) > 1
    else part
    for part in PARTS
)
_YES, _NO = frozenset(("1", "1.0", "true", "yes")), frozenset(("0", "0.0", "false", "no"))
_SHOWN = 3  # values that name no part


def given_parts(values: Array, name: str, where: str, _row: NthRow = nth) -> Array:
    """Return TRAIN, VAL or TEST of each sample (n,).

    Words name the parts. Yes and no (1 and 0, true and false) are understood where the column is
    called after a part, as `is_test` is: then the rest is trained on, or tested.

    Raises:
        DataError: a value names no part, or all name one, or nothing is trained on.
    """
    missing = unknown_values(values)
    text = np.where(missing, "", values.astype(str))
    parts = part_codes(text, name)
    if (parts < 0).any():
        raise _unknown(text[parts < 0], len(parts), name, where)
    found = np.unique(parts)
    if len(found) == 1 or found[0] != TRAIN:
        only = ", ".join(map(repr, np.unique(text).tolist()))
        raise DataError(
            f"{where}: --split {name} says {only} in all rows, which "
            + ("divides nothing" if len(found) == 1 else "leaves none to train on")
            + ". Some rows must be of the training part (train), others of a validation part (val) "
            "or a test part (test)."
        )
    return parts


def part_codes(text: Array, name: str) -> Array:
    """Return TRAIN, VAL or TEST of each word (n,) of a column `name`, -1 of what is no part."""
    different, inverse = np.unique(text, return_inverse=True)
    meaning = _binary(different, name) or {cell: WORDS.get(_bare(cell), -1) for cell in different}
    return np.array([meaning[cell] for cell in different.tolist()], np.int64)[inverse]


UNUSED, KEPT, HELD = b"012"  # what a sample is to a fold: a letter of its text


def given_folds(values: Array, _name: str, _where: str, _row: NthRow = nth) -> Array:
    """Return the text of each sample (n,), a letter a fold, as it was made."""
    return values


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _binary(different: Array, name: str) -> dict[str, int] | None:
    """Return what yes and no mean in a column that is called after a part; None: it is not."""
    cells = [cell.strip().casefold() for cell in different.tolist()]
    part = WORDS.get(re.sub(r"^(is|in|for|use)", "", _bare(name)))
    part = WORDS.get(_bare(name), part)
    if part is None or not set(cells) <= _YES | _NO:
        return None
    other = TEST if part == TRAIN else TRAIN
    return {
        cell: part if bare in _YES else other
        for cell, bare in zip(different.tolist(), cells, strict=True)
    }


def _unknown(cells: Array, n: int, name: str, where: str) -> DataError:
    different, counts = np.unique(cells, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    listed = ", ".join(
        f"{'nothing' if not different[i] else repr(str(different[i]))} ({counts[i]:,})"
        for i in order[:_SHOWN]
    )
    rest = "" if len(order) <= _SHOWN else f" and {len(order) - _SHOWN:,} other values"
    bare = {cell.strip().casefold() for cell in different.tolist()}
    if bare <= _YES | _NO:
        way_out = (
            "What 0 and 1 mean is told by the name of the column alone: call it is_test or "
            "is_train, or write train, val and test."
        )
    elif all(cell.isdecimal() for cell in bare):
        way_out = f"If these are folds or sites, --groups {name} keeps each of them together."
    else:
        way_out = f"Known are {KNOWN}; letter case and marks do not matter."
    return DataError(
        f"{where}: --split {name} names no part in {int(counts.sum()):,} of {n:,} rows, which say "
        f"{listed}{rest}. {way_out}"
    )
