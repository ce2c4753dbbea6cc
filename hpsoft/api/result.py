"""What a search has found, and what can be asked of it."""

import importlib.util
from collections.abc import Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from hpsoft.api import arguments
from hpsoft.api.errors import python_errors
from hpsoft.api.parts import known_data, with_test
from hpsoft.api.running import Ready
from hpsoft.api.shown import Compared, Confirmed, Final
from hpsoft.assess.card.card import make_card
from hpsoft.assess.confirm import ConfirmConfig, confirm_winner
from hpsoft.assess.confirm_report import ConfirmReport
from hpsoft.assess.final import FinalConfig, FinalResult, retrain_winner
from hpsoft.assess.optimum import OptimumConfig, OptimumReport, find_optima
from hpsoft.data import Dataset
from hpsoft.errors import StudyError
from hpsoft.report.card.formats import card_text
from hpsoft.report.html.search import search_html
from hpsoft.report.live.retraining import show_retraining
from hpsoft.report.model.final import show_training
from hpsoft.report.search_result import result_text
from hpsoft.report.text.console import notes
from hpsoft.study.certificate import Certificate
from hpsoft.study.export import rows
from hpsoft.study.reader import load, open_storage
from hpsoft.study.records import TrialRecord
from hpsoft.study.storage.location import Location, locate
from hpsoft.study.study import find_study
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.events import Finished

if TYPE_CHECKING:
    from hpsoft.study.reader import Study

    class Winner(TrialRecord):
        """The best trial, for type checkers: one that has a value."""

        value: float


P = TypeVar("P")
R = TypeVar("R")
Showing = AbstractContextManager[Any]


