"""An optimizer with models to try it on.

The models are the calm half of the default space: from its lower end to its middle. Past the edge
of stability any change in the order of a sum grows, and nothing equals anything.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from hpsoft.data.summaries import summary
from hpsoft.data.types import Samples
from hpsoft.engine.tiles import TILE_BYTES
from hpsoft.optimizers.protocol import (
    Hyperparameter,
    Models,
    Optimizer,
    Problem,
    Role,
    Space,
    Value,
)
from hpsoft.softmax.summary import DataSummary
from hpsoft.testing.compare import Weights, full, train

BATCH = 7  # samples a step: the last mini-batch of a pass is shorter
MOST_MODELS = 6
SMALL = 8  # a structural domain that is no wider is tried at both ends


@dataclass(frozen=True)
class Subject:
    """The optimizer that is checked."""

    make: Callable[[], Optimizer]
    space: Space | None = None  # values to try instead of the default space
    converges: bool = True  # whether it claims to reach the optimum, given full batches
    structure: Mapping[str, Value] = field(default_factory=dict)  # instead of the first values

    def variants(self) -> "Iterator[Subject]":
        """Yield the optimizer with small structural domains at their lower, then upper ends.

        Where values are given, their smallest and largest are the ends.
        """
        small = {h.name: _ends(h, self.space) for h in of_role(self.make(), Role.STRUCTURAL)}
        small = {name: ends for name, ends in small.items() if ends[1] - ends[0] <= SMALL}
        if not small:
            yield self
        for end in (0, 1) if small else ():
            yield replace(self, structure={name: ends[end] for name, ends in small.items()})

    def summary(self, problem: Problem) -> DataSummary:
        """Return what `default_space` is told of a problem."""
        samples = Samples(problem.X, problem.labels)
        return summary(samples, "contract", problem.n_classes)

    def values(self, problem: Problem) -> Mapping[str, Sequence[Value]]:
        """Return the values to try, of all hyperparameters."""
        optimizer = self.make()
        usual = {h.name: (h.default,) for h in optimizer.hyperparameters if h.default is not None}
        return {**usual, **(self.space or optimizer.default_space(self.summary(problem)))}

    def models(self, problem: Problem, batch: int = BATCH) -> Models:
        """Return some calm models side by side."""
        optimizer, values = self.make(), self.values(problem)
        columns = {h.name: _calm(h, values[h.name]) for h in of_role(optimizer, Role.COLUMNAR)}
        points = list(itertools.product(*columns.values()))
        if len(points) > MOST_MODELS:
            chosen = np.linspace(0, len(points) - 1, MOST_MODELS).round().astype(int)
            points = [points[i] for i in chosen]
        table = np.array(points, np.float64).reshape(len(points), len(columns))
        structure = {
            h.name: min(batch, len(problem.labels))
            if h.within_samples
            else self.structure.get(h.name, values[h.name][0])
            for h in of_role(optimizer, Role.STRUCTURAL)
        }
        return Models(len(table), dict(zip(columns, table.T, strict=True)), structure)

    def run(
        self,
        problem: Problem,
        models: Models,
        n_passes: int = 3,
        *,
        tile_bytes: int = TILE_BYTES,
    ) -> Weights:
        """Train from the first state and return the models."""
        state = train(self.make(), problem, models, 0, n_passes, tile_bytes=tile_bytes)
        return full(state, problem)


def of_role(optimizer: Optimizer, role: Role) -> list[Hyperparameter]:
    """Return the hyperparameters with that role."""
    return [h for h in optimizer.hyperparameters if h.role is role]


def _ends(h: Hyperparameter, space: Space | None) -> tuple[Value, Value]:
    if space and not h.within_samples:
        return min(space[h.name]), max(space[h.name])
    if h.within_samples or h.high - h.low > SMALL:
        return 0, math.inf
    return lowest(h), h.kind(h.high)


def lowest(h: Hyperparameter) -> Value:
    """Return the lowest value of a domain; of an open one, what is next to its end."""
    if not h.above_low:
        return h.kind(h.low)
    return int(h.low) + 1 if h.kind is int else math.nextafter(h.low, math.inf)


def _calm(h: Hyperparameter, values: Sequence[Value]) -> list[Value]:
    """Return the lowest value and that in the middle; of a single value, half of it too."""
    ascending = sorted(values)
    chosen = {ascending[0], ascending[len(ascending) // 2]}
    if len(chosen) == 1:
        half = ascending[0] / 2
        chosen |= {half} if half and h.low < half < h.high else set()
    return sorted(chosen)
