"""All that `hpsoft card` tells, read from the study alone: nothing is trained, no data are read.

So two cards of one study are the same, and there is no time in them but those that it has kept.
"""

from dataclasses import dataclass

from hpsoft.assess.card.neighbourhood import Neighbour, neighbourhood
from hpsoft.assess.card.remembered import (
    Luck,
    OptimumDistance,
    TestUse,
    distance_of,
    luck_of,
    use_of,
)
from hpsoft.softmax.metric import Metric
from hpsoft.study.certificate import Certificate, certify
from hpsoft.study.identity import GRID, StudyDescription
from hpsoft.study.records import TrialRecord
from hpsoft.study.study import Study


@dataclass(frozen=True)
class Card:
    """The protocol of a study."""

    study: str
    storage: str  # without passwords
    about: StudyDescription
    proof: Certificate
    winner: TrialRecord | None  # None: no trial has a value
    neighbours: tuple[Neighbour, ...]
    luck: Luck | None  # None: never confirmed
    distance: OptimumDistance | None  # None: never compared with exact optima
    uses: tuple[TestUse, ...]  # of the test set: this study's, and others' on the same data
    used: TrialRecord | None  # whose values were used: the last that was tested, else the winner

    @property
    def metric(self) -> Metric:
        """By which the winner was chosen."""
        return self.about.identity.chosen_by

    @property
    def is_finished(self) -> bool:
        """Whether every point that the search was to try has a finished trial.

        A sampler's search is: only who ran it knows how many trials there were to be.
        """
        return self.proof.exhausted or (self.proof.sampler != GRID and self.proof.n_finished > 0)

    @property
    def own_uses(self) -> tuple[TestUse, ...]:
        """The uses of the test set by trials of this study, oldest first."""
        return tuple(use for use in self.uses if use.study == self.study)


def make_card(study: Study) -> Card:
    """Return the protocol of a study.

    Raises:
        StudyError: another tool made it, or it says what hpsoft does not write.
        StorageError: the storage cannot be read.
    """
    about = study.description
    identity, ranking = about.identity, study.ranking
    winner = ranking[0] if ranking else None
    uses = tuple(use_of(name, kept) for name, kept in study.test_uses_by_study)
    tested = [use.trial for use in uses if use.study == study.name]
    by_number = {trial.number: trial for trial in study.trials}
    return Card(
        study=study.name,
        storage=str(study.connection.location),
        about=about,
        proof=certify(study.connection, study.name),
        winner=winner,
        neighbours=neighbourhood(study.trials, identity.space, identity.validation.overlap),
        luck=luck_of(study.confirmation, winner),
        distance=distance_of(study.optimum),
        uses=uses,
        used=by_number.get(tested[-1], winner) if tested else winner,
    )
