"""From options and training data to a search that could start: optimizer, split, space, grid.

Nothing is written here; `--dry-run` ends after this step.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from hpsoft.data import TrainingData
from hpsoft.data.spec import DataSpec
from hpsoft.data.summaries import max_squared_norm
from hpsoft.data.types import Split
from hpsoft.data.validation import Validation, choose_validation
from hpsoft.engine.setup import TrainingSetup
from hpsoft.errors import DataError, SpaceError, StorageError, StudyError, check_least, unknown
from hpsoft.optimizers.categories import SCALE, categories
from hpsoft.optimizers.protocol import Hyperparameter
from hpsoft.optimizers.registry import load
from hpsoft.softmax.metric import CROSS_ENTROPY, metric_named
from hpsoft.space.build import read_space_file
from hpsoft.space.points import points_of
from hpsoft.space.ranges import Candidates, Range, largest, numbers_of
from hpsoft.space.reference import FASHION_MNIST_FINGERPRINT
from hpsoft.space.strength import called
from hpsoft.study.identity import GRID, NONE, Identity
from hpsoft.study.reader import Where
from hpsoft.study.study import find_study
from hpsoft.system.cores import n_cores
from hpsoft.tuning.config import DTYPES, SearchConfig
from hpsoft.tuning.prepared import Prepared
from hpsoft.tuning.samplers import pruner_names, sampler_names
from hpsoft.tuning.setting.defaults import first, offered, seen, space_of, words_of
from hpsoft.tuning.setting.setup import make_setup
from hpsoft.tuning.setting.views import Looks

LONGEST_NAME = 200  # of a study: databases take 512 bytes, tables in a terminal fewer


def prepare(
    config: SearchConfig,
    data: TrainingData,
    source: DataSpec | None = None,
) -> Prepared:
    """Check the options against each other and the data, and split and scale the data.

    `source` is what loads the data again, for `hpsoft final`.

    Raises:
        HpsoftError: an option makes no sense, alone or with this data.
    """
    _check_options(config)
    metric = metric_named(config.metric, data.n_classes)
    optimizer = load(config.optimizer)
    study = _study_name(config, data)
    words = _recorded(config, study) or words_of(config, offered(optimizer, data))
    _check_scales(words, source)
    preset = config.preset or (None if words else _usual_preset(config, data))
    validation = choose_validation(
        config.cv, config.val_fraction, data, is_reference=preset is not None
    )
    _check_part(config, study, data, validation)
    setting = make_setup(
        optimizer,
        _splits(validation, data, config.seed, source),
        scale=data.scale,
        dtype=config.dtype,
        seed=config.seed,
        looks=Looks(data.feature_sets, data.scale).over(words),
    )
    _check_range(setting, data.scale)
    space, remark = space_of(config, preset, setting, data, words)
    _check_within_samples(optimizer.hyperparameters, space, setting.n_samples)
    _check_listed(config, space)
    prepared = Prepared(
        config=config,
        study=study,
        identity=Identity(
            data=data.name,
            fingerprint=data.fingerprint,
            scale=data.scale,
            optimizer=config.optimizer,
            dtype=config.dtype,
            val_fraction=validation.fraction,
            folds=validation.folds,
            repeats=validation.repeats,
            seed=config.seed,
            space=space,
            source=source or DataSpec(),
            sampler=config.sampler,
            sampler_options=config.sampler_options,
            pruner=config.pruner,
            pruner_options=config.pruner_options,
            flops_per_model_epoch=setting.flops_per_model_epoch,
            metric=metric.name,
            sizes={
                "samples": len(data),
                "features": data.samples.n_features,
                "classes": data.n_classes,
                **({} if data.held_out is None else {"held_out": data.held_out}),
            },
        ),
        grid=points_of(space),
        setting=setting,
        jobs=n_cores(config.jobs),
        remark=remark,
    )
    if prepared.is_sampled:  # refuse a wrong name or option before anything is written
        _rehearse(prepared)
        identity = replace(prepared.identity, wave=prepared.design.wave)
        prepared = replace(prepared, identity=identity)
    return prepared


def _check_part(
    config: SearchConfig, study: str, data: TrainingData, validation: Validation
) -> None:
    """Refuse folds that would pool a part which was given to choose by; older studies have them.

    Raises:
        SpaceError: there is such a part.
    """
    pooled = data.validation is not None and validation.folds is not None
    if not pooled or validation.by_caller or _has(config.storage, study, validation):
        return
    raise SpaceError(
        f"{data.name} has a validation part of its own, {len(data.validation or ()):,} samples, "
        f"which --cv {config.cv} would pool with those that are trained on. Leave --cv out to "
        "choose by that part; for folds of all samples give them as one part, its rows as `train` "
        "where a column of --split names parts."
    )


def _has(storage: Where, study: str, validation: Validation) -> bool:
    """Tell whether there is a study that chooses so."""
    try:
        found = find_study(storage, study)
    except (StudyError, StorageError):
        return False
    return found.description.identity.validation == validation


def _splits(
    validation: Validation, data: TrainingData, seed: int, source: DataSpec | None
) -> Iterator[Split]:
    """Yield the parts to train on and to choose by; an error names the data."""
    try:
        yield from validation.splits(data, seed)
    except DataError as error:
        where = data.name if source is None or source.spec is None else source.spec
        raise DataError(f"{where}: {error}") from None


def _rehearse(prepared: Prepared) -> None:
    """Ask sampler and pruner for a few points in memory: most wrong options fail there."""
    from hpsoft.tuning.ask_tell import rehearse

    space, rungs = prepared.grid.space, prepared.design.rungs
    try:
        rehearse(
            points_of(space),
            prepared.design.sampler(),
            prepared.design.pruner(),
            rungs,
            prepared.metric,
        )
    except SpaceError as error:
        given = (*prepared.config.sampler_options, *prepared.config.pruner_options)
        options = f" Options given: {', '.join(given)}." if given else ""
        raise SpaceError(f"{error}{options}") from error


def _recorded(config: SearchConfig, study: str) -> dict[str, tuple[str, ...]]:
    """Return the words of the study that is to grow; none of any other."""
    if not config.grows:
        return {}
    space = find_study(config.storage, study).description.identity.space
    return {one.name: one.words for one in categories(space)}


def default_name(config: SearchConfig, data: TrainingData) -> str:
    """Return the name of a study that was given none.

    Raises:
        SpaceError: there is no such metric of this data.
    """
    metric = metric_named(config.metric, data.n_classes)
    parts = [data.name, config.optimizer, config.sampler]
    parts += [config.pruner] * (config.pruner != NONE)
    parts += [metric.option] * (metric is not CROSS_ENTROPY)
    return "-".join(parts)


def _study_name(config: SearchConfig, data: TrainingData) -> str:
    if (name := config.study) is None:
        return default_name(config, data)
    if not name.isprintable() or not 0 < len(name.strip()) <= LONGEST_NAME:
        raise StudyError(
            f"{name[:50]!r} cannot name a study: it takes 1 to {LONGEST_NAME} characters, all of "
            "them printable. Choose another --study."
        )
    return name


def _check_options(config: SearchConfig) -> None:
    for option in ("trials", "wave", "jobs"):
        check_least(f"--{option}", getattr(config, option), 1)
    if config.sampler == GRID:
        if config.sampler_options or config.trials or config.wave:
            raise SpaceError(
                "The grid sampler tries every point: it takes no --trials, --wave and "
                "--sampler-option. Choose another one, such as --sampler tpe."
            )
    elif config.sampler not in sampler_names():
        raise SpaceError(unknown("sampler", config.sampler, sampler_names()))
    if config.pruner not in pruner_names():
        raise SpaceError(unknown("pruner", config.pruner, pruner_names()))
    if config.pruner == NONE and config.pruner_options:
        raise SpaceError("--pruner-option needs a --pruner.")
    if config.timeout is not None and not config.timeout > 0:
        raise SpaceError(f"--timeout takes seconds above 0, not {config.timeout:g}.")
    if config.dtype not in DTYPES:
        raise SpaceError(unknown("dtype", config.dtype, DTYPES))


def _usual_preset(config: SearchConfig, data: TrainingData) -> str | None:
    """Return the reference's grid where its learning rates mean what they meant."""
    known = data.fingerprint == FASHION_MNIST_FINGERPRINT
    return "fashion-mnist" if known and (data.scale, config.optimizer) == ("raw", "sgd") else None


