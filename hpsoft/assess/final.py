"""Train the chosen trial on training + validation data, and look at the test set once.

study -> trial -> the same data, found by its fingerprint -> training -> test -> study
"""

from collections.abc import Generator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpsoft.data import Dataset
from hpsoft.data.same_data import same_data
from hpsoft.data.splitting import take
from hpsoft.engine.points import Training, train_one
from hpsoft.engine.setup import TrainingSetup
from hpsoft.errors import HpsoftError, StudyError
from hpsoft.model.files import TrainedModel, check_path, full_weights, save
from hpsoft.model.metrics import TestReport, assess
from hpsoft.optimizers.protocol import Value
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.space.reference import FASHION_MNIST, FASHION_MNIST_FINGERPRINT, Reference
from hpsoft.study.attributes import confirmed_trial, record_test_use
from hpsoft.study.find import FoundStudy, find_study, trials
from hpsoft.study.identity import GRID
from hpsoft.study.leaderboard import competitors, rank
from hpsoft.study.reader import describe_study, open_storage
from hpsoft.study.records import TrialRecord
from hpsoft.study.storage.connect import Connection
from hpsoft.tuning.setting import make_fold


@dataclass(frozen=True)
class FinalConfig:
    """Options of `hpsoft final`."""

    study: str = "latest"  # best, latest or a name
    storage: str | None = None
    trial: int | str | None = None  # number, confirmed or one-se; None: the best
    data: str | None = None  # where the data lies now; None: where it lay for the search
    model_out: Path | None = None
    seed: int | None = None  # of the order of samples; None: the study's


@dataclass(frozen=True)
class FinalResult:
    """The chosen model and what it does on the test set."""

    study: str
    note: str | None  # which study was taken of several, and why
    trial: TrialRecord
    data: str
    params: Mapping[str, Value]
    n_train: int  # training + validation samples
    test: TestReport
    model_path: Path | None
    problem: str | None  # why the model could not be saved
    reference: Reference | None
    previous_test_uses: int


def final(config: FinalConfig) -> Generator[Training | FinalResult, None, None]:
    """Train, yielding a `Training` a pass, and end with the `FinalResult`.

    Raises:
        HpsoftError: no such study or trial, the data has changed, or something cannot be written.
    """
    if config.model_out is not None:
        check_path(config.model_out)
    storage = open_storage(config.storage)
    storage.check_writable()
    found = find_study(storage, config.study)
    name = found.summary.name
    about = describe_study(storage, name)
    chosen = _choose(storage, name, config.trial)
    dataset = same_data(about, config.data)
    if config.seed is not None:
        about = {**about, "seed": config.seed}
    model = yield from _train(about, chosen, dataset)
    report = assess(model.logits(np.asarray(dataset.test.X)), dataset.test.labels, dataset.classes)
    _record(storage, name, chosen, report)  # whatever happens now, the test set was looked at
    problem = _save(model, config.model_out)
    yield FinalResult(
        study=name,
        note=_note(found),
        trial=chosen,
        data=dataset.name,
        params=chosen.params,
        n_train=len(dataset.training),
        test=report,
        model_path=None if problem else config.model_out,
        problem=problem,
        reference=FASHION_MNIST if dataset.fingerprint == FASHION_MNIST_FINGERPRINT else None,
        previous_test_uses=found.test_uses,
    )


def _note(found: FoundStudy) -> str | None:
    """Say which study was taken and why, and that an unfinished one may yet have another winner."""
    summary = found.summary
    if summary.n_grid is None or summary.n_finished >= summary.n_grid:
        return found.note
    state = "is not finished" if summary.sampler == GRID else f"was searched by {summary.sampler}"
    unfinished = (
        f"Study {summary.name!r} {state}: {summary.n_finished:,} of {summary.n_grid:,} grid "
        "points. A better trial may be among the others."
    )
    return f"{found.note} {unfinished}" if found.note else unfinished


def _save(model: TrainedModel, path: Path | None) -> str | None:
    """Save the model where a path is given; return what went wrong: the figures are told first."""
    try:
        if path is not None:
            save(model, path)
    except HpsoftError as error:
        return str(error)
    return None


def _choose(storage: Connection, study: str, wanted: int | str | None) -> TrialRecord:
    """Return the winner of the search, or the trial with a number, whatever it is of."""
    found = trials(storage, study)
    if wanted is None:
        found = competitors(found)
    elif isinstance(wanted, str):
        wanted = confirmed_trial(storage, study, wanted)
    found = rank(trial for trial in found if wanted in {None, trial.number})
    if not found:
        which = "a finished trial" if wanted is None else f"a finished trial {wanted}"
        raise StudyError(
            f"Study {study!r} does not have {which} with a value. "
            f"`hpsoft trials --study {study}` lists those it has."
        )
    return found[0]


def _train(
    about: Mapping[str, Any], chosen: TrialRecord, dataset: Dataset
) -> Generator[Training, None, TrainedModel]:
    """Train one model from zero on all training data, scaled by all training data.

    Raises:
        StudyError: the model diverges.
    """
    optimizer, samples = load_optimizer(about["optimizer"]), dataset.training.everything
    nothing = take(samples, np.arange(0))
    fold, scaler = make_fold(samples, nothing, scale=about["scale"], dtype=about["dtype"])
    n_classes, dtype = len(dataset.classes), np.dtype(about["dtype"])
    setting = TrainingSetup(optimizer, (fold,), n_classes, dtype, about["seed"])
    state = yield from train_one(setting, chosen.params)
    weights, bias = full_weights(state, n_classes)
    if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
        raise StudyError(
            f"Trial {chosen.number} diverges when it is trained on training + validation data. "
            "Choose another one with --trial."
        )
    metadata = {
        "classes": list(dataset.classes),
        "scale": scaler.kind,
        "params": dict(chosen.params),
        "data": dataset.name,
        "trial": chosen.number,
        **{key: about[key] for key in ("fingerprint", "optimizer", "seed", "versions")},
    }
    return TrainedModel(weights, bias, **scaler.arrays(), metadata=metadata)


def _record(storage: Connection, study: str, chosen: TrialRecord, report: TestReport) -> None:
    assert chosen.number is not None, "a trial that was read from a study has a number"
    result = asdict(report)
    kept = {key: result[key] for key in ("cross_entropy", "mse", "accuracy", "n")}
    record_test_use(storage, study, chosen.number, kept)
