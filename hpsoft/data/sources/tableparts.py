"""Folders of tables: shards of one table, and the parts train, validation and test.

    train-00000-of-00004.parquet  data/test-00000-of-00001.parquet  train/0000.parquet  test.csv

as the Hugging Face hub, Spark and people lay them out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hpsoft.data.containers.arraynames import TITLES, WHOLE, place_of
from hpsoft.data.errors import reading
from hpsoft.data.side.values import SideValues
from hpsoft.data.tables.columns import Wish
from hpsoft.data.types import Source
from hpsoft.errors import DataError

DEPTH = 3  # folders below that are looked into
_NUMBERED = re.compile(r"(.*?)[-_]?(\d+)-of-(\d+)$")
_SHARD = re.compile(r"\d+|of|part|shard|data|default|[0-9a-f]{4,}|c000|snappy|gz|zstd")

Read = Callable[[Sequence[Path], Wish], Source]
Names = Callable[[Path], Sequence[str]]  # of the columns of a file


@dataclass(frozen=True)
class Shards:
    """The files of each part of a table: train, val, test, or WHOLE."""

    files: Mapping[str, Sequence[Path]]
    notes: tuple[str, ...] = ()


def find_shards(
    folder: Path, is_one: Callable[[Path], bool], depth: int = DEPTH, *, trains: bool = True
) -> Shards | None:
    """Return the files of tables in a folder, by part; None: there are none.

    `trains`: whether there must be a training part.

    Raises:
        DataError: a shard is missing, or they are of several tables.
    """
    with reading(folder):
        files = sorted(
            path
            for level in range(depth)
            for path in folder.glob("*/" * level + "*")
            if is_one(path) and path.is_file()
            if not any(part[0] in "._" for part in path.relative_to(folder).parts)
        )
    if not files:
        return None
    places = {path: place_of(str(path.relative_to(folder).with_suffix(""))) for path in files}
    parts = {place.part for place in places.values()}
    main = "train" if "train" in parts else WHOLE
    other = [path for path in files if main == "train" and places[path].part == WHOLE]
    kept = {path: place for path, place in places.items() if path not in other}
    _check_one_table(folder, {path: _table(place.words) for path, place in kept.items()})
    _check_complete(folder, list(kept))
    found: dict[str, list[Path]] = {}
    for path, place in kept.items():
        found.setdefault("train" if place.part == main else place.part, []).append(path)
    if trains and "train" not in found:
        alone = ", ".join(path.name for path in files[:5])
        if trained := _training_of_another_format(folder):
            raise DataError(
                f"{folder} has {alone}, and its training part {trained} in another format. Write "
                "the parts in the same format, or name the file that is meant."
            )
        raise DataError(
            f"{folder} has {alone}, but no training part. Name the file that is meant, or call one "
            "train."
        )
    notes = tuple(
        f"{path.relative_to(folder)} is no part of the data, and not read." for path in other
    )
    return Shards(found, notes[:3])


def _training_of_another_format(folder: Path) -> str | None:
    """Return the name of a file that is called a training part; None: there is none."""
    names = sorted(path.name for path in folder.glob("[!._]*") if path.is_file())
    return next((n for n in names if place_of(n.partition(".")[0]).part == "train"), None)


def _table(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a path that are neither numbers of shards nor what writers add."""
    return tuple(word for word in words if not _SHARD.fullmatch(word))


def _check_one_table(folder: Path, tables: Mapping[Path, tuple[str, ...]]) -> None:
    names = sorted({"/".join(words) or "(no name)" for words in tables.values()})
    if len(names) > 1:
        raise DataError(
            f"{folder} holds several tables: {', '.join(names[:12])}. Name the folder or the file "
            "of one of them."
        )


def _check_complete(folder: Path, files: Sequence[Path]) -> None:
    counted: dict[tuple[Path, str, int], set[int]] = {}
    for path in files:
        if match := _NUMBERED.match(path.stem):
            key = (path.parent, match[1], int(match[3]))
            counted.setdefault(key, set()).add(int(match[2]))
    for (_, name, n), there in counted.items():
        if missing := sorted(set(range(n)) - there):
            first = f"{name}-{missing[0]:05d}-of-{n:05d}"
            raise DataError(
                f"{folder} lacks {len(missing)} of {n} shards of {name or 'the table'}, the first "
                f"of them {first}. Copy or download them too: a part of the rows is another data "
                "set."
            )


def read_parts(shards: Shards, folder: Path, read: Read, names: Names, wish: Wish) -> Source:
    """Read the training part, and the others with the same columns.

    Raises:
        DataError: a part cannot be read, or lacks a column.
    """
    train = read(shards.files["train"], wish)
    assert train.columns is not None, "tables have columns"
    chosen = [train.columns.names[i] for i in train.columns.features]
    label = train.columns.label_name
    same = replace(wish, target=label, features=tuple(chosen), keep=(), drop=())
    parts: dict[str, Source | None] = {"val": None, "test": None}
    notes = [*train.notes, *shards.notes]
    left = [*train.left]
    for part in parts.keys() & shards.files.keys():
        files, title = shards.files[part], TITLES[part]
        if label not in names(files[0]):
            notes.append(f"{files[0].name} has no labels, column {label!r}, and is not read.")
            continue
        found = read(files, same)
        if _is_unlabelled(found):
            notes.append(f"All labels of {files[0].name} are -1: it has none, and is not read.")
            continue
        assert found.columns is not None, "as above"
        if [found.columns.names[i] for i in found.columns.features] != chosen:
            raise DataError(
                f"The columns of {files[0]} are in another order than those of the training part. "
                "Write them in the same order."
            )
        check_kinds(train, found, str(files[0]))
        parts[part] = found
        left += [f"Of the {title} part, {said}" for said in found.left]
        notes.append(
            f"{files[0].relative_to(folder)} is the {title} part.".replace("-00000-of-", "-*-of-")
        )
    val, test = parts["val"], parts["test"]
    return replace(
        train,
        name=folder.resolve().name,
        origin=str(folder),
        notes=tuple(notes),
        left=tuple(left),
        X_val=None if val is None else val.X,
        labels_val=None if val is None else val.labels,
        X_test=None if test is None else test.X,
        labels_test=None if test is None else test.labels,
        texts_val=() if val is None else val.texts,
        texts_test=() if test is None else test.texts,
        side=_side(train, val, test),
    )


def check_kinds(train: Source, part: Source, where: str) -> None:
    """Check that columns of text are those of the training part.

    Raises:
        DataError: they are not.
    """
    for mine, its in zip(train.fields or (), part.fields or (), strict=True):
        if mine.is_text != its.is_text:
            words = {True: "text", False: "numbers"}
            raise DataError(
                f"Column {mine.name!r} of {where} holds {words[its.is_text]}, and "
                f"{words[mine.is_text]} in the training part. Mend it in one of them, or leave it "
                "out with --drop."
            )


def _is_unlabelled(part: Source) -> bool:
    """Tell whether labels are hidden, as those of public test parts often are."""
    labels = np.asarray(part.labels)
    return labels.ndim == 1 and bool(np.all(np.isin(labels.astype(str), ("-1", "-1.0"))))


def _side(train: Source, val: Source | None, test: Source | None) -> dict[str, SideValues]:
    return {
        role: replace(
            values,
            val=val.side[role].train if val else None,
            test=test.side[role].train if test else None,
        )
        for role, values in train.side.items()
    }
