"""Could I have searched less? Samplers and pruners replayed against a finished grid, many
times.
"""

import time
from collections.abc import Generator, Mapping
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from typing import Any

from hpsoft.assess.regret_report import RegretReport, Replays
from hpsoft.assess.replay import Method, Outcome, Replay, Table, replay
from hpsoft.assess.replay_times import ReplayTimes
from hpsoft.engine.pool import Pool, result
from hpsoft.errors import SpaceError, StudyError, check_least
from hpsoft.optimizers.categories import declared
from hpsoft.study.certificate import certify
from hpsoft.study.identity import GRID, NONE
from hpsoft.study.leaderboard import competitors
from hpsoft.study.study import Study, find_study

TRIALS = (100, 300, 1000)  # where nothing is said; at most half the grid


@dataclass(frozen=True)
class RegretConfig:
    """Options of `hpsoft regret`."""

    study: str = "latest"
    storage: str | None = None
    samplers: tuple[str, ...] = ("tpe",)
    pruners: tuple[str, ...] = (NONE,)
    trials: tuple[int, ...] | None = None  # None: TRIALS, at most half the grid
    seeds: int = 50
    sampler_options: Mapping[str, Any] | None = None
    pruner_options: Mapping[str, Any] | None = None
    wave: int | None = None
    jobs: int = 1


@dataclass(frozen=True)
class Progress:
    """A replay has ended, or none yet."""

    replays: Replays
    n_workers: int
    seconds_left: float | None  # None while nothing is known of some sampler

    @property
    def done(self) -> int:
        """Replays that have ended."""
        return len(self.replays.outcomes)


def replay_methods(config: RegretConfig) -> Generator[Progress, None, RegretReport]:
    """Replay every method with every seed, and return the report.

    Raises:
        StudyError: no such study, or it is not a complete grid.
        SpaceError: an option makes no sense.
    """
    for option, value in (("--seeds", config.seeds), ("--wave", config.wave)):
        check_least(option, value, 1)
    for n_trials in config.trials or ():
        check_least("--trials", n_trials, 1)
    study = find_study(config.storage, config.study)
    table = finished_grid(study)
    methods = _methods(config, len(table.grid))
    for method in methods:  # a wrong name or option is refused before the first replay
        Replay(table, method, 0).design.sampler()
        Replay(table, method, 0).design.pruner()
    replays = Replays(study.name, study.note, table, methods, config.seeds)
    yield from _replayed(replays, min(config.jobs, replays.total))
    return replays.report()


def _replayed(replays: Replays, n_workers: int) -> Generator[Progress, None, None]:
    """Replay in processes."""
    times = ReplayTimes(replays.methods, replays.seeds, n_workers)
    yield Progress(replays, n_workers, None)
    with Pool(n_workers, _given, replays.table) as pool:
        began = time.perf_counter()
        futures = {
            pool.submit(_replay, replays.methods[i], seed): (i, seed) for i, seed in times.order
        }
        for future in as_completed(futures):
            replays.outcomes[futures[future]], seconds = result(future)
            times.add(futures[future][0], seconds)
            yield Progress(replays, n_workers, times.left(time.perf_counter() - began))


def finished_grid(study: Study) -> Table:
    """Read a study whose grid is complete.

    Raises:
        StudyError: there is no such study, or it is none, or all its models diverged.
    """
    identity = study.description.identity
    proof = certify(study.connection, study.name)
    if not proof.exhausted or proof.n_pruned or identity.sampler != GRID:
        raise StudyError(
            f"Study {study.name!r} is no complete grid, and only a complete one knows every answer. "
            "Finish it, or run `hpsoft search --sampler grid` under another --study first."
        )
    if not study.ranking:
        raise StudyError(f"Study {study.name!r} has no trial with a value: all models diverged.")
    return Table(
        {name: tuple(values) for name, values in identity.space.items()},  # type: ignore[arg-type]
        declared(study.load_optimizer().hyperparameters, identity.space),
        tuple(competitors(study.trials)),
        identity.flops_per_model_epoch,
    )


def _methods(config: RegretConfig, n_grid: int) -> list[Method]:
    _check(config, n_grid)
    usual = sorted({max(1, min(n_trials, n_grid // 2)) for n_trials in TRIALS})
    return [
        Method(
            sampler,
            pruner,
            n_trials,
            dict(config.sampler_options or {}),
            dict(config.pruner_options or {}),
            config.wave,
        )
        for sampler in config.samplers
        for pruner in config.pruners
        for n_trials in ((n_grid,) if sampler == GRID else config.trials or usual)
    ]


def _check(config: RegretConfig, n_grid: int) -> None:
    if "seed" in (config.sampler_options or {}):
        raise SpaceError(
            "--sampler-option seed would make all replays of a method the same one. Leave it out: "
            "--seeds N replays the seeds 0 to N - 1."
        )
    for n_trials in config.trials or ():
        if n_trials > n_grid:
            raise SpaceError(
                f"--trials takes 1 to {n_grid:,}, the points of the grid: {n_trials:,}."
            )


# --- in the processes ------------------------------------------------------------------------

WARM_UP = 16  # trials
_warm: set[tuple[str, str]] = set()


def _given(table: Table) -> Table:
    """Return what all replays of a process share: it was sent there once."""
    return table


def _replay(table: Table, method: Method, seed: int) -> tuple[Outcome, float]:
    """Return what comes out, and how many seconds it took, without those of imports."""
    if (kind := (method.sampler, method.pruner)) not in _warm:
        _warm.add(kind)
        few = replace(method, n_trials=min(WARM_UP, method.n_trials))
        replay(Replay(table, few, seed))
    began = time.perf_counter()
    outcome = replay(Replay(table, method, seed))
    return outcome, time.perf_counter() - began
