"""What Optuna itself takes for a 4096-trial grid under `study.optimize` with `GridSampler`.

Both `before_trial` and `after_trial` look at all trials of the study, so a trial costs more the
more there are. Nothing is extrapolated: the study is filled with k finished trials (which is
quick), some trials with a free objective are timed there, and the cost a trial is integrated over
k = 0 .. 4096 by the trapezoid rule. In memory, the cheapest storage.
"""

import time

import numpy as np

GRID = {name: list(range(8)) for name in ("epochs", "batch_size", "learning_rate", "alpha")}
TRIALS = 8**4


def overhead_seconds(trials: int = 12, points: int = 6) -> float:
    """Return the seconds that Optuna takes for the whole grid."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    filled = np.linspace(0, TRIALS - 2 * trials, points).astype(int)
    return float(np.trapezoid([_seconds_a_trial(k, trials) for k in filled], filled + trials / 2))


def _seconds_a_trial(filled: int, trials: int) -> float:
    """Time some trials in a study that holds `filled` finished ones."""
    import optuna

    sampler = optuna.samplers.GridSampler(GRID, seed=0)
    study = optuna.create_study(sampler=sampler)
    study.add_trials([_finished(optuna, grid_id) for grid_id in range(filled)])
    began = time.perf_counter()
    study.optimize(_free, n_trials=trials)
    return (time.perf_counter() - began) / trials


def _free(trial) -> float:
    return float(sum(trial.suggest_categorical(name, values) for name, values in GRID.items()))


def _finished(optuna, grid_id: int):
    index = np.unravel_index(grid_id, (8,) * len(GRID))
    choice = optuna.distributions.CategoricalDistribution(tuple(range(8)))
    return optuna.trial.create_trial(
        params={name: int(i) for name, i in zip(GRID, index, strict=True)},
        distributions=dict.fromkeys(GRID, choice),
        value=1.0,
        system_attrs={"search_space": GRID, "grid_id": grid_id},
    )
