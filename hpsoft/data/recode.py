"""Columns of a table as the user says they are: words that mean `missing`, numbers that are names.

Readers find out what columns hold; what is said against it by `--missing-values` and
`--categorical` is done here, after them, so that every kind of table has it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from hpsoft.data.encoding.policy import Policy
from hpsoft.data.encoding.table import MISSING, Coded, Field
from hpsoft.data.encoding.words import (
    Words,
    number_or_none,
    split_word,
    words_by_column,
    words_nowhere,
)
from hpsoft.data.errors import nth
from hpsoft.data.side.roles import ROLES
from hpsoft.data.tables.columns import Columns, Kind
from hpsoft.data.tables.tabular import column_index
from hpsoft.data.types import Source
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array


def reading_words(policy: Policy) -> frozenset[str]:
    """Return all words in lower case that may stand in a column of numbers, whichever it is."""
    given = policy.missing_values
    return frozenset(part.casefold() for w in given for part in (w, w.partition("=")[2]) if part)


def recoded(source: Source, policy: Policy) -> tuple[Source, Policy]:
    """Return a source with its columns as the policy says, which then names them by their names.

    Raises:
        DataError: no such column, or one that cannot be so.
    """
    if not (policy.categorical or policy.missing_values):
        return source, policy
    if source.fields is None:
        return _of_arrays(source, policy), policy
    names = _categorical(source, policy)
    features = [field.name for field in source.fields]
    words = words_by_column(policy.missing_values, source.number, features)
    source = replace(source, notes=(*source.notes, *_nowhere(source, policy)))
    known = _without_words(source, words)
    made = _converted(known, set(names), _numbers_now(source, known))
    return made, replace(policy, categorical=names)


def _of_arrays(source: Source, policy: Policy) -> Source:
    """Return arrays in which some numbers are missing."""
    if policy.categorical:
        raise DataError(
            f"--categorical {policy.categorical[0]} makes no sense for {source.origin}: only columns "
            "of tables have names. Store it as a table, or its columns as zeros and ones."
        )
    words = Words.of(policy.missing_values, float)
    if len(words.numbers) < len(words.texts):
        raise DataError(
            f"--missing-values {','.join(policy.missing_values)} makes no sense for "
            f"{source.origin}, which holds numbers alone and no named columns. Name numbers, such "
            "as -999, or leave it out."
        )
    parts = (source.X, source.X_val, source.X_test)
    notes = words_nowhere(
        policy.missing_values,
        lambda word: any(_has(part, float(word)) for part in parts if part is not None),
        (),
        source.origin,
    )
    X, X_val, X_test = (None if part is None else blank(part, words.numbers) for part in parts)
    assert X is not None, "every source has features"
    return replace(source, X=X, X_val=X_val, X_test=X_test, notes=(*source.notes, *notes))


def _has(X: Array, value: float) -> bool:
    X = np.asarray(X)
    return X.dtype.kind in "biuf" and bool(np.any(value == X))


def _categorical(source: Source, policy: Policy) -> tuple[str, ...]:
    """Return the names of the columns whose numbers are names."""
    columns, fields = source.columns, source.fields or ()
    known = [field.name for field in fields] if columns is None else list(columns.names)
    wanted = [column_index(known, n, source.origin, "--categorical") for n in policy.categorical]
    for i in wanted:
        if columns is not None and i not in columns.features:
            raise _no_feature(columns, i, source.origin)
    return tuple(dict.fromkeys(known[i] for i in wanted))


def _no_feature(columns: Columns, i: int, where: str) -> DataError:
    roles = [ROLES[role].option for role, at in columns.side.items() if at == i]
    if i == columns.label:
        why = "it holds the labels, which are classes anyway. Leave it out"
    elif roles and i not in columns.kept:
        why = f"it is the column of {roles[0]}, and no feature. Leave one of the two out"
    else:
        why = f"it is left out: {columns.left_out.get(i)}. Leave one of the two out"
    return DataError(
        f"--categorical makes features of column {columns.names[i]!r} of {where}, but {why}."
    )


def blank(X: Array, values: Sequence[float]) -> Array:
    """Return numbers (n, ...) with NaN in the place of some; the same array if there are none."""
    X = np.asarray(X)
    if not values or X.dtype.kind not in "biuf":
        return X
    gone = np.zeros(X.shape, bool)
    for value in values:
        gone |= value == X
    if not gone.any():
        return X
    small = X.dtype.kind in "bu" and X.dtype.itemsize == 1
    found = X.astype(X.dtype if X.dtype.kind == "f" else np.float32 if small else np.float64)
    found[gone] = np.nan
    return found


def _nowhere(source: Source, policy: Policy) -> tuple[str, ...]:
    """Return a note for the words that say `missing` in no feature."""
    fields = source.fields or ()
    numbers = [field.name for field in fields if not field.is_text]
    texts = [field.name for field in fields if field.is_text]
    columns = [f.name for f in fields] if source.columns is None else source.columns.names
    parts = [X for X in (source.X, source.X_val, source.X_test) if X is not None]
    coded = (source.texts, source.texts_val, source.texts_test)

    def occurs(given: str) -> bool:
        column, word = split_word(given, [field.name for field in fields])
        one = Words.of([word], source.number)
        at = [j for j, name in enumerate(numbers) if column in {None, name}]
        if any(_has(X[:, at], value) for X in parts for value in one.numbers):
            return True
        return any(
            one.are(level, source.number)
            for part in coded
            for name, text in zip(texts, part, strict=False)
            if column in {None, name}
            for level in text.levels
        )

    return words_nowhere(policy.missing_values, occurs, columns, source.origin)


def _without_words(source: Source, words: Mapping[str, Words]) -> Source:
    """Take out what says `missing`."""
    fields = source.fields or ()
    numbers = [field.name for field in fields if not field.is_text]
    texts = [field.name for field in fields if field.is_text]
    read = source.number

    def without(X: Array | None) -> Array | None:
        if X is None:
            return None
        for values in dict.fromkeys(w.numbers for w in words.values() if w.numbers):
            columns = [
                j for j, n in enumerate(numbers) if n in words and words[n].numbers == values
            ]
            if len(columns) == len(numbers):
                X = blank(X, values)
            elif columns:
                part = blank(X[:, columns], values)
                if part.dtype.kind == "f" and np.isnan(part).any():
                    X = X.astype(np.result_type(X.dtype, part.dtype))
                    X[:, columns] = part
        return X

    def known(columns: tuple[Coded, ...]) -> tuple[Coded, ...]:
        return tuple(
            Coded.of(c.codes, [None if words[n].are(level, read) else level for level in c.levels])
            if n in words
            else c
            for n, c in zip(texts, columns, strict=True)
        )

    X = without(source.X)
    assert X is not None, "every source has features"
    return replace(
        source,
        X=X,
        X_val=without(source.X_val),
        X_test=without(source.X_test),
        texts=known(source.texts),
        texts_val=known(source.texts_val) if source.texts_val else (),
        texts_test=known(source.texts_test) if source.texts_test else (),
    )


def _numbers_now(before: Source, after: Source) -> set[str]:
    """Return the columns of text that hold numbers alone, now that some texts are taken out."""
    names = (field.name for field in before.fields or () if field.is_text)
    return {
        name
        for name, old, new in zip(names, before.texts, after.texts, strict=True)
        if 0 < len(new.levels) < len(old.levels)
        if all(number_or_none(level, before.number) is not None for level in new.levels)
    }


def _converted(source: Source, asked: set[str], to_number: set[str]) -> Source:
    """Return a source in which some numbers are texts, and some texts numbers."""
    before = source.fields or ()
    to_text = {f.name for f in before if f.name in asked and not f.is_text}
    to_number = to_number - asked
    if not (to_text or to_number):
        return source
    kinds = dict.fromkeys(to_text, Kind.TEXT) | dict.fromkeys(to_number, Kind.NUMBER)
    after = tuple(Field(f.name, kinds.get(f.name, f.kind)) for f in before)
    columns = source.columns
    if columns is not None:
        found = zip(columns.names, columns.kinds, strict=True)
        columns = replace(columns, kinds=tuple(kinds.get(name, kind) for name, kind in found))
    X, texts = _part(source.X, source.texts, before, after, source)
    made = replace(source, X=X, texts=texts, fields=after, columns=columns)
    if source.X_val is not None:
        X, texts = _part(source.X_val, source.texts_val, before, after, source)
        made = replace(made, X_val=X, texts_val=texts)
    if source.X_test is not None:
        X, texts = _part(source.X_test, source.texts_test, before, after, source)
        made = replace(made, X_test=X, texts_test=texts)
    return made


def _part(
    X: Array,
    texts: Sequence[Coded],
    before: Sequence[Field],
    after: Sequence[Field],
    source: Source,
) -> tuple[Array, tuple[Coded, ...]]:
    """Return the numbers and texts of one part."""
    j = {f.name: k for k, f in enumerate(f for f in before if not f.is_text)}
    coded = {f.name: c for f, c in zip((f for f in before if f.is_text), texts, strict=True)}
    new_texts = tuple(
        coded[f.name] if f.name in coded else names_of(X[:, j[f.name]]) for f in after if f.is_text
    )
    numbers = [f.name for f in after if not f.is_text]
    found = X[:, [j[name] for name in numbers if name in j]]
    for k, name in enumerate(numbers):
        if name not in j:
            values = _numbers_of(coded[name], name, source)
            found = np.insert(found.astype(np.float64), k, values, axis=1)
    return found, new_texts


def names_of(values: Array) -> Coded:
    """Return numbers (n,) as texts: whole ones without a fraction, NaN as missing."""
    found, codes = np.unique(values, return_inverse=True)
    levels = [None if value != value else name_of(value) for value in found.tolist()]  # noqa: PLR0124
    return Coded.of(codes.astype(np.int64), levels)


def name_of(value: float) -> str:
    """Return a number as the name of a value."""
    return str(int(value)) if float(value).is_integer() else repr(value)


def _numbers_of(column: Coded, name: str, source: Source) -> Array:
    """Return texts as numbers (n,), NaN where missing."""
    found = [number_or_none(level, source.number) for level in column.levels]
    if None in found:
        k = found.index(None)
        row = int(np.argmax(column.codes == k))
        raise DataError(
            f"Column {name!r} of {source.origin} holds numbers in the training part, and "
            f"{column.levels[k]!r} in row {nth(row)} of another one. Name it with "
            "--missing-values too, or correct it."
        )
    lookup = np.array([*found, np.nan], np.float64)
    return lookup[np.where(column.codes == MISSING, len(found), column.codes)]
