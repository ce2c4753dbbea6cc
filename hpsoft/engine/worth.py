"""How many processes some work is worth."""

from hpsoft.engine.plan import Plan
from hpsoft.engine.train import Setting

# Worker processes take half a second to start: more than the whole work of a small plan.
FLOPS = 1e11


def is_worth_processes(setting: Setting, model_epochs: float) -> bool:
    """Tell whether so many passes by one model take longer than processes take to start."""
    return model_epochs * setting.flops_per_model_epoch > FLOPS


def n_workers(setting: Setting, plan: Plan, jobs: int) -> int:
    """Return how many of at most `jobs` workers a plan is worth."""
    worth = is_worth_processes(setting, plan.model_epochs)
    return min(jobs, len(plan.blocks)) if worth else 1
