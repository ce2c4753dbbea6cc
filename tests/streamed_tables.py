"""A table in every form, as the columns that a model takes, and by hand."""

import gzip
from dataclasses import replace

import numpy as np
import pyarrow as pa
from pyarrow import feather, parquet

from hpsoft.data.encoding.category import Category
from hpsoft.data.encoding.date import Date
from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.left import Left
from hpsoft.data.encoding.number import Number
from hpsoft.data.stream.incoming import Asked, Wanted
from hpsoft.data.stream.opening import open_rows

N = 150
ENCODING = Encoding(
    (
        Number("size", fill=7.0),
        Number("ok", kind="truth"),
        Left("flat", "constant"),
        Category("colour", ("blue", "red", "")),
        Date("seen", "ymd"),
        Number("made", kind="date"),
        Left("note", "it is empty", is_text=True),
    )
)
WANTED = Wanted(7, ENCODING, label="kind", known=frozenset(("id",)))


def columns():
    """Return the columns of a table by name, as Python's values."""
    rng = np.random.default_rng(0)
    days = [np.datetime64("2024-01-01") + int(d) for d in rng.integers(0, 99, N)]
    return {
        "id": list(range(N)),
        "kind": [["ant", "bee", None][k] for k in rng.integers(0, 3, N)],
        "made": [day.astype(object) for day in days],
        "colour": [["blue", "red", None, "green"][k] for k in rng.integers(0, 4, N)],
        "size": [None if s < -1 else float(s) for s in rng.normal(size=N)],
        "extra": list(range(N, 0, -1)),
        "ok": [bool(b) for b in rng.integers(0, 2, N)],
        "seen": [str(day) for day in days],
    }


def expected():
    """Return X by hand."""
    made = columns()
    days = np.array([np.datetime64(d).astype(int) for d in made["made"]], float)
    numbers = [
        [7.0 if s is None else s for s in made["size"]],
        made["ok"],
        *([c == level for c in made["colour"]] for level in ("blue", "red", None)),
        days,
        days,
    ]
    return np.array(numbers, float).T


def write_csv(path, separator=",", opener=open):
    made = columns()
    with opener(path, "wt") as file:
        file.write(separator.join(made) + "\n")
        for row in zip(*made.values(), strict=True):
            cells = ["" if v is None else str(v).lower() for v in row]
            file.write(separator.join(cells) + "\n")


def write_arff(path):
    made = columns()
    kinds = {"id": "numeric", "size": "numeric", "extra": "numeric"}
    with path.open("w") as file:
        file.write("@relation r\n")
        file.writelines(f"@attribute {name} {kinds.get(name, 'string')}\n" for name in made)
        file.write("@data\n")
        for i in range(N):
            row = [made[name][i] for name in made]
            row = [int(v) if isinstance(v, bool) else "?" if v is None else v for v in row]
            file.write(",".join(map(str, row)) + "\n")


def write_ipc(path, of=pa.ipc.new_file, **options):
    table = pa.table(columns())
    with of(path, table.schema, **options) as writer:
        writer.write_table(table, max_chunksize=80)


def write_shards(path):
    path.mkdir()
    table = pa.table(columns())
    for k, start in enumerate((0, 50, 100)):
        parquet.write_table(table.slice(start, 50), path / f"train-0000{k}-of-00003.parquet")


FORMS = {
    "a.csv": write_csv,
    "a.tsv.gz": lambda path: write_csv(path, "\t", gzip.open),
    "a.parquet": lambda path: parquet.write_table(pa.table(columns()), path, row_group_size=64),
    "a.feather": lambda path: feather.write_feather(pa.table(columns()), path),
    "b.feather": lambda path: feather.write_feather(pa.table(columns()), path, version=2,
                                                    compression="zstd"),
    "a.arrow": write_ipc,
    "a.arrows": lambda path: write_ipc(path, pa.ipc.new_stream),
    "a.arff": write_arff,
    "shards": write_shards,
}  # fmt: skip


def whole(spec, wanted=WANTED, **asked):
    """Return X, the labels, and what was opened; every file is read in several chunks."""
    wanted = replace(wanted, chunk_cells=100)
    opened = open_rows(str(spec), wanted, Asked(**asked))
    chunks = list(opened.chunks())
    X = np.concatenate([np.asarray(wanted.encoding.apply(chunk.table)) for chunk in chunks])
    if chunks[0].labels is None:
        return X, None, opened
    return X, np.concatenate([chunk.labels for chunk in chunks]), opened
