"""How long a plan will take, how much memory it needs and how many processes it is worth."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from threadpoolctl import threadpool_limits

from hpsoft.engine.plan import Block, Plan, Structure
from hpsoft.engine.setup import Fold, TrainingSetup
from hpsoft.engine.train import Task, train
from hpsoft.optimizers.categories import Choice, numbers
from hpsoft.softmax.probabilities import Array

# Worker processes take half a second to start: more than the whole work of a small plan.
LEAST_SECONDS = 2.0
# Roughly, of any core: large products run at the one rate, and a step on little data, however
# few its operations, takes the other.
FLOPS_A_SECOND, SECONDS_A_STEP = 5e10, 3e-5
SAMPLES = 512  # of the calibration, at least: a few milliseconds of work a block
STATUS = Path("/proc/self/status")  # where Linux tells of this process


@dataclass(frozen=True)
class Estimate:
    """What a plan will cost."""

    seconds: float
    memory_bytes: int  # the peak: of loading, or data once, and states and buffers of all workers


def estimate(setup: TrainingSetup, plan: Plan, n_workers: int, loading_bytes: int = 0) -> Estimate:
    """Time one pass of one block of each structure over some samples, and extrapolate.

    `loading_bytes` is the peak of what came before the training.
    """
    known = rates(setup, plan)
    costs = [block.model_epochs * known[block.key] for block in plan.blocks]
    seconds = max(sum(costs) / n_workers, max(costs, default=0.0))
    return Estimate(seconds, max(loading_bytes, _memory(setup, plan, n_workers)))


def rates(setup: TrainingSetup, plan: Plan) -> dict[Structure, float]:
    """Return the seconds that a pass takes a model, by the structure of its block."""
    first = {block.key: block for block in reversed(plan.blocks)}
    return {key: _seconds_per_model_epoch(setup, block) for key, block in first.items()}


def is_worth_processes(
    setup: TrainingSetup, plan: Plan, least_seconds: float = LEAST_SECONDS
) -> bool:
    """Tell whether a plan takes much longer than processes take to start."""
    n_steps = sum(_n_steps(setup, block) for block in plan.blocks)
    flops = sum(block.model_epochs * setup.flops_of(block.structure) for block in plan.blocks)
    seconds = flops / FLOPS_A_SECOND + n_steps * SECONDS_A_STEP
    return seconds > least_seconds


def training_seconds(setup: TrainingSetup, model_epochs: float) -> float:
    """Return about how long the products of so many passes by one model take."""
    return model_epochs * setup.flops_per_model_epoch / FLOPS_A_SECOND


def n_workers(
    setup: TrainingSetup, plan: Plan, jobs: int, least_seconds: float = LEAST_SECONDS
) -> int:
    """Return how many of at most `jobs` workers a plan is worth."""
    is_worth_it = is_worth_processes(setup, plan, least_seconds)
    return min(jobs, len(plan.blocks)) if is_worth_it else 1


def peak_memory(status: Path = STATUS) -> int:
    """Return the most memory that this process has held so far, mapped files included."""
    try:
        told = status.read_text()
    except OSError:  # not Linux: only the training is estimated
        return 0
    found = re.search(r"^VmHWM:\s*(\d+) kB$", told, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0  # not every kernel or container tells


def _seconds_per_model_epoch(setup: TrainingSetup, block: Block) -> float:
    folds = setup.folds_of(block.structure)
    fold = folds[0]
    n = min(len(fold.labels), max(SAMPLES, 2 * _largest(block.structure)))
    some = Fold(fold.X[:n], fold.labels[:n], fold.X_validation[:1], fold.labels_validation[:1])
    if fold.weight is not None:
        some = replace(some, weight=fold.weight[:n] + 1)  # all 0 would be refused
    part = replace(setup, folds=(some,), views={})
    n_samples = sum(len(fold.labels) for fold in folds)
    task = Task(block, tuple(range(len(block.models))), None, 0, 1)
    with threadpool_limits(1):  # as workers have it
        train(part, task)  # once to warm up
        began = time.perf_counter()
        train(part, task)
        seconds = (time.perf_counter() - began) * n_samples / n
    return seconds / len(block.models)


def _n_steps(setup: TrainingSetup, block: Block) -> int:
    """Return the steps of all passes of a block: mini-batches, or whole passes without them."""
    passes = max(model.horizon for model in block.models)
    sizes = [len(fold.labels) for fold in setup.folds]
    batch = [int(block.structure.get("batch_size", size)) for size in sizes]
    return passes * sum(-(-size // of) for size, of in zip(sizes, batch, strict=True))


def _largest(structure: Mapping[str, Choice]) -> int:
    """Return the largest structural number: if it counts samples, two steps fit into the part."""
    return int(max(numbers(structure).values(), default=0))


def _memory(setup: TrainingSetup, plan: Plan, n_workers: int) -> int:
    data = sum(array.nbytes for array in _arrays(setup))
    columns = setup.n_classes * max((len(block.models) for block in plan.blocks), default=0)
    state = columns * setup.n_features * setup.dtype.itemsize * len(setup.folds)
    main, worker = 130_000_000, 70_000_000  # Python with the libraries that each imports
    copies = 1 if n_workers == 1 else 2  # the arrays of this process, and those that workers map
    return main + copies * data + n_workers * (4 * state + (worker if n_workers > 1 else 0))


def _arrays(setup: TrainingSetup) -> list[Array]:
    """Return the arrays of all views, each once."""
    stores = [view.folds for view in setup.views.values()] or [setup.folds]
    arrays = (array for folds in stores for fold in folds for array in fold.arrays().values())
    return list({id(array): array for array in arrays}.values())
