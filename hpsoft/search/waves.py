"""How many points are asked for at a time, unless the user says.

A wave is to take some seconds: wide blocks where training is fast, frequent learning where it is
slow. Measured time would make the trials depend on the machine, so work stands for it.
"""

from hpsoft.search.design import Design
from hpsoft.search.ranges import largest, mean

SMALLEST_WAVE, LARGEST_WAVE = 8, 64
WAVES = 4  # at least, so that a sampler learns
WORK = 4e12  # floating-point operations: twenty seconds, say, of two cores
UNLEARNT_WAVE = 512  # where nobody looks at results


def wave_size(n_points: int, *, is_adaptive: bool, flops_a_trial: float = 0.0) -> int:
    """Return a wave worth `WORK`, 8 to 64 points and at most a quarter of all."""
    if not is_adaptive:
        return UNLEARNT_WAVE
    worth = min(LARGEST_WAVE, WORK / flops_a_trial) if flops_a_trial else LARGEST_WAVE
    return max(SMALLEST_WAVE, min(int(worth), n_points // WAVES))


def usual_wave(design: Design, flops_per_model_epoch: float) -> int:
    """Return the wave of a search; a point is worth the mean of the horizon.

    Of a pruned grid whole models are asked for: a point is a model, worth the largest horizon.
    """
    horizons = design.grid.space[design.horizon]
    if design.is_grid:
        n_points, passes = design.n_trials // max(1, len(design.rungs)), float(largest(horizons))
    else:
        n_points, passes = design.n_trials, mean(horizons)
    flops = passes * flops_per_model_epoch
    return wave_size(n_points, is_adaptive=design.is_adaptive, flops_a_trial=flops)
