"""What does reading cost beside pandas' and NumPy's own readers?

Every form of the same numbers is read by hpsoft's reader and by the reader that people know, in
turns, from the page cache; pages that hpsoft maps are touched. hpsoft goes from the path to a
`Source`: X row by row, labels, the reader's checks. pandas reads a CSV into a frame (its default
engine), Parquet into a frame and that into arrays. Figures are minima over the rounds, as ratios
in one run; the target is 1.3. `load` is all that `--data` does, which the peers do not do: every
number checked, every byte in the fingerprint. With `--csv-gb` a CSV of that size is read in a
process of its own, to tell its memory: the table in memory, and what is more than that.

    pip install pandas
    python tests/benchmarks/reading.py [--rows 40000] [--columns 100] [--rounds 5] [--csv-gb 1]
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from common import Row, emit, machine, parser, warn_if_busy
from memory import TreeMemory

from hpsoft.data import load
from hpsoft.data.sources.paths import read_path
from hpsoft.data.tables.columns import Wish

TARGET = 1.3
PAGE = 4096
LARGE = """
import sys
from hpsoft.data.sources.paths import read_path
from hpsoft.data.tables.columns import Wish
print(read_path(sys.argv[1], Wish(), None, ()).X.nbytes)
"""

Read = Callable[[Path], Any]


def write(folder: Path, n: int, d: int) -> dict[str, tuple[Path, Read]]:
    """Write the same numbers in every form; return the path and the peer of each."""
    import pandas as pd
    import pyarrow as pa
    from pyarrow import csv, parquet
    from safetensors.numpy import load_file, save_file

    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(n, d)).round(4), rng.integers(0, 10, n)
    pixels = rng.integers(0, 256, (n, d), np.uint8)
    columns = {**{f"x{i}": X[:, i] for i in range(d)}, "label": y}
    single = X.astype(np.float32)
    lists = pa.FixedSizeListArray.from_arrays(pa.array(single.ravel()), d)
    csv.write_csv(pa.table(columns), folder / "numbers.csv")
    dots = {**{f"p{i}": pixels[:, i] for i in range(d)}, "label": y}
    csv.write_csv(pa.table(dots), folder / "pixels.csv")
    parquet.write_table(pa.table(columns), folder / "numbers.parquet")
    parquet.write_table(pa.table({"emb": lists, "label": y}), folder / "lists.parquet")
    np.savez(folder / "plain.npz", X=single, y=y)
    np.savez_compressed(folder / "packed.npz", X=single, y=y)
    save_file({"X": single, "y": y}, folder / "a.safetensors")
    return {
        "CSV, numbers | pandas": (folder / "numbers.csv", pd.read_csv),
        "CSV, pixels | pandas": (folder / "pixels.csv", pd.read_csv),
        "Parquet | pandas, to_numpy": (folder / "numbers.parquet", _arrays),
        "Parquet, lists | pandas, stacked": (folder / "lists.parquet", _stacked),
        ".npz | NumPy": (folder / "plain.npz", _npz),
        ".npz, compressed | NumPy": (folder / "packed.npz", _npz),
        ".safetensors | its library": (folder / "a.safetensors", load_file),
    }


def _npz(path: Path) -> dict[str, Any]:
    with np.load(path) as arrays:
        return dict(arrays)


def _arrays(path: Path) -> Any:
    import pandas as pd

    table = pd.read_parquet(path)
    return table.drop(columns="label").to_numpy(), table["label"].to_numpy()


def _stacked(path: Path) -> Any:
    import pandas as pd

    table = pd.read_parquet(path)
    return np.stack(table["emb"].to_numpy()), table["label"].to_numpy()


def _ours(path: Path) -> Any:
    source = read_path(str(path), Wish(), None, ())
    touched = [
        _touch(array) for array in (source.X, source.labels) if isinstance(array, np.memmap)
    ]
    return source, touched


def _touch(array: np.memmap) -> int:
    """Read a byte of every page."""
    return int(array.reshape(-1).view(np.uint8)[::PAGE].sum())


def _load(path: Path) -> Any:
    return load(str(path))


def measure(path: Path, peer: Read, rounds: int) -> dict[str, float]:
    """Return the least seconds of each reader, taking turns."""
    readers = {"hpsoft": _ours, "peer": peer, "load": _load}
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(rounds + 1):  # the first imports
        for name, read in readers.items():
            began = time.perf_counter()
            read(path)
            best[name] = min(best[name], time.perf_counter() - began)
    return best


def row(name: str, seconds: dict[str, float], size: int) -> Row:
    """Return one line of the table."""
    ratio = seconds["hpsoft"] / seconds["peer"]
    return {
        "form": name,
        "MB": size / 1e6,
        "hpsoft s": seconds["hpsoft"],
        "peer s": seconds["peer"],
        "ratio": ratio,
        "target": TARGET,
        "met": ratio <= TARGET,
        "load s": seconds["load"],
    }


def memory(folder: Path, gigabytes: float) -> Row:
    """Read a large CSV in a process of its own; return its time and memory."""
    path = folder / "large.csv"
    rng = np.random.default_rng(0)
    lines = "\n".join(",".join(f"{v:.5f}" for v in r) + ",a" for r in rng.normal(size=(2000, 100)))
    with path.open("w", encoding="ascii") as file:
        file.write(",".join([*(f"x{i}" for i in range(100)), "kind"]) + "\n")
        while file.tell() < gigabytes * 1e9:
            file.write(lines + "\n" + lines.replace(",a\n", ",b\n") + "\n")
    began = time.perf_counter()
    command = [sys.executable, "-c", LARGE, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watch = TreeMemory(process.pid)
        watch.start()
        matrix = int(process.communicate()[0])
        watch.stop()
    return {
        "large CSV, MB": path.stat().st_size / 1e6,
        "its seconds": time.perf_counter() - began,
        "its matrix, MB": matrix / 1e6,
        "its peak, MB (PSS, libraries included)": watch.peak_pss / 1e6,
    }


def options() -> argparse.Namespace:
    """Return what was typed."""
    found = parser(__doc__)
    found.add_argument("--rows", type=int, default=40_000)
    found.add_argument("--columns", type=int, default=100)
    found.add_argument("--rounds", type=int, default=5)
    found.add_argument("--csv-gb", type=float, default=0.0)
    return found.parse_args()


def main() -> None:
    """Measure and print."""
    args, facts = options(), machine()
    warn_if_busy(facts)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        forms = write(folder, args.rows, args.columns)
        rows = [
            row(name, measure(path, peer, args.rounds), path.stat().st_size)
            for name, (path, peer) in forms.items()
        ]
        if args.csv_gb:
            facts |= memory(folder, args.csv_gb)
    emit(facts, rows, as_json=args.json)
    if not all(row.get("met", True) for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
