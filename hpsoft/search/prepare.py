"""From options and training data to a search that could start: optimizer, split, space, grid.

Nothing is written here; `--dry-run` ends after this step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from hpsoft.data import Samples, TrainingData, summary
from hpsoft.data.summaries import max_squared_norm
from hpsoft.engine import worth
from hpsoft.engine.plan import Plan, make_plan
from hpsoft.engine.train import Setting, Snapshot
from hpsoft.errors import DataError, SpaceError, StudyError, unknown
from hpsoft.optimizers.protocol import DataSummary, Hyperparameter, Optimizer
from hpsoft.optimizers.registry import load
from hpsoft.search.assessment import FASHION_MNIST_FINGERPRINT
from hpsoft.search.choices import (
    GRID,
    NONE,
    parse_options,
    pruner_names,
    sampler_names,
)
from hpsoft.search.config import DEFAULT_TRIALS, DTYPES, SearchConfig, available_cores
from hpsoft.search.design import Choice, Design
from hpsoft.search.grid import MAX_POINTS
from hpsoft.search.points import Points, points_of
from hpsoft.search.ranges import Candidates, Range, largest
from hpsoft.search.records import Identity
from hpsoft.search.setting import make_setting
from hpsoft.search.space import build_space, default_space
from hpsoft.search.validation import choose_validation
from hpsoft.search.waves import usual_wave

LONGEST_NAME = 200  # of a study: databases take 512 bytes, tables in a terminal fewer


@dataclass(frozen=True)
class Prepared(Design):
    """A search that could start."""

    config: SearchConfig
    study: str
    identity: Identity
    points: Points
    setting: Setting
    jobs: int

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer."""
        return self.setting.optimizer

    @property
    def grid(self) -> Points:
        """The points that may be tried."""
        return self.points

    @property
    def hyperparameters(self) -> Sequence[Hyperparameter]:
        """What the optimizer declares."""
        return self.optimizer.hyperparameters

    @property
    def choice(self) -> Choice:
        """The sampler and the pruner."""
        it = self.identity
        return Choice(
            it.sampler, it.pruner, it.sampler_options, it.pruner_options, self.config.seed
        )

    @property
    def is_sampled(self) -> bool:
        """Whether trials are chosen or pruned by what others have found: not exhaustive."""
        return (self.identity.sampler, self.identity.pruner) != (GRID, NONE)

    @property
    def wave(self) -> int:
        """How many points are asked for at a time."""
        return self.config.wave or usual_wave(self, self.setting.flops_per_model_epoch)

    @property
    def n_trials(self) -> int:
        """How many trials the study is to hold at the end."""
        size = MAX_POINTS if self.grid.size is None else self.grid.size
        if self.is_grid:
            return size
        wanted = self.config.trials
        if wanted is None:
            wanted = size if self.config.timeout is not None else DEFAULT_TRIALS
        return min(wanted, size)

    @property
    def n_wanted(self) -> int | None:
        """The same, None where time alone ends it: between ranges there are always more points."""
        is_endless = self.grid.size is None and self.config.trials is None
        return None if is_endless and self.config.timeout is not None else self.n_trials

    def plan(self) -> Plan:
        """Return the work for the whole grid, the same for any number of cores."""
        points = ((i, self.grid.params(i)) for i in range(self.grid.size or 0))
        return make_plan(self.hyperparameters, points)

    def plan_left(self, finished: Iterable[int]) -> Plan:
        """Return the work for all grid points but the finished ones."""
        done = frozenset(finished)
        return self.plan_of(i for i in range(self.grid.size or 0) if i not in done)

    def plan_of(self, grid_ids: Iterable[int], rungs: Sequence[int] = ()) -> Plan:
        """Return the work for some grid points, scored at `rungs` on the way."""
        if self.is_adaptive:
            return self.learning_plan(grid_ids, rungs)
        trials = [(grid_id, self.grid.params(grid_id)) for grid_id in grid_ids]
        whole = make_plan(self.hyperparameters, trials, rungs=rungs)
        if not worth.is_worth_processes(self.setting, whole):
            return whole
        return make_plan(self.hyperparameters, trials, n_workers=self.jobs, rungs=rungs)

    def flops(self, snapshot: Snapshot) -> float:
        """Return the useful floating-point operations behind a snapshot."""
        passes = len(snapshot.alive) * (snapshot.horizon - snapshot.start)
        return passes * self.setting.flops_per_model_epoch

    def n_workers(self, plan: Plan) -> int:
        """Return how many workers the plan is worth, or all of a sampled search if it has none."""
        if not self.is_sampled:
            return worth.n_workers(self.setting, plan, self.jobs)
        model_epochs = self.n_trials * largest(self.grid.space[self.horizon]) / 2
        seconds = worth.training_seconds(self.setting, model_epochs)
        return self.jobs if seconds > worth.SECONDS else 1


