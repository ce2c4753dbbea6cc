"""A small search through the public functions: data in a file, options, events."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hpsoft.data import load
from hpsoft.engine.estimate import LEAST_SECONDS
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.events import Finished
from hpsoft.tuning.prepare import prepare
from hpsoft.tuning.prepared import Prepared
from hpsoft.tuning.run import search

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
            "settings": SETTINGS,
            "cv": "none",
            "jobs": 1,
        }
        source = {"spec": str(self.data), "test_fraction": 0.2, "seed": 0}
        prepared = prepare(SearchConfig(**options | changes), load(**source).training, source)
        jobs = prepared.jobs if cores is None else cores
        return replace(prepared, jobs=jobs, least_seconds=least_seconds)

    def run(self, **changes) -> Finished:
        """Search to the end."""
        *_, finished = search(self.prepare(**changes))
        assert isinstance(finished, Finished)
        return finished
