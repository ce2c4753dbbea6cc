"""What Arrow holds while rows are read: a part of the file, however large it is."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.number import Number
from hpsoft.data.stream.incoming import Wanted
from hpsoft.data.stream.opening import open_rows

GROUP, GROUPS, WIDTH = 2_000, 24, 16
NAMES = [f"f{i}" for i in range(WIDTH)]
WHOLE = GROUP * GROUPS * WIDTH * 8  # bytes: 6 MB


def _table():
    X = np.random.default_rng(0).integers(0, 9, (WIDTH, GROUP * GROUPS)) / 8
    return pa.table(dict(zip(NAMES, X, strict=True)))


def _ipc(path, of):
    table, options = _table(), pa.ipc.IpcWriteOptions(compression="zstd")
    with of(path, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=GROUP)


WRITERS = {
    "a.parquet": lambda path: parquet.write_table(_table(), path, row_group_size=GROUP),
    "a.feather": lambda path: feather.write_feather(_table(), path, chunksize=GROUP),  # LZ4
    "a.arrow": lambda path: _ipc(path, pa.ipc.new_file),
    "a.arrows": lambda path: _ipc(path, pa.ipc.new_stream),
}


@pytest.mark.parametrize("name", WRITERS)
def test_compressed_tables_are_not_held_as_a_whole(name, tmp_path):
    """Over all row groups Parquet's batches kept what they had read, and Arrow's files were
    decompressed to be opened.
    """
    WRITERS[name](tmp_path / name)
    wanted = Wanted(WIDTH, Encoding(tuple(map(Number, NAMES))))
    usual = pa.default_memory_pool()
    counting = pa.proxy_memory_pool(usual)
    pa.set_memory_pool(counting)
    try:
        n = sum(map(len, open_rows(str(tmp_path / name), wanted).chunks()))
    finally:
        pa.set_memory_pool(usual)
    assert n == GROUP * GROUPS
    assert 0 < counting.max_memory() < WHOLE / 3
