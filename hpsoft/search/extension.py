"""Is the winner of a grid that grew better than the one before? Both, on other parts of the data.

A larger grid has more trials to be lucky with: its lowest cost falls even where nothing better
lies beyond.
"""

import math
from collections.abc import Generator
from dataclasses import dataclass

from hpsoft.search.noise import Difference, difference
from hpsoft.search.prepare import Prepared
from hpsoft.search.reading import describe_study
from hpsoft.search.records import TrialRecord
from hpsoft.search.repetitions import Repetitions, repeat, usual_repetitions
from hpsoft.search.retrain import Progress
from hpsoft.search.same_data import same_data
from hpsoft.search.validation import recorded_validation


@dataclass(frozen=True)
class Extension:
    """The winners before and after a grid grew."""

    before: TrialRecord
    after: TrialRecord
    difference: Difference  # by how much the later one costs more on other parts

    @property
    def is_worse(self) -> bool:
        """Whether the later winner costs more there, or diverges."""
        return self.difference.mean > 0 or math.isnan(self.difference.mean)


def compare_winners(
    prepared: Prepared, before: TrialRecord, after: TrialRecord
) -> Generator[Progress | Extension, None, None]:
    """Train both winners again on other parts of the data, and end with the comparison.

    Raises:
        HpsoftError: the data has changed, or a worker process died.
    """
    about = describe_study(prepared.config.storage, prepared.study)
    data = same_data(about, None).training
    validation = recorded_validation(about).of_pooled(data)
    seeds = [about["seed"] + 1 + i for i in range(usual_repetitions(validation.folds))]
    how = Repetitions(about, prepared.optimizer, data, validation, seeds, prepared.jobs)
    repeated = yield from repeat(how, [before.params, after.params])
    old, new = repeated.costs.tolist()
    yield Extension(before, after, difference(new, old, validation.overlap))
