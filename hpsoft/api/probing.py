"""A probe: features in, an honest number out. Each step is what a command of its own does.

coarse path of L2 -> outwards while the winner lies on an edge -> inwards around it ->
confirmation on other parts of the data -> the test set, once -> the card

All steps before the last two are one study, a grid that grows, so `trials`, `confirm` and `final`
read it, and the same probe goes on with it after a kill.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from hpsoft.api.request import SearchRequest
from hpsoft.api.running import Ready, follow_search, make_ready
from hpsoft.assess.card.card import Card, make_card
from hpsoft.assess.confirm import ConfirmConfig, confirm_winner
from hpsoft.assess.confirm_report import ConfirmReport
from hpsoft.assess.extend import Space, add, beyond, with_space
from hpsoft.assess.final import FinalConfig, FinalResult, retrain_winner
from hpsoft.assess.optima import NEWTON
from hpsoft.assess.refine import beside
from hpsoft.errors import DataError, OptimizerError, check_least
from hpsoft.model.files import check_path
from hpsoft.optimizers.hyperparameters import ALPHA
from hpsoft.report.live.retraining import show_retraining
from hpsoft.report.model.final import show_training
from hpsoft.report.text.commands import beside as beside_name
from hpsoft.report.text.console import Console, say
from hpsoft.report.text.format import exact
from hpsoft.space.ranges import numbers_of
from hpsoft.space.strength import NAME as C
from hpsoft.study.growth import check_growth
from hpsoft.study.identity import StudyDescription, space_of
from hpsoft.study.reader import Where
from hpsoft.study.records import TrialRecord
from hpsoft.study.storage.location import locate
from hpsoft.study.study import find_study
from hpsoft.system.interrupts import interruptible
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.events import Finished
from hpsoft.tuning.prepared import Prepared

# The path begins with the middle of the eight strengths, n alpha = 0.05 .. 26 of standardised
# features: weaker ones take most of the time, and are trained where the winner leads there.
COARSE = slice(3, 7)
MOST_OUTWARDS = 8  # times a path grows outwards
TOP = 3  # trials that are confirmed

P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True)
class ProbeRequest:
    """A probe as it is asked for."""

    search: SearchRequest  # of the coarse path
    refine: int = 2  # times the steps around the winner are halved
    top: int | None = None  # trials that are confirmed; None: as many as could matter
    model_out: Path | None = None
    calibrate: bool = False


@dataclass(frozen=True)
class Probed:
    """What a probe has found."""

    prepared: Prepared  # of the last grid
    finished: Finished  # the search of that
    path: tuple[float, ...]  # all strengths of L2 that were tried, ascending
    confirmed: ConfirmReport
    final: FinalResult
    card: Card


def probe(request: ProbeRequest, console: Console) -> Probed:
    """Do all steps, showing each.

    Raises:
        HpsoftError: as `search`, `confirm_winner` and `retrain_winner`; before anything is
            trained, where the data have no test part or the optimizer has no L2.
        KeyboardInterrupt: Ctrl-C; what is stored stays.
    """
    check_least("--refine", request.refine, 0)
    if request.top is not None:
        check_least("--top", request.top, 1)
    if request.model_out is not None:
        data, storage = request.search.data, request.search.storage
        check_path(request.model_out, locate(storage).files(str(data)))
    ready = _coarse(request.search, console)
    ready, finished = _path(ready, request.refine, console)
    config = ready.prepared.config
    study, storage, data = finished.study, config.storage, ready.data
    has_optima = config.optimizer != NEWTON  # whose trials are exact optima themselves
    top = request.top or _usual_top(find_study(storage, study).ranking)
    confirming = ConfirmConfig(study, storage, top, data=data, jobs=config.jobs, optima=has_optima)
    report = _follow(confirm_winner(confirming), show_retraining(console))
    trial = None if report.refused else "confirmed"
    out, calibrate = request.model_out, request.calibrate
    final = FinalConfig(study, storage, trial, data, out, calibrate=calibrate)
    result = _follow(retrain_winner(final), show_training(console))
    card = make_card(find_study(storage, study))
    return Probed(ready.prepared, finished, _strengths(study, storage), report, result, card)


def _coarse(request: SearchRequest, console: Console) -> Ready:
    """Return the search of the coarse path, its data in memory from here to the end."""
    ready = make_ready(request, console, keep=True)
    prepared, data = ready.prepared, ready.data
    assert data is not None, "it was kept"
    if not len(data.test):
        raise DataError(
            f"{data.name} has no test part, so there is no honest number. Name a column of parts "
            "with --split, or hold a share out with --test-fraction."
        )
    if all(h.name != ALPHA.name for h in prepared.optimizer.hyperparameters):
        raise OptimizerError(
            f"The optimizer {prepared.identity.optimizer!r} has no alpha, so there is no path of "
            "L2 to probe. Leave --optimizer out, or search it: hpsoft search --optimizer NAME."
        )
    check_growth(locate(prepared.config.storage), prepared.study)
    if not (_names_strengths(request) or request.space_file or request.preset):
        space: Space = prepared.grid.space  # type: ignore[assignment]
        prepared = with_space(prepared, {**space, ALPHA.name: space[ALPHA.name][COARSE]})
    if request.study is None:
        prepared = replace(prepared, study=beside_name(prepared.study, "probe"))
    return replace(ready, prepared=prepared)


def _names_strengths(request: SearchRequest) -> bool:
    return isinstance(request.space, Mapping) and not {ALPHA.name, C}.isdisjoint(request.space)


def _path(ready: Ready, n_refine: int, console: Console) -> tuple[Ready, Finished]:
    """Search the coarse path, and let it grow until its winner lies well inside."""
    while True:
        finished = follow_search(ready, console)
        larger = _larger(ready.prepared, n_refine)
        if larger is None:
            return ready, finished
        known = _strengths(finished.study, ready.prepared.config.storage)
        grown = numbers_of(larger.grid.space[ALPHA.name])
        new = ", ".join(exact(alpha) for alpha in grown if alpha not in known)
        say(console, f"The path grows: alpha {new or 'as it was, another value more'}.")
        ready = replace(ready, prepared=larger)


def _usual_top(ranking: Sequence[TrialRecord]) -> int:
    """Return how many trials are confirmed where nobody says.

    Where the winner's cost is next to nothing no other can be better by more than that, as when
    the path stops to grow: its own cost on other parts is all that is left to ask.
    """
    if not ranking:
        return TOP
    loss = ranking[0].loss
    return 1 if loss is not None and loss < ranking[0].metric.negligible else TOP


def _strengths(study: str, storage: Where) -> tuple[float, ...]:
    """Return the strengths of L2 that a study has in its grid, ascending."""
    space = find_study(storage, study).description.identity.space
    return tuple(map(float, numbers_of(space[ALPHA.name])))


def _larger(prepared: Prepared, n_refine: int) -> Prepared | None:
    """Return the search of the next larger grid of the study; None where it is large enough."""
    kept = find_study(prepared.config.storage, prepared.study)
    space: Space = kept.description.identity.space  # type: ignore[assignment]
    outwards, inwards = growths(kept.description)
    if not kept.ranking:
        return None
    added: Mapping[str, list[Any]] = {}
    if outwards < MOST_OUTWARDS:
        added = beyond(prepared, space, kept.ranking)
    if not added and inwards < n_refine:
        added = beside(prepared, space, kept.ranking)
    larger = add(space, added)
    return None if larger == space else with_space(prepared, larger)


def growths(description: StudyDescription) -> tuple[int, int]:
    """Return how often a study's grid grew outwards, and how often inwards alone."""
    spaces = [*map(space_of, description.grown_from), description.identity.space]
    inwards = sum(
        all(_is_inside(before[name], after[name]) for name in after)
        for before, after in pairwise(spaces)
    )
    return len(spaces) - 1 - inwards, inwards


def _is_inside(before: Any, after: Any) -> bool:
    return min(before) <= min(after) and max(after) <= max(before)


def _follow(
    work: Generator[P, None, R], showing: AbstractContextManager[Callable[[P], None]]
) -> R:
    """Do some work to its end, showing it."""
    with interruptible(), showing as show:
        return to_the_end(work, show)
