"""A small search through the public functions: data in a file, options, events."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hpsoft.cli.values import parse_options, parse_settings
from hpsoft.data.spec import DataSpec
from hpsoft.engine.estimate import LEAST_SECONDS
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.events import Event, Finished, Opened
from hpsoft.tuning.prepare import prepare
from hpsoft.tuning.prepared import Prepared
from hpsoft.tuning.run import open_search, search

SETTINGS = (
    "epochs=1,2,4",
    "batch_size=7,32",
    "learning_rate=0.05,0.5,1e308",  # the last one diverges
    "alpha=0,0.01",
)


def write_data(folder: Path, n=150, seed=0) -> Path:
    """Write n samples of 6 whole numbers in 3 classes of unequal size."""
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 256, (n, 6)).astype(np.uint8)
    logits = X / 60 @ rng.normal(size=(6, 3)) + rng.gumbel(size=(n, 3)) + [0.5, 0, -0.5]
    path = folder / "small.npz"
    np.savez(path, X=X, y=np.array(["ant", "bee", "cat"])[logits.argmax(axis=1)])
    return path


def stream(prepared: Prepared) -> Generator[Opened | Event | Finished, None, None]:
    """Yield what happens in a search, from what is known at its start to its result."""
    with open_search(prepared) as opened:
        yield opened.opened
        yield (yield from opened.run())


@dataclass
class SmallSearch:
    """Where the data and the studies of a test lie."""

    folder: Path
    data: Path

    def prepare(self, *, cores=None, least_seconds=LEAST_SECONDS, **changes) -> Prepared:
        """Prepare the search as the command line does.

        Or for so many cores, whatever there are, and with processes from so many seconds of work.
        """
        options = {
            "study": "s",
            "storage": str(self.folder / "s.journal"),
            "dtype": "float64",
            "space": parse_settings(changes.pop("settings", SETTINGS)),
            "cv": "none",
            "jobs": 1,
        }
        for name in {"sampler_options", "pruner_options"} & changes.keys():
            changes[name] = parse_options(changes[name], "--" + name.replace("_", "-")[:-1])
        source = DataSpec(str(self.data))
        prepared = prepare(SearchConfig(**options | changes), source.load().training, source)
        jobs = prepared.jobs if cores is None else cores
        return replace(prepared, jobs=jobs, least_seconds=least_seconds)

    def run(self, **changes) -> Finished:
        """Search to the end."""
        return search(self.prepare(**changes))
