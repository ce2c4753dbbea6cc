"""How many processes some work is worth."""

from hpsoft.engine.plan import Block, Plan
from hpsoft.engine.train import Setting

# Worker processes take half a second to start: more than the whole work of a small plan.
SECONDS = 2.0
# Roughly, of any core: large products run at the one rate, and a step on little data, however
# few its operations, takes the other.
FLOPS_A_SECOND, SECONDS_A_STEP = 5e10, 3e-5


def is_worth_processes(setting: Setting, plan: Plan) -> bool:
    """Tell whether a plan takes much longer than processes take to start."""
    n_steps = sum(_n_steps(setting, block) for block in plan.blocks)
    seconds = training_seconds(setting, plan.model_epochs) + n_steps * SECONDS_A_STEP
    return seconds > SECONDS


def training_seconds(setting: Setting, model_epochs: float) -> float:
    """Return about how long the products of so many passes by one model take."""
    return model_epochs * setting.flops_per_model_epoch / FLOPS_A_SECOND


def n_workers(setting: Setting, plan: Plan, jobs: int) -> int:
    """Return how many of at most `jobs` workers a plan is worth."""
    return min(jobs, len(plan.blocks)) if is_worth_processes(setting, plan) else 1


def _n_steps(setting: Setting, block: Block) -> int:
    """Return the mini-batches of all passes of a block; a pass is one step where none are declared."""
    passes = max(model.horizon for model in block.models)
    sizes = [len(fold.labels) for fold in setting.folds]
    batch = [int(block.structure.get("batch_size", size)) for size in sizes]
    return passes * sum(-(-size // of) for size, of in zip(sizes, batch, strict=True))
