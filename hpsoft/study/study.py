"""A study that is open for reading: the handle that is passed on, and what is read through it."""

import os
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hpsoft.errors import StudyError
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.optimizers.registry import PLUGINS, installed
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.optimizers.shipped import how_to_install
from hpsoft.study.attributes import (
    BEST,
    confirmation_of,
    confirmed_trial,
    optimum_of,
    record_confirmation,
    record_optimum,
    record_test_use,
    uses_of_data,
    uses_of_test,
)
from hpsoft.study.find import Choice, choose_study
from hpsoft.study.identity import StudyDescription
from hpsoft.study.leaderboard import competitors, rank, sort_trials
from hpsoft.study.reader import Where, description, load, open_storage, records
from hpsoft.study.records import TrialRecord
from hpsoft.study.storage.connect import Connection
from hpsoft.study.summaries import StudySummary, summary_of

if TYPE_CHECKING:
    import optuna


class Study:
    """A study by its name; it is opened once, and its description and its trials are read once,
    when they are asked for.
    """

    def __init__(self, connection: Connection, choice: Choice) -> None:
        """Take an open storage and the choice of a study in it."""
        self.connection = connection.of(choice.name)
        self.name = choice.name
        self.note = choice.note  # which study was taken of several data sets, and why
        self._summary = choice.summary

    @cached_property
    def _study(self) -> "optuna.Study":
        return load(self.connection, self.name)

    @cached_property
    def summary(self) -> StudySummary:
        """The study in a few figures.

        Raises:
            StorageError: the storage cannot be read.
        """
        if self._summary is not None:
            return self._summary
        study = self._study
        with self.connection.errors():
            return summary_of(study)

    @cached_property
    def own_description(self) -> StudyDescription | None:
        """What the study says about itself, None where another tool made it.

        Raises:
            StudyError: it says what hpsoft does not write.
            StorageError: the storage cannot be read.
        """
        study = self._study
        with self.connection.errors():
            return description(study)

    @property
    def files(self) -> dict[Path, str]:
        """Storage and data, where they are files, and what each is."""
        about = self.own_description
        data = None if about is None else about.identity.source.spec
        return self.connection.location.files(data)

    @property
    def description(self) -> StudyDescription:
        """What the study says about itself: data, split, seed, space, versions.

        Raises:
            StudyError: another tool made it, or it says what hpsoft does not write.
            StorageError: the storage cannot be read.
        """
        if self.own_description is None:
            where = self.connection.location
            raise StudyError(f"Study {self.name!r} in {where} was made by another tool.")
        return self.own_description

    def load_optimizer(self) -> Optimizer:
        """Return the optimizer that the study was searched by.

        Raises:
            StudyError: it is not installed any more, or not loaded by the user's wish.
            OptimizerError: it is installed and does not load.
        """
        self.check_optimizer()
        return load_optimizer(self.description.identity.optimizer)

    def check_optimizer(self) -> None:
        """Check that the optimizer that the study was searched by is installed.

        Raises:
            StudyError: it is not, or not loaded by the user's wish.
        """
        about = self.description
        name, whose = about.identity.optimizer, about.versions.get("optimizer", "")
        if name in installed():
            return
        of = f" of {whose}" if whose else ""
        text = f"Study {self.name!r} was searched by the optimizer {name!r}{of}, which is not "
        if os.environ.get(PLUGINS) == "builtin":
            raise StudyError(
                f"{text}built in, and others are not loaded: leave out --builtin-plugins (or "
                f"{PLUGINS}=builtin)."
            )
        raise StudyError(f"{text}installed here. {how_to_install(name, whose)}")

    @cached_property
    def trials(self) -> list[TrialRecord]:
        """The finished trials, by number.

        Raises:
            StudyError: the study has several objectives.
            StorageError: the storage cannot be read.
        """
        study = self._study
        with self.connection.errors():
            return records(study)

    @cached_property
    def ranking(self) -> list[TrialRecord]:
        """The trials that compete, the best first: of each point of the grid one, with a value."""
        return rank(competitors(self.trials))

    def trial(self, wanted: int | str | None) -> TrialRecord:
        """Return the winner of the search, a trial by its number, or what a confirmation chose.

        Raises:
            StudyError: there is no such trial with a value, or no confirmation of that kind.
        """
        number = self.confirmed(wanted) if isinstance(wanted, str) else wanted
        found = (
            self.ranking if number is None else rank(t for t in self.trials if t.number == number)
        )
        if not found:
            which = "a finished trial" if number is None else f"a finished trial {number}"
            raise StudyError(
                f"Study {self.name!r} does not have {which} with a value. "
                f"`hpsoft trials --study {self.name}` lists those it has."
            )
        return found[0]

    @property
    def own_test_uses(self) -> list[dict[str, Any]]:
        """When the test set was used by trials of this study, and with what results."""
        study = self._study
        with self.connection.errors():
            return uses_of_test(study)

    @property
    def test_uses(self) -> int:
        """How often the test set of its data was used, by whichever study of the storage."""
        return len(self.test_uses_by_study)

    @property
    def test_uses_by_study(self) -> list[tuple[str, dict[str, Any]]]:
        """Every use of the test set of its data in the storage, with the study that made it."""
        about = self.own_description
        fingerprint = None if about is None else about.identity.fingerprint
        return uses_of_data(self.connection.attributes(), fingerprint)

    def record_test_use(
        self,
        trial: int,
        result: Mapping[str, Any],
        when: datetime | None = None,
        seed: int | None = None,
        asked: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a use of the test set: by which trial, with what result in JSON's types, when (now),
        by what order of samples (None: the study's), and what else was asked for.

        Raises:
            StorageError: the storage cannot be written.
        """
        record_test_use(self.connection, self._study, trial, result, when, seed, asked)

    @property
    def confirmation(self) -> dict[str, Any] | None:
        """The last confirmation, None if there is none."""
        study = self._study
        with self.connection.errors():
            return confirmation_of(study)

    def confirmed(self, choice: str) -> int | None:
        """Return the number of the trial that the last confirmation chose; None: the best.

        Raises:
            StudyError: there is none, or it recommends no trial.
        """
        return None if choice == BEST else confirmed_trial(self.name, self.confirmation, choice)

    def record_confirmation(self, kept: dict[str, Any]) -> None:
        """Put a confirmation, in JSON's types, in the place of the one before.

        Raises:
            StorageError: the storage cannot be written.
        """
        record_confirmation(self.connection, self._study, kept)

    @property
    def optimum(self) -> dict[str, Any] | None:
        """The last comparison with exact optima, None if there is none."""
        study = self._study
        with self.connection.errors():
            return optimum_of(study)

    def record_optimum(self, kept: dict[str, Any]) -> None:
        """Put a comparison with exact optima, in JSON's types, in the place of the one before.

        Raises:
            StorageError: the storage cannot be written.
        """
        record_optimum(self.connection, self._study, kept)


def find_study(storage: Where, which: str) -> Study:
    """Return the study called `which`, or the `best` or `latest` of hpsoft's.

    `best` has the lowest validation cost on the data of the latest study: costs on different data
    do not compare. Where there are others, a note says so. A name is looked up without a look at
    the trials of other studies.

    Raises:
        StudyError: there is no such study (did you mean), or none to choose from.
        StorageError: the storage does not exist or cannot be read.
    """
    connection = open_storage(storage)
    return Study(connection, choose_study(connection, which))


def trials(
    storage: Where, study: str, top: int | None = None, sort: str = "value"
) -> list[TrialRecord]:
    """Return the finished trials of a study, sorted as by `sort_trials`.

    Raises:
        StudyError: there is no such study, or nothing of that name to sort by.
        StorageError: the storage does not exist or cannot be read.
    """
    return sort_trials(find_study(storage, study).trials, top, sort)