@dataclass(frozen=True, eq=False)
class SearchResult:
    """What `search` has found; in a notebook it is shown as a table.

    >>> import hpsoft
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> grid = {"alpha": [0.01, 1]}
    >>> result = hpsoft.search(X, y, optimizer="newton", space=grid, progress=False)
    >>> len(result.trials), result.certificate.complete, result.best.params["alpha"]
    (2, True, 0.01)
    """

    finished: Finished  # everything that `hpsoft search` prints
    _ready: Ready
    _progress: bool = True

    @property
    def best(self) -> "Winner":
        """The winner: `params`, `value` (by the metric), `accuracy`, `number`, `folds`, `error`.

        Raises:
            StudyError: no trial has a value.
        """
        if not self.finished.leaderboard:
            raise StudyError(
                "There is no winner: every trial diverged or was pruned. Search smaller learning "
                "rates."
            )
        return cast("Winner", self.finished.leaderboard[0])  # those without a value are not in it

    @property
    def trials(self) -> Any:
        """Every finished trial, by number: a pandas.DataFrame, or without pandas a list of dicts.

        Columns are those of `hpsoft export`: `trial`, `grid_id`, a column a hyperparameter,
        `value`, the other metrics, `seconds`, `diverged`, folds and values on the way. pandas has
        no types, so this has none either: `records` has.
        """
        found, names = rows(self.records)
        if importlib.util.find_spec("pandas") is None:
            return found
        import pandas as pd

        return pd.DataFrame(found, columns=names)

    @property
    def records(self) -> list[TrialRecord]:
        """Every finished trial, by number, each as `best` is."""
        return find_study(self._location, self.finished.study).trials

    @property
    def scale(self) -> str:
        """How the features were scaled, where the trials do not differ in it."""
        return self._ready.prepared.identity.scale

    @property
    def certificate(self) -> Certificate:
        """The proof that every point of the grid has exactly one finished trial, or what lacks."""
        return self.finished.certificate

    @property
    def study(self) -> "Study":
        """The study, as Optuna has it."""
        connection = open_storage(self._location)
        return load(connection, self.finished.study)

    @property
    def dataset(self) -> Dataset | None:
        """The data that were given in memory, as they were understood; None: they were read."""
        return self._ready.data

    def final(
        self,
        X_test: Any = None,
        y_test: Any = None,
        *,
        sample_weight: Any = None,
        trial: int | str | None = None,
        seed: int | None = None,
        model_out: str | Path | None = None,
        calibrate: bool = False,
        progress: bool | None = None,
    ) -> FinalResult:
        """Train a trial on training + validation data and look at the test set, once.

        `trial` is the winner (None or "best"), a number, or "confirmed" or "one-se" after
        `confirm`. The study remembers every use of a test set. Without `X_test` the test part of
        the data is used, where they have one. `calibrate` fits a temperature to samples that are
        held out as in the search, and keeps it in the model.

        >>> import hpsoft
        >>> from sklearn.datasets import load_iris
        >>> X, y = load_iris(return_X_y=True)
        >>> point = {"alpha": 0.01}
        >>> train, test = slice(0, None, 2), slice(1, None, 2)
        >>> result = hpsoft.search(
        ...     X[train], y[train], optimizer="newton", space=point, progress=False
        ... )
        >>> round(result.final(X[test], y[test]).test.accuracy, 2)
        0.96

        Raises:
            HpsoftError: there is no test set, or no such trial.
        """
        with python_errors():
            if not isinstance(trial, str):
                trial = arguments.whole_or_none("trial", trial)
            seed = arguments.whole_or_none("seed", seed)
            out = arguments.path_or_none("model_out", model_out)
            calibrate = arguments.flag("calibrate", calibrate)
            data = with_test(self._ready, X_test, y_test, sample_weight)
            study, storage = self.finished.study, self._location
            config = FinalConfig(study, storage, trial, data, out, seed, calibrate)
            return Final.of(self._done(retrain_winner(config), show_training, progress))

    def confirm(
        self,
        top: int = 20,
        *,
        seeds: int | None = None,
        cv: int | None = None,
        jobs: int | None = None,
        progress: bool | None = None,
    ) -> ConfirmReport:
        """Train the top trials again on other folds or splits: how sure is the winner?

        >>> import hpsoft
        >>> from sklearn.datasets import load_iris
        >>> X, y = load_iris(return_X_y=True)
        >>> grid = {"alpha": [0.01, 1]}
        >>> result = hpsoft.search(X, y, optimizer="newton", space=grid, progress=False)
        >>> result.confirm(seeds=2).confirmed.trial.params["alpha"]
        0.01

        Raises:
            HpsoftError: no trial to confirm, or the data cannot be divided so.
        """
        with python_errors():
            config = ConfirmConfig(
                self.finished.study,
                self._location,
                arguments.whole("top", top),
                arguments.whole_or_none("seeds", seeds),
                arguments.whole_or_none("cv", cv),
                known_data(self._ready),
                arguments.whole_or_none("jobs", jobs),
            )
            return Confirmed.of(self._done(confirm_winner(config), show_retraining, progress))

    def optimum(
        self, top: int = 5, *, jobs: int | None = None, progress: bool | None = None
    ) -> OptimumReport:
        """Compare the best trials with the exact minimum of the cost for each alpha.

        >>> import hpsoft
        >>> from sklearn.datasets import load_iris
        >>> X, y = load_iris(return_X_y=True)
        >>> grid = {"alpha": [0.01, 1]}
        >>> result = hpsoft.search(X, y, optimizer="newton", space=grid, progress=False)
        >>> result.optimum().verdict
        'at the optimum'

        Raises:
            HpsoftError: no trial has a value, or the optimizer minimises no such cost.
        """
        with python_errors():
            config = OptimumConfig(
                self.finished.study,
                self._location,
                arguments.whole("top", top),
                known_data(self._ready),
                arguments.whole_or_none("jobs", jobs),
            )
            return Compared.of(self._done(find_optima(config), show_retraining, progress))

    def card(self, fmt: str = "md", out: str | Path | None = None) -> str:
        """Return the protocol of the search on one page, `md` or `json`; write it to `out` too.

        Data, values, winner and neighbours, what `confirm`, `optimum` and `final` have found,
        versions, and what makes it again.

        >>> import hpsoft
        >>> from sklearn.datasets import load_iris
        >>> X, y = load_iris(return_X_y=True)
        >>> grid = {"alpha": [0.01, 1]}
        >>> result = hpsoft.search(X, y, optimizer="newton", space=grid, progress=False)
        >>> print(result.card().partition(" (trial")[0])
        # Protocol card: arrays-newton-grid
        <BLANKLINE>
        **Which values were used?** iterations 30, alpha 0.01, damping 0

        Raises:
            HpsoftError: there is no such format, or `out` cannot be written.
        """
        with python_errors({"format": "fmt"}):
            fmt, path = arguments.text("fmt", fmt), arguments.path_or_none("out", out)
            study = find_study(self._location, self.finished.study)
            return card_text(make_card(study), fmt, path, study.files)

    @property
    def _location(self) -> Location:
        return locate(self._ready.prepared.config.storage)

    def _done(self, work: Generator[P, None, R], show: Any, progress: bool | None) -> R:
        """Do some work to its end, showing it where the search was shown."""
        wanted = self._progress if progress is None else progress
        with show(notes(quiet=not wanted)) as draw:
            return to_the_end(work, draw)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: all but the data, which may be of any size."""
        return {**vars(self), "_ready": self._ready.without_data()}

    def __copy__(self) -> Self:
        """Return itself, for it never changes."""
        return self

    def __deepcopy__(self, memo: object) -> Self:
        """Return itself, with the data."""
        return self

    def __repr__(self) -> str:
        """Say what was searched, how much of it, and who won."""
        found = self.finished
        best = f"{found.leaderboard[0].value:.6g}" if found.leaderboard else None
        return (
            f"SearchResult(study={found.study!r}, trials={found.certificate.n_finished}, "
            f"{found.certificate.metric}={best})"
        )

    def __str__(self) -> str:
        """Return what `hpsoft search` prints: leaderboard, winner, certificate."""
        return result_text(self.finished, list(self._ready.prepared.grid.space))

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return search_html(self.finished, list(self._ready.prepared.grid.space))
