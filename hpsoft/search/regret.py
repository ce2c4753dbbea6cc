"""Could I have searched less? Samplers and pruners replayed against a finished grid, many times."""

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from typing import Any

from hpsoft.engine.pool import Pool, result
from hpsoft.errors import SpaceError, StudyError
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.search.certificate import certify
from hpsoft.search.choices import GRID, NONE, is_adaptive
from hpsoft.search.identity import recorded_space
from hpsoft.search.leaderboard import competitors, rank
from hpsoft.search.listing import find_study, trials
from hpsoft.search.reading import describe_study, open_storage
from hpsoft.search.regret_report import Regret, RegretReport
from hpsoft.search.replay import Method, Outcome, Replay, Table, replay

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
    """Replays done."""

    done: int
    total: int
    share: float = 0.0  # of the work: a sampler takes longer for a trial the more it has seen


def regret(config: RegretConfig) -> Generator[Progress | RegretReport, None, None]:
    """Replay every method with every seed, and end with the report.

    Raises:
        StudyError: no such study, or it is not a complete grid.
        SpaceError: an option makes no sense.
    """
    found = find_study(config.storage, config.study)
    name = found.summary.name
    table = finished_grid(config.storage, name)
    methods = _methods(config, len(table.grid))
    for method in methods:  # a wrong name or option is refused before the first replay
        Replay(table, method, 0).sampler()
        Replay(table, method, 0).pruner()
    outcomes = yield from _replayed(table, methods, config)
    yield RegretReport(
        study=name,
        note=found.note,
        best=rank(table.records)[0],
        n_grid=len(table.grid),
        regrets=tuple(
            Regret(method, tuple(outcomes[i, seed] for seed in range(config.seeds)))
            for i, method in enumerate(methods)
        ),
    )


def _replayed(
    table: Table, methods: Sequence[Method], config: RegretConfig
) -> Generator[Progress, None, dict[tuple[int, int], Outcome]]:
    """Replay in processes; return the outcomes by place of the method and seed."""
    outcomes: dict[tuple[int, int], Outcome] = {}
    total = len(methods) * config.seeds
    work = config.seeds * sum(map(_work, methods))
    done = 0
    yield Progress(0, total)
    with Pool(config.jobs, _share, table) as pool:
        futures = {
            pool.submit(_replay, method, seed): (i, seed)
            for i, method in enumerate(methods)
            for seed in range(config.seeds)
        }
        for future in as_completed(futures):
            i, seed = futures[future]
            outcomes[i, seed] = result(future)
            done += _work(methods[i])
            yield Progress(len(outcomes), total, done / work)
    return outcomes


def _work(method: Method) -> int:
    """Return how long a replay takes, in any unit: a sampler that learns looks at all trials before."""
    return method.n_trials ** (2 if is_adaptive(method.sampler, NONE) else 1)


def finished_grid(storage: str | None, name: str) -> Table:
    """Read a study whose grid is complete.

    Raises:
        StudyError: there is no such study, or it is none, or all its models diverged.
    """
    about = describe_study(storage, name)
    proof = certify(open_storage(storage), name)
    if not proof.exhausted or proof.n_pruned or about["sampler"] != GRID:
        raise StudyError(
            f"Study {name!r} is no complete grid, and only a complete one knows every answer. "
            "Finish it, or run `hpsoft search --sampler grid` under another --study first."
        )
    space = recorded_space(about)
    records = competitors(trials(storage, name))
    if not rank(records):
        raise StudyError(f"Study {name!r} has no trial with a value: all models diverged.")
    return Table(
        {name: tuple(values) for name, values in space.items()},  # type: ignore[arg-type]
        tuple(load_optimizer(about["optimizer"]).hyperparameters),
        tuple(records),
        about.get("flops_per_model_epoch", 0.0),
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
    if config.seeds < 1:
        raise SpaceError(f"--seeds takes 1 or more, not {config.seeds}.")
    if "seed" in (config.sampler_options or {}):
        raise SpaceError(
            "--sampler-option seed would make all replays of a method the same one. Leave it out: "
            "--seeds N replays the seeds 0 to N - 1."
        )
    for n_trials in config.trials or ():
        if not 1 <= n_trials <= n_grid:
            raise SpaceError(
                f"--trials takes 1 to {n_grid:,}, the points of the grid: {n_trials:,}."
            )


# --- in the processes ------------------------------------------------------------------------

_shared: dict[str, Table] = {}


def _share(table: Table) -> None:
    _shared["table"] = table


def _replay(method: Method, seed: int) -> Outcome:
    return replay(Replay(_shared["table"], method, seed))
