"""Optuna's samplers and pruners by name, with options as on the command line.

    tpe                     TPESampler()
    multivariate=true       TPESampler(multivariate=True)

What a name takes is read from Optuna itself, so a new version's samplers and options work at once.
"""

import inspect
import warnings
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from hpsoft.errors import SpaceError, unknown
from hpsoft.study.identity import GRID, NONE

if TYPE_CHECKING:
    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler

Options = Mapping[str, Any]

# They need another sampler or several objectives, which no option can name.
_NO_SAMPLERS = ("Base", "BaseGA", "Grid", "PartialFixed")
_PRUNERS = {
    "median": "MedianPruner",
    "percentile": "PercentilePruner",
    "halving": "SuccessiveHalvingPruner",
    "hyperband": "HyperbandPruner",
    "patient": "PatientPruner",
    "threshold": "ThresholdPruner",
    "wilcoxon": "WilcoxonPruner",
}
# Optuna imports them late, in the middle of a search: a missing one is to be told before.
_LIBRARIES = {"cmaes": "cmaes", "gp": "torch"}
_KINDS: Mapping[str, tuple[type, ...]] = {
    "bool": (bool,), "int": (int,), "float": (int, float), "str": (str,), "None": (type(None),),
}  # fmt: skip


def sampler_names() -> list[str]:
    """Return `grid`, `auto` and every sampler that Optuna ships, by its name there."""
    from optuna import samplers

    shipped = [
        name.removesuffix("Sampler") for name in samplers.__all__ if name.endswith("Sampler")
    ]
    return [GRID, "auto", *(name.lower() for name in shipped if name not in _NO_SAMPLERS)]


def is_adaptive(sampler: str, pruner: str) -> bool:
    """Tell whether results decide what is tried, or ended, next."""
    return pruner != NONE or sampler not in {GRID, "random", "qmc", "bruteforce"}


def pruner_names() -> list[str]:
    """Return `none` and every pruner."""
    return [NONE, *_PRUNERS]


def make_sampler(name: str, options: Options, seed: int) -> "BaseSampler":
    """Return a sampler of Optuna's; the option `seed` overrides `seed`.

    Raises:
        SpaceError: no such sampler or option, an option's value makes no sense, or the sampler
            needs a library that is not installed.
    """
    from optuna import samplers

    if name not in sampler_names() or name == GRID:
        raise SpaceError(unknown("sampler", name, sampler_names()))
    by_name = {
        kind.removesuffix("Sampler").lower(): kind
        for kind in samplers.__all__
        if kind.endswith("Sampler")
    }
    kind = by_name["tpe" if name == "auto" else name]
    if (library := _LIBRARIES.get(name)) and find_spec(library) is None:
        raise SpaceError(
            f"The sampler {name} needs {library}, which is not installed. "
            "Install it with: pip install 'hpsoft[samplers]'."
        )
    # Without scrambling, every seed of quasi-random points gives the same ones.
    defaults = {"auto": {"multivariate": True}, "qmc": {"scramble": True}}.get(name, {})
    sampler: BaseSampler = _make(
        getattr(samplers, kind), f"sampler {name}", {**defaults, **options}, {"seed": seed}
    )
    return sampler


def make_pruner(name: str, options: Options, rungs: tuple[int, ...]) -> "BasePruner":
    """Return a pruner of Optuna's. Raises as `make_sampler` does.

    Hyperband's resources reach from the first to the last rung unless options say otherwise;
    `patient` waits for `median` and takes its options too.
    """
    from optuna import pruners

    if name == NONE:
        return pruners.NopPruner()
    if name not in _PRUNERS:
        raise SpaceError(unknown("pruner", name, pruner_names()))
    defaults: dict[str, Any] = {}
    if name == "hyperband":
        defaults = {"min_resource": rungs[0], "max_resource": rungs[-1]}
    elif name == "halving":
        defaults = {"min_resource": rungs[0]}
    elif name == "percentile":
        defaults = {"percentile": 25.0}
    elif name == "patient":
        own = {k: v for k, v in options.items() if k in {"patience", "min_delta"}}
        rest = {k: v for k, v in options.items() if k not in own}
        wrapped = _make(pruners.MedianPruner, "pruner patient", rest, {})
        return _made(pruners.PatientPruner, {"patience": 1, **own}, wrapped)
    elif name == "threshold" and not {"lower", "upper"} & set(options):
        raise SpaceError(
            "The pruner threshold needs a limit: --pruner-option upper=COST, or lower=COST."
        )
    pruner: BasePruner = _make(
        getattr(pruners, _PRUNERS[name]), f"pruner {name}", {**defaults, **options}, {}
    )
    return pruner


def _make(kind: type, title: str, options: Options, usual: Options) -> Any:
    known = inspect.signature(kind).parameters
    for option, value in options.items():
        if option not in known:
            raise SpaceError(unknown(f"option of {title}", option, known))
        _check_kind(title, option, value, known[option].annotation)
    return _made(kind, {**usual, **options})


def _check_kind(title: str, option: str, value: Any, annotation: Any) -> None:
    """Hold a value against what the constructor says it takes."""
    written = annotation if isinstance(annotation, str) else annotation.__name__
    names = [name for name in written.split(" | ") if name in _KINDS]
    if not set(names) - {"None"}:
        raise SpaceError(f"{option} of {title} takes {written}, which no option can give.")
    kinds = tuple(kind for name in names for kind in _KINDS[name])
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise SpaceError(f"{option} of {title} takes {' or '.join(names)}, not {value!r}.")


def _made(kind: type, options: Options, *arguments: Any) -> Any:
    from optuna.exceptions import ExperimentalWarning

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            return kind(*arguments, **options)
    except (TypeError, ValueError) as error:
        raise SpaceError(f"{kind.__name__} refuses its options: {error}.") from error
