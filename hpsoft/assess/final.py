"""Train the chosen trial on training + validation data, and look at the test set once.

study -> trial -> the same data, found by its fingerprint -> training -> test -> study
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from hpsoft.assess.calibrate import Calibrated, HeldOut, held_out
from hpsoft.data import Dataset
from hpsoft.data.side.roles import GROUPS
from hpsoft.engine.points import Training
from hpsoft.errors import DataError, HpsoftError, StudyError, check_least
from hpsoft.model.files import (
    TrainedModel,
    about_columns,
    about_data,
    about_features,
    about_policy,
    check_path,
    save,
)
from hpsoft.model.metrics import TestReport, assess
from hpsoft.model.predict.divided import about_division
from hpsoft.model.strengths import strengths_of
from hpsoft.optimizers.categories import Choice
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.softmax.l2 import Strength
from hpsoft.space.reference import FASHION_MNIST, FASHION_MNIST_FINGERPRINT, Reference
from hpsoft.study.identity import GRID, StudyDescription
from hpsoft.study.leaderboard import competitors
from hpsoft.study.reader import Where
from hpsoft.study.records import TrialRecord
from hpsoft.study.study import Study, find_study
from hpsoft.system.outputs import begins_otherwise, check_output
from hpsoft.tuning.setting.single import single_setup, train_single
from hpsoft.tuning.setting.views import Looks


@dataclass(frozen=True)
class FinalConfig:
    """Options of `hpsoft final`."""

    study: str = "latest"  # best, latest or a name
    storage: Where = None
    trial: int | str | None = None  # number, best, confirmed or one-se; None: the best
    data: str | Dataset | None = None  # where the data lies now; None: where it lay for the search
    model_out: Path | None = None
    seed: int | None = None  # of the order of samples; None: the study's
    calibrate: bool = False  # whether a temperature is fitted to samples that are held out
    out: Path | None = None  # where the caller will write the result: checked before all work


@dataclass(frozen=True)
class FinalResult:
    """The chosen model and what it does on the test set."""

    study: str
    note: str | None  # which study was taken of several, and why
    trial: TrialRecord
    data: str
    params: Mapping[str, Choice]
    n_train: int  # training + validation samples
    test: TestReport
    model_path: Path | None
    problem: str | None  # why the model could not be saved
    reference: Reference | None
    previous_test_uses: int
    strengths: tuple[Strength, ...]  # of L2, in the units of other libraries; none without alpha
    model: TrainedModel | None = None  # for `hpsoft.load_model`
    side: Mapping[str, str] = field(default_factory=dict)  # role -> its column in the data
    calibrated: Calibrated | None = None


def retrain_winner(config: FinalConfig) -> Generator[Training, None, FinalResult]:
    """Train, yielding a `Training` a pass, and return the `FinalResult`.

    Raises:
        HpsoftError: no such study or trial, the data has changed, or something cannot be written.
    """
    check_least("--seed", config.seed, 0)
    if config.model_out is not None:
        check_path(config.model_out)  # what cannot be, whatever the study is
    study = find_study(config.storage, config.study)
    _check_files(config, study)
    study.connection.check_writable()
    identity, chosen = study.description.identity, study.trial(config.trial)
    optimizer = study.load_optimizer()
    previous_test_uses = study.test_uses
    dataset = identity.load_data(config.data)
    if not len(dataset.test):
        raise DataError(
            f"{dataset.name} has no test part: all samples were for the search. Give data with one."
        )
    model = yield from _train(optimizer, study.description, chosen, dataset, config.seed)
    apart = (yield from _held_out(optimizer, study, chosen, dataset)) if config.calibrate else None
    test = dataset.test
    logits = model.logits(np.asarray(test.X))
    report = assess(logits, test.labels, dataset.classes, test.weight, test.side.get(GROUPS))
    _record(study, chosen, report, config)  # whatever happens now, the test set was looked at
    calibrated = None
    if apart is not None:
        calibrated = _calibrated(apart, HeldOut(logits, test.labels, test.weight, 1))
    model = _with_results(model, study, chosen, report, calibrated)
    problem = _save(model, config.model_out)
    return FinalResult(
        study=study.name,
        note=_note(study),
        trial=chosen,
        data=dataset.name,
        params=chosen.params,
        n_train=len(dataset.training),
        test=report,
        model_path=None if problem else config.model_out,
        problem=problem,
        reference=FASHION_MNIST if dataset.fingerprint == FASHION_MNIST_FINGERPRINT else None,
        previous_test_uses=previous_test_uses,
        strengths=strengths_of(model),
        model=model,
        side=dataset.side,
        calibrated=calibrated,
    )


def _check_files(config: FinalConfig, study: Study) -> None:
    """Refuse to write over what is read, or where nothing can be written."""
    moved_to = config.data if isinstance(config.data, str) else None
    files = {**study.files, **study.connection.location.files(moved_to)}
    if config.model_out is not None:
        check_path(config.model_out, files)
    if config.out is not None:
        check_output(config.out, "--out", (".json",), files, begins_otherwise(b'{\n "study"'))


def _held_out(
    optimizer: Optimizer, study: Study, chosen: TrialRecord, dataset: Dataset
) -> Generator[Training, None, HeldOut]:
    identity = study.description.identity
    look = Looks(dataset.training.feature_sets, identity.scale).of(chosen.params)
    return (yield from held_out(optimizer, identity, chosen, dataset.training, look))


def _calibrated(apart: HeldOut, test: HeldOut) -> Calibrated:
    """Return the temperature that fits samples held out, and what it does to the test set."""
    temperature = apart.temperature
    return Calibrated(
        temperature, apart.n_parts, apart.compared(temperature), test.compared(temperature)
    )


def _with_results(
    model: TrainedModel,
    study: Study,
    chosen: TrialRecord,
    report: TestReport,
    calibrated: Calibrated | None,
) -> TrainedModel:
    """Return the model with what is known of it now in its metadata."""
    told = ("cross_entropy", "mse", "accuracy")
    figures = {**{name: getattr(report, name) for name in told}, **report.others}
    sound = {name: value for name, value in figures.items() if np.isfinite(value)}
    intervals = {**report.intervals, "accuracy": report.accuracy_ci95}
    results = {
        "study": study.name,
        "validation_cost": chosen.cross_entropy,
        "test": {
            **sound,
            "n": report.n,
            "intervals": {
                name: list(ends) for name, ends in intervals.items() if np.isfinite(ends).all()
            },
        },
    }
    if calibrated is not None:
        results |= {
            "temperature": calibrated.temperature,
            "calibration": calibrated.to_json(),
        }
    return replace(model, metadata={**model.metadata, **results})


def _note(study: Study) -> str | None:
    """Say which study was taken and why, and that an unfinished one may yet have another
    winner.
    """
    n_grid, sampler = study.description.n_grid, study.description.identity.sampler
    n_finished = len(competitors(study.trials))
    if n_grid is None or n_finished >= n_grid:
        return study.note
    state = "is not finished" if sampler == GRID else f"was searched by {sampler}"
    unfinished = (
        f"Study {study.name!r} {state}: {n_finished:,} of {n_grid:,} grid points. A better trial "
        "may be among the others."
    )
    return f"{study.note} {unfinished}" if study.note else unfinished


def _save(model: TrainedModel, path: Path | None) -> str | None:
    """Save the model where a path is given; return what went wrong: the figures are told first."""
    try:
        if path is not None:
            save(model, path)
    except HpsoftError as error:
        return str(error)
    return None


def _train(
    optimizer: Optimizer,
    about: StudyDescription,
    chosen: TrialRecord,
    dataset: Dataset,
    seed: int | None,
) -> Generator[Training, None, TrainedModel]:
    """Train one model from zero on all training data, scaled by all training data.

    `seed` is that of the order of samples, None the study's.

    Raises:
        StudyError: the model diverges.
    """
    identity = about.identity if seed is None else replace(about.identity, seed=seed)
    look = Looks(dataset.training.feature_sets, identity.scale).of(chosen.params)
    samples = dataset.training.everything
    n_features, samples = samples.n_features, look.of(samples)
    setup, scaler = single_setup(
        optimizer,
        samples,
        n_classes=len(dataset.classes),
        scale=look.scale,
        dtype=identity.dtype,
        seed=identity.seed,
    )
    model = yield from train_single(setup, chosen.params)
    if not model.sound:
        raise StudyError(
            f"Trial {chosen.number} diverges when it is trained on training + validation data. "
            "Choose another one with --trial."
        )
    metadata = {
        "classes": list(dataset.classes),
        "scale": scaler.kind,
        "params": dict(chosen.params),
        "data": dataset.name,
        "n_train": samples.total,
        "trial": chosen.number,
        **{key: getattr(identity, key) for key in ("fingerprint", "optimizer", "seed")},
        "versions": dict(about.versions),
        **about_data(dataset),
        **about_division(identity.source, identity.scale),
        **about_policy(identity.source.policy),
        **about_features(dataset.encoding),
        **about_columns(look.columns, n_features),
    }
    return TrainedModel(model.weights, model.bias, **scaler.arrays(), metadata=metadata)


def _record(study: Study, chosen: TrialRecord, report: TestReport, config: FinalConfig) -> None:
    assert chosen.number is not None, "a trial that was read from a study has a number"
    kept = {key: getattr(report, key) for key in ("cross_entropy", "mse", "accuracy", "n")}
    kept |= {name: value for name, value in report.others.items() if np.isfinite(value)}
    asked: dict[str, bool | str] = {"calibrate": True} if config.calibrate else {}
    if config.model_out is not None:
        asked["model_out"] = config.model_out.name  # `hpsoft card` writes it into another folder
    study.record_test_use(chosen.number, kept, seed=config.seed, asked=asked)
