"""How long a plan will take and how much memory it needs, before it runs."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from threadpoolctl import threadpool_limits

from hpsoft.engine.plan import Block, Plan, Structure
from hpsoft.engine.train import Fold, Setting, Task, train
from hpsoft.optimizers.protocol import Value

SAMPLES = 512  # of the calibration, at least: a few milliseconds of work a block


@dataclass(frozen=True)
class Estimate:
    """What a plan will cost."""

    seconds: float
    memory_bytes: int  # the peak: of loading, or data once, and states and buffers of all workers


def estimate(setting: Setting, plan: Plan, n_workers: int, loading_bytes: int = 0) -> Estimate:
    """Time one pass of one block of each structure over some samples, and extrapolate.

    `loading_bytes` is the peak of what came before the training.
    """
    known = rates(setting, plan)
    costs = [block.model_epochs * known[block.key] for block in plan.blocks]
    seconds = max(sum(costs) / n_workers, max(costs, default=0.0))
    return Estimate(seconds, max(loading_bytes, _memory(setting, plan, n_workers)))


def rates(setting: Setting, plan: Plan) -> dict[Structure, float]:
    """Return the seconds that a pass takes a model, by the structure of its block."""
    first = {block.key: block for block in reversed(plan.blocks)}
    return {key: _seconds_per_model_epoch(setting, block) for key, block in first.items()}


def peak_memory() -> int:
    """Return the most memory that this process has held so far, mapped files included."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:  # not Linux: only the training is estimated
        return 0
    found = re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0  # not every kernel or container tells


def _seconds_per_model_epoch(setting: Setting, block: Block) -> float:
    fold = setting.folds[0]
    n = min(len(fold.labels), max(SAMPLES, 2 * _largest(block.structure)))
    some = Fold(fold.X[:n], fold.labels[:n], fold.X_validation[:1], fold.labels_validation[:1])
    part = replace(setting, folds=(some,))
    n_samples = sum(len(fold.labels) for fold in setting.folds)
    task = Task(block, tuple(range(len(block.models))), None, 0, 1)
    with threadpool_limits(1):  # as workers have it
        train(part, task)  # once to warm up
        began = time.perf_counter()
        train(part, task)
        seconds = (time.perf_counter() - began) * n_samples / n
    return seconds / len(block.models)


def _largest(structure: Mapping[str, Value]) -> int:
    """Return the largest structural number: where it counts samples, two steps fit into the part."""
    return int(max(structure.values(), default=0))


def _memory(setting: Setting, plan: Plan, n_workers: int) -> int:
    data = sum(array.nbytes for fold in setting.folds for array in vars(fold).values())
    columns = setting.n_classes * max((len(block.models) for block in plan.blocks), default=0)
    state = columns * setting.n_features * setting.dtype.itemsize * len(setting.folds)
    main, worker = 130_000_000, 70_000_000  # Python with the libraries that each imports
    copies = 1 if n_workers == 1 else 2  # the arrays of this process, and those that workers map
    return main + copies * data + n_workers * (4 * state + (worker if n_workers > 1 else 0))
