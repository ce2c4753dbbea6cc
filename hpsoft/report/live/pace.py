"""How fast blocks are trained: seconds that a pass takes a model, by the structure of its
block.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hpsoft.engine.plan import Structure

SHORTEST = 1e-12  # seconds: a coarse clock may measure none at all


@dataclass
class _Speed:
    seconds: float = 0.0
    model_epochs: int = 0


class Pace:
    """What was expected, then what is measured; what is measured corrects what is expected."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._expected: dict[Structure, float] = {}
        self._measured: dict[Structure, _Speed] = {}

    @property
    def is_known(self) -> bool:
        """Whether anything is."""
        return bool(self._expected or self._measured)

    @property
    def model_epochs(self) -> int:
        """Passes times models that were measured."""
        return sum(speed.model_epochs for speed in list(self._measured.values()))

    @property
    def seconds(self) -> float:
        """Seconds that those took, of one core."""
        return sum(speed.seconds for speed in list(self._measured.values()))

    def expect(self, rates: Mapping[Structure, float]) -> None:
        """Take what an estimate says."""
        self._expected = dict(rates)

    def measure(self, structure: Structure, seconds: float, model_epochs: int) -> None:
        """Notice some training."""
        speed = self._measured.setdefault(structure, _Speed())
        speed.seconds += seconds
        speed.model_epochs += model_epochs

    def is_measured(self, structure: Structure) -> bool:
        """Whether such a block was."""
        return structure in self._measured

    def rate(self, structure: Structure) -> float:
        """Return the seconds of a pass and model; 0 where nothing is known."""
        return max(SHORTEST, self._rate(structure)) if self.is_known else 0.0

    def _rate(self, structure: Structure) -> float:
        if structure in self._measured:
            speed = self._measured[structure]
            return speed.seconds / max(1, speed.model_epochs)
        if structure in self._expected:
            return self._expected[structure] * self._correction()
        return self.seconds / max(1, self.model_epochs)

    def _correction(self) -> float:
        """Return how much longer training takes than was expected where both are known."""
        both = [
            (speed.seconds, speed.model_epochs * self._expected[structure])
            for structure, speed in list(self._measured.items())
            if structure in self._expected
        ]
        expected = sum(seconds for _, seconds in both)
        return sum(seconds for seconds, _ in both) / expected if expected else 1.0
