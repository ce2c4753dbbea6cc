"""The optimizers that are installed: where each comes from, and what it says of itself."""

from dataclasses import dataclass
from importlib.metadata import EntryPoint

from hpsoft.optimizers.probe import Description, describe, describe_all
from hpsoft.optimizers.protocol import Hyperparameter
from hpsoft.optimizers.registry import distribution, installed, is_builtin


@dataclass(frozen=True)
class InstalledOptimizer:
    """A plugin that was found, whether or not it loads."""

    name: str
    distribution: str | None
    version: str | None
    builtin: bool
    summary: str
    hyperparameters: tuple[Hyperparameter, ...]
    error: str | None  # why it does not load


def list_optimizers() -> list[InstalledOptimizer]:
    """Return all plugins; third parties are asked in a process of their own.

    Raises:
        OptimizerError: HPSOFT_PLUGIN_SECONDS is no time.
    """
    by_name = installed()
    points = [point for points in by_name.values() for point in points]
    return list(map(_of, points, describe_all(by_name)))


def installed_optimizer(name: str) -> InstalledOptimizer:
    """Return the one plugin of a name, which loads in this process."""
    (point,) = installed()[name]
    return _of(point, describe(point))


def _of(point: EntryPoint, told: Description) -> InstalledOptimizer:
    about = (point.name, *distribution(point), is_builtin(point))
    return InstalledOptimizer(*about, told.summary, told.hyperparameters, told.error)
