"""Is the winner of a grid that grew better than the one before? Both, on other parts of the data.

A larger grid has more trials to be lucky with: its lowest cost falls even where nothing better
lies beyond.
"""

from collections.abc import Generator

from hpsoft.assess.repetitions import Repetitions, repeat, usual_repetitions
from hpsoft.data import Dataset
from hpsoft.engine.points import Progress
from hpsoft.study.records import TrialRecord
from hpsoft.tuning.events import Extension
from hpsoft.tuning.noise import difference
from hpsoft.tuning.prepared import Prepared
from hpsoft.tuning.setting.views import Looks


def compare_winners(
    prepared: Prepared, before: TrialRecord, after: TrialRecord, data: Dataset | None = None
) -> Generator[Progress, None, Extension]:
    """Train both winners again on other parts of the data, and return the comparison.

    `data` None is read again from where it lies.

    Raises:
        HpsoftError: the data has changed, or a worker process died.
    """
    identity = prepared.identity
    training = identity.load_data(data).training
    validation = identity.validation.anew.of_pooled(training)
    seeds = [identity.seed + 1 + i for i in range(usual_repetitions(validation.folds))]
    points = [before.params, after.params]
    looks = Looks(training.feature_sets, identity.scale).among(points)
    how = Repetitions(
        identity, prepared.optimizer, training, validation, seeds, prepared.jobs, looks
    )
    repeated = yield from repeat(how, points)
    old, new = repeated.losses.tolist()
    return Extension(before, after, difference(new, old, validation.overlap))