def _check_listed(config: SearchConfig, space: Mapping[str, Candidates]) -> None:
    ranges = [name for name, values in space.items() if isinstance(values, Range)]
    if ranges and config.sampler == GRID:
        file = {} if config.space_file is None else read_space_file(config.space_file)
        raise SpaceError(
            f"The grid sampler needs listed values, and {called(ranges[0], file, config.space)} "
            "has a range. List some, or choose another sampler, such as --sampler tpe."
        )


def _check_range(setting: TrainingSetup, scale: str) -> None:
    """Refuse features whose squares leave the range of the dtype, before all models diverge.

    Raises:
        DataError: they do.
    """
    dtype = setting.dtype
    for key, folds in zip(setting.views or [()], seen(setting), strict=True):
        largest_norm = max_squared_norm(first(folds).X)
        if not largest_norm < float(np.finfo(dtype).max) / 1e6:
            used = dict(key).get(SCALE, scale)
            raise DataError(
                f"The features are too large for {dtype}: the squared norm of a sample is "
                f"{largest_norm:.3g} with --scale {used}. Use --scale standard or unit."
            )


def _check_scales(words: Mapping[str, object], source: DataSpec | None) -> None:
    if SCALE in words and source is not None and source.scale is not None:
        raise SpaceError(
            f"--scale {source.scale} and --set {SCALE} contradict each other: give one scale by "
            "--scale, or those to search by --set."
        )


def _check_within_samples(
    hyperparameters: Iterable[Hyperparameter],
    space: Mapping[str, Candidates],
    n_samples: int,
) -> None:
    for name in (h.name for h in hyperparameters if h.within_samples):
        candidates = space[name]
        if (highest := largest(candidates)) > n_samples:
            if isinstance(candidates, Range):
                raise SpaceError(
                    f"The range of {name} ends at {highest}, above the {n_samples:,} samples that "
                    "are trained on."
                )
            fitting = [v for v in numbers_of(candidates) if v <= n_samples] or [n_samples]
            raise SpaceError(
                f"{name} = {highest} is more than the {n_samples:,} samples that are trained on. "
                f"Give no more than that: --set {name}="
                + ",".join(str(value) for value in fitting)
            )
