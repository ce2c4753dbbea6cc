"""The data sets of a folder of field cases: those that `hpsoft data info` has to read.

expected.json says of every case what a person types, and what is right. The same numbers lie there
in many forms; only one of equal fingerprint is taken.
"""

import json
import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hpsoft.data.encoding.policy import Policy
from hpsoft.data.spec import DataSpec
from hpsoft.errors import DataError

INFO = ["hpsoft", "data", "info"]


def field_sets(folder: Path) -> Iterator[tuple[str, DataSpec]]:
    """Yield name and data set of every case that is to be read, and of the small tables.

    Where values are missing, what the error proposes is done: --missing median.
    """
    seen: dict[str, str] = {}
    for name, case in json.loads((folder / "expected.json").read_text()).items():
        spec = _spec(folder / name, case)
        if spec is None:
            continue
        try:
            spec, data = _loaded(spec)
        except DataError as error:
            sys.stderr.write(f"{name}: refused. {error}\n")
            continue
        if data in seen:
            sys.stderr.write(f"{name}: the same numbers as {seen[data]}\n")
            continue
        seen[data] = name
        yield name, spec


def _spec(folder: Path, case: dict[str, object]) -> DataSpec | None:
    """Return what a case reads, None where it is about something else."""
    words = shlex.split(str(case["steps"][-1]))  # type: ignore[index]
    if words[:2] == ["python", "mean.py"]:
        return DataSpec(str(folder / "t.csv"), target="y")
    if words[:3] != INFO or case["expect"]["exit"] != 0:  # type: ignore[index]
        return None
    target = words[words.index("--target") + 1] if "--target" in words else None
    return DataSpec(str(folder / words[3]), target=target)


def _loaded(spec: DataSpec) -> tuple[DataSpec, str]:
    """Return how a data set can be loaded, and its fingerprint."""
    try:
        return spec, spec.load().fingerprint
    except DataError as error:
        if "--missing" not in str(error):
            raise
    filled = replace(spec, policy=Policy(missing="median"))
    return filled, filled.load().fingerprint
