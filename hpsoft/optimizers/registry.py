"""Find optimizers through the entry-point group `hpsoft.optimizers`.

Finding costs no import: a plugin's code runs only when it is loaded by name. The built-ins come
through the same door as everybody's.
"""

from importlib.metadata import EntryPoint, entry_points

from hpsoft.errors import OptimizerError, unknown
from hpsoft.optimizers.protocol import API_VERSION, Optimizer, Role

GROUP = "hpsoft.optimizers"
SHARED = ("hyperparameters", "default_space", "init")
STEP = ("elementwise", "decoupled", "answer", "values")


def installed() -> dict[str, list[EntryPoint]]:
    """Return the entry points of the group by name; two of one name are a clash, told on use."""
    found: dict[str, list[EntryPoint]] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        found.setdefault(point.name, []).append(point)
    return found


def origin(point: EntryPoint) -> str:
    """Name the distribution that an entry point comes from, with its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unknown distribution"


def load(name: str) -> Optimizer:
    """Return the optimizer called `name`.

    Raises:
        OptimizerError: none or several of that name, it fails to import, or it was written for
            another version of the protocol or lacks a part of it.
    """
    found = installed()
    if name not in found:
        raise OptimizerError(unknown("optimizer", name, found))
    points = found[name]
    if len(points) > 1:
        owners = " and ".join(origin(point) for point in points)
        raise OptimizerError(
            f"Two optimizers are called {name!r}: from {owners}. Uninstall one of them."
        )
    try:
        optimizer = points[0].load()()
    except Exception as error:
        raise OptimizerError(
            f"The optimizer {name!r} from {origin(points[0])} does not load: "
            f"{type(error).__name__}: {error}. Reinstall or uninstall that distribution."
        ) from error
    return _checked(name, points[0], optimizer)


def _checked(name: str, point: EntryPoint, optimizer: object) -> Optimizer:
    version = getattr(optimizer, "api_version", None)
    if version != API_VERSION:
        raise OptimizerError(
            f"The optimizer {name!r} from {origin(point)} speaks version {version} of the plugin "
            f"protocol, this hpsoft speaks {API_VERSION}. Upgrade the older of the two."
        )
    if not isinstance(optimizer, Optimizer):
        raise OptimizerError(
            f"The optimizer {name!r} from {origin(point)} lacks {_missing(optimizer)}: see "
            "EpochOptimizer and StepOptimizer in hpsoft.optimizers."
        )
    horizons = [h.name for h in optimizer.hyperparameters if h.role is Role.HORIZON]
    if len(horizons) != 1:
        raise OptimizerError(
            f"The optimizer {name!r} from {origin(point)} must declare one horizon, the "
            f"hyperparameter that counts its passes; it declares {', '.join(horizons) or 'none'}."
        )
    return optimizer


def _missing(optimizer: object) -> str:
    """Name what keeps an object from being an optimizer of either kind."""
    shared = [name for name in SHARED if not hasattr(optimizer, name)]
    if hasattr(optimizer, "step"):
        own = [name for name in STEP if not hasattr(optimizer, name)]
        return ", ".join([*shared, *own])
    return ", ".join([*shared, *([] if hasattr(optimizer, "epoch") else ["epoch or step"])])


def owner(name: str) -> str:
    """Name the distribution, with its version, that the optimizer called `name` comes from."""
    return " and ".join(origin(point) for point in installed().get(name, []))
