"""Find optimizers through the entry-point group `hpsoft.optimizers`.

Finding costs no import: a plugin's code runs only when it is loaded by name. The built-ins come
through the same door as everybody's; they are those of the distribution hpsoft itself. With
HPSOFT_PLUGINS=builtin in the environment, which worker processes inherit, there are no others.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from functools import partial
from importlib.metadata import Distribution, EntryPoint, distributions

from hpsoft.errors import OptimizerError, out_of_memory
from hpsoft.optimizers.entries import entry_points
from hpsoft.optimizers.errors import reason
from hpsoft.optimizers.protocol import Optimizer
from hpsoft.optimizers.shipped import not_installed
from hpsoft.optimizers.validate import defects
from hpsoft.system import interrupts

GROUP = "hpsoft.optimizers"
OURS = "hpsoft"  # the distribution of the built-ins
PLUGINS = "HPSOFT_PLUGINS"  # environment variable: all, or builtin


def installed() -> dict[str, list[EntryPoint]]:
    """Return the entry points of the group by name; two of one name are a clash, told on use.

    Raises:
        OptimizerError: HPSOFT_PLUGINS is neither all nor builtin.
    """
    allowed = os.environ.get(PLUGINS) or "all"
    if allowed not in {"all", "builtin"}:
        raise OptimizerError(f"{PLUGINS} is all or builtin, not {allowed!r}.")
    found: dict[str, list[EntryPoint]] = {}
    for point in sorted(_entry_points(), key=lambda point: point.name):
        if allowed == "all" or is_builtin(point):
            found.setdefault(point.name, []).append(point)
    return found


def _entry_points() -> Iterable[EntryPoint]:
    """Return all entry points of the group but those of distributions with damaged metadata."""
    try:
        return entry_points(group=GROUP)
    except Exception:  # noqa: BLE001 -- one damaged distribution takes all others with it
        first: dict[str, Distribution] = {}
        for found in distributions():
            first.setdefault(str(found.metadata["Name"]).lower(), found)
        return [point for found in first.values() for point in _points_of(found)]


def _points_of(found: Distribution) -> Iterable[EntryPoint]:
    try:
        return found.entry_points.select(group=GROUP)
    except Exception:  # noqa: BLE001 -- as above
        return ()


def distribution(point: EntryPoint) -> tuple[str | None, str | None]:
    """Return name and version of the distribution of an entry point, None where they are lost."""
    try:
        return (point.dist.name, point.dist.version) if point.dist else (None, None)
    except Exception:  # noqa: BLE001 -- metadata of any kind of damage
        return None, None


def is_builtin(point: EntryPoint) -> bool:
    """Tell whether an entry point is one of hpsoft's own."""
    return distribution(point)[0] == OURS


def origin(point: EntryPoint) -> str:
    """Name the distribution that an entry point comes from, with its version."""
    return " ".join(filter(None, distribution(point))) or "an unknown distribution"


def load(name: str) -> Optimizer:
    """Return the optimizer called `name`.

    Raises:
        OptimizerError: none or several of that name, it fails to import, or it was written for
            another version of the protocol or lacks a part of it.
    """
    found = installed()
    if name not in found:
        if any(point.name == name for point in _entry_points()):
            raise OptimizerError(
                f"The optimizer {name!r} is not built in, and others are not loaded: leave out "
                f"--builtin-plugins (or {PLUGINS}=builtin)."
            )
        raise OptimizerError(not_installed(name, found))
    points = found[name]
    if len(points) > 1:
        raise OptimizerError(clash(points))
    return instance(points[0], origin(points[0]))


def clash(points: Sequence[EntryPoint]) -> str:
    """Say that several optimizers have one name."""
    owners = " and ".join(origin(point) for point in points)
    return f"Two optimizers are called {points[0].name!r}: from {owners}. Uninstall one of them."


def instance(point: EntryPoint, whose: str) -> Optimizer:
    """Return the optimizer of an entry point that comes from the distribution `whose`.

    Raises:
        OptimizerError: as `load`; whatever its import raises, KeyboardInterrupt as well, unless
            it was the user's.
    """
    with interrupts.noted() as signals, output_to_stderr():
        try:
            optimizer = point.load()()
            fault = defects(optimizer)
        except BaseException as error:
            if signals or out_of_memory(error):
                raise
            raise OptimizerError(unusable(point.name, whose, reason(error))) from error
    if fault:
        raise OptimizerError(f"The optimizer {point.name!r} from {whose} {fault}.")
    return optimizer


def unusable(name: str, whose: str, why: str) -> str:
    """Say that an optimizer does not load."""
    return (
        f"The optimizer {name!r} from {whose} does not load: {why}. "
        "Reinstall or uninstall that distribution."
    )


@contextlib.contextmanager
def output_to_stderr() -> Iterator[None]:
    """Send what is printed within to standard error, by libraries in C too: results stay alone."""
    with contextlib.redirect_stdout(sys.stderr), _descriptor_to_stderr():
        yield


@contextlib.contextmanager
def _descriptor_to_stderr() -> Iterator[None]:
    try:
        kept = os.dup(1)
    except OSError:  # closed: there are no results to keep alone
        yield
        return
    try:
        with contextlib.suppress(OSError):  # standard error is closed
            os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def make(name: str) -> Callable[[], Optimizer]:
    """Return what makes that optimizer anew, untouched by what was done with others.

    Raises:
        OptimizerError: as `load`.
    """
    return partial(deepcopy, load(name))


def owner(name: str) -> str:
    """Name the distribution, with its version, that the optimizer called `name` comes from."""
    return " and ".join(origin(point) for point in installed().get(name, []))
