"""What keeps an object from being an optimizer, in words: version, hyperparameters, methods."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain

from hpsoft.optimizers.protocol import API_VERSION, Hyperparameter, Optimizer, Role

METHODS = ("default_space", "init")
SWITCHES: Mapping[str, type] = {"elementwise": bool, "decoupled": bool, "answer": str}
ROLES: Mapping[str, Role] = {
    "batch_size": Role.STRUCTURAL,
    "alpha": Role.COLUMNAR,
    "class_weight": Role.COLUMNAR,
}


def defects(optimizer: object) -> str:
    """Return what is wrong with an optimizer, as the end of a sentence; "" where it is sound."""
    version = getattr(optimizer, "api_version", None)
    if version != API_VERSION:
        return (
            f"speaks version {version} of the plugin protocol, this hpsoft speaks {API_VERSION}: "
            "upgrade the older of the two"
        )
    if not isinstance(optimizer, Optimizer):
        return (
            f"lacks {', '.join(_missing(optimizer))}: see EpochOptimizer and StepOptimizer in "
            "hpsoft.optimizers"
        )
    steps = hasattr(optimizer, "step")
    declared = _misdeclared(optimizer.hyperparameters, steps=steps)
    return next(chain(_mistyped(optimizer, steps=steps), declared), "")


def _missing(optimizer: object) -> Iterator[str]:
    """Name the parts that are not there."""
    own = (*SWITCHES, "values") if hasattr(optimizer, "step") else ("epoch",)
    for name in ("hyperparameters", *METHODS, *own):
        if not hasattr(optimizer, name):
            yield "epoch or step" if name == "epoch" else name


def _mistyped(optimizer: object, *, steps: bool) -> Iterator[str]:
    """Yield which parts are there, but are not what they must be."""
    for name in (*METHODS, *(("values", "step") if steps else ("epoch",))):
        if not callable(getattr(optimizer, name)):
            yield f"has {name} = {getattr(optimizer, name)!r}, which must be a method"
    weighted = getattr(optimizer, "weighted", False)
    if not isinstance(weighted, bool):
        yield f"has weighted = {weighted!r}, which must be a bool"
    for name, kind in SWITCHES.items() if steps else ():
        if not isinstance(getattr(optimizer, name), kind):
            yield f"has {name} = {getattr(optimizer, name)!r}, which must be a {kind.__name__}"


def _misdeclared(hyperparameters: object, *, steps: bool) -> Iterator[str]:
    """Yield what is wrong with the hyperparameters, the plainest first."""
    if not isinstance(hyperparameters, tuple) or not all(
        isinstance(h, Hyperparameter) for h in hyperparameters
    ):
        yield "must declare its hyperparameters as a tuple of Hyperparameter"
        return
    names = [h.name for h in hyperparameters]
    yield from (f"declares {name} twice" for name, n in Counter(names).items() if n > 1)
    yield from (
        f"declares a hyperparameter {name!r}, which cannot be typed after --set"
        for name in names
        if not str(name).isidentifier()
    )
    horizons = [h for h in hyperparameters if h.role is Role.HORIZON]
    if len(horizons) != 1:
        yield (
            "must declare one horizon, the hyperparameter that counts its passes; it declares "
            f"{', '.join(h.name for h in horizons) or 'none'}"
        )
    for h in horizons:
        if h.kind is not int or h.low < 1:
            yield f"must count its passes in whole numbers from 1, unlike its {h.name}"
    for h in hyperparameters if steps else ():
        if ROLES.get(h.name, h.role) is not h.role:
            yield f"must give {h.name} the role {ROLES[h.name]}, as the engine expects"
