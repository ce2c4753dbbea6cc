"""`hpsoft optimizers`: the plugins that are installed."""

from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

from hpsoft.cli import options

if TYPE_CHECKING:
    from hpsoft.report.optimizers import InstalledOptimizer


def optimizers(as_json: options.Json = False) -> None:
    """List the installed optimizers, with roles."""
    from hpsoft.optimizers.registry import installed
    from hpsoft.report.console import output
    from hpsoft.report.jsondoc import emit
    from hpsoft.report.optimizers import draw_optimizers, optimizers_document

    found = [_describe(point) for points in installed().values() for point in points]
    if as_json:
        emit(optimizers_document(found))
    else:
        draw_optimizers(output(), found)


def _describe(point: EntryPoint) -> "InstalledOptimizer":
    """Load a plugin to ask it; one that is broken must not hide the others."""
    from hpsoft.errors import OptimizerError
    from hpsoft.optimizers.registry import load
    from hpsoft.report.optimizers import InstalledOptimizer

    distribution = point.dist.name if point.dist else None
    version = point.dist.version if point.dist else None
    try:
        hyperparameters = load(point.name).hyperparameters
    except OptimizerError as error:
        return InstalledOptimizer(point.name, distribution, version, (), str(error))
    return InstalledOptimizer(point.name, distribution, version, hyperparameters, None)