def prepare(
    config: SearchConfig,
    data: TrainingData,
    source: Mapping[str, str | float | int | list[str] | None],
) -> Prepared:
    """Check the options against each other and the data, and split and scale the data.

    `source` is what `hpsoft.data.load` was called with, for `hpsoft final` to call it again.

    Raises:
        HpsoftError: an option makes no sense, alone or with this data.
    """
    _check_options(config)
    sampler_options = parse_options(config.sampler_options, "--sampler-option")
    pruner_options = parse_options(config.pruner_options, "--pruner-option")
    optimizer = load(config.optimizer)
    preset = config.preset or _usual_preset(config, data)
    validation = choose_validation(
        config.cv, config.val_fraction, data, is_reference=preset is not None
    )
    setting = make_setting(
        optimizer,
        validation.splits(data, config.seed),
        scale=data.scale,
        dtype=config.dtype,
        seed=config.seed,
    )
    first = setting.folds[0]
    facts = summary(Samples(first.X, first.labels), data.name, data.n_classes)
    _check_range(max_squared_norm(first.X), setting.dtype, data.scale)
    space = build_space(
        optimizer.hyperparameters,
        default_space(optimizer, DataSummary(**asdict(facts))),
        preset=preset,
        file=config.space_file,
        settings=config.settings,
    )
    _check_within_samples(optimizer.hyperparameters, space, setting.n_samples)
    _check_listed(config, space)
    prepared = Prepared(
        config=config,
        study=_study_name(config, data.name),
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
            source=source,
            sampler=config.sampler,
            sampler_options=sampler_options,
            pruner=config.pruner,
            pruner_options=pruner_options,
            flops_per_model_epoch=setting.flops_per_model_epoch,
        ),
        points=points_of(space),
        setting=setting,
        jobs=min(config.jobs or available_cores(), available_cores()),
    )
    if prepared.is_sampled:  # refuse a wrong name or option before anything is written
        _rehearse(prepared)
    return prepared


def _rehearse(prepared: Prepared) -> None:
    """Ask sampler and pruner for a few points in memory: most wrong options fail there."""
    from hpsoft.search.brain import rehearse

    space, rungs = prepared.grid.space, prepared.rungs
    try:
        rehearse(points_of(space), prepared.sampler(), prepared.pruner(), rungs)
    except SpaceError as error:
        given = (*prepared.config.sampler_options, *prepared.config.pruner_options)
        options = f" Options given: {', '.join(given)}." if given else ""
        raise SpaceError(f"{error}{options}") from error


def _study_name(config: SearchConfig, data: str) -> str:
    if (name := config.study) is None:
        name = f"{data}-{config.optimizer}-{config.sampler}"
        return name if config.pruner == NONE else f"{name}-{config.pruner}"
    if not name.isprintable() or not 0 < len(name.strip()) <= LONGEST_NAME:
        raise StudyError(
            f"{name[:50]!r} cannot name a study: it takes 1 to {LONGEST_NAME} characters, all of "
            "them printable. Choose another --study."
        )
    return name


def _check_options(config: SearchConfig) -> None:
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
    if config.jobs is not None and config.jobs < 1:
        raise SpaceError(f"--jobs takes 1 or more, not {config.jobs}.")


def _usual_preset(config: SearchConfig, data: TrainingData) -> str | None:
    """Return the reference's grid where its learning rates mean what they meant."""
    known = data.fingerprint == FASHION_MNIST_FINGERPRINT
    return "fashion-mnist" if known and (data.scale, config.optimizer) == ("raw", "sgd") else None


def _check_listed(config: SearchConfig, space: Mapping[str, Candidates]) -> None:
    ranges = [name for name, values in space.items() if isinstance(values, Range)]
    if ranges and config.sampler == GRID:
        raise SpaceError(
            f"The grid sampler needs listed values, and {ranges[0]} has a range. List some, or "
            "choose another sampler, such as --sampler tpe."
        )


def _check_range(largest_norm: float, dtype: np.dtype[Any], scale: str) -> None:
    """Refuse features whose squares leave the range of the dtype, before all models diverge.

    Raises:
        DataError: they do.
    """
    if not largest_norm < float(np.finfo(dtype).max) / 1e6:
        raise DataError(
            f"The features are too large for {dtype}: the squared norm of a sample is "
            f"{largest_norm:.3g} with --scale {scale}. Use --scale standard or unit."
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
            fitting = [value for value in candidates if value <= n_samples] or [n_samples]
            raise SpaceError(
                f"{name} = {highest} is more than the {n_samples:,} samples that are trained on. "
                f"Give no more than that: --set {name}="
                + ",".join(str(value) for value in fitting)
            )
