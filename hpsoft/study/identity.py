"""What a study says about itself: the user attribute `hpsoft`, and when it is the same search."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeGuard

from hpsoft.space.grid import grid_hash
from hpsoft.space.points import Points
from hpsoft.space.ranges import Candidates, Range, from_plain, is_grown, to_plain

ATTRIBUTE = "hpsoft"
FORMAT = 1
GRID, NONE = "grid", "none"  # the sampler that tries every point; no pruner

# A data set is its content: the same file under another name is no other search.
_COMPARED = {
    "fingerprint": "data set",
    "scale": "scale",
    "optimizer": "optimizer",
    "dtype": "dtype",
    "val_fraction": "validation fraction",
    "folds": "folds of the cross-validation",
    "repeats": "repetitions of its folds",
    "seed": "seed",
    "sampler": "sampler",
    "sampler_options": "options of the sampler",
    "pruner": "pruner",
    "pruner_options": "options of the pruner",
}
# What studies of earlier versions do not say, and mean.
_BEFORE: dict[str, Any] = {
    "sampler_options": {},
    "pruner": "none",
    "pruner_options": {},
    "folds": None,
    "repeats": 1,
}


@dataclass(frozen=True)
class Identity:
    """All that a trial's result depends on besides its own hyperparameters."""

    data: str  # name of the data set
    fingerprint: str
    scale: str
    optimizer: str
    dtype: str
    val_fraction: float | None  # None: folds, or the validation part that the data has
    seed: int
    space: Mapping[str, Candidates]
    source: Mapping[str, str | float | int | list[str] | None] = field(
        default_factory=dict
    )  # to load it again
    sampler: str = GRID
    sampler_options: Mapping[str, Any] = field(default_factory=dict)
    pruner: str = NONE
    pruner_options: Mapping[str, Any] = field(default_factory=dict)
    folds: int | None = None
    repeats: int = 1  # of the folds
    flops_per_model_epoch: float = 0.0  # for replays to ask in the same waves; 0: not known


def describe(identity: Identity, points: Points, versions: Mapping[str, str]) -> dict[str, Any]:
    """Return the attribute of a new study, in JSON's types."""
    return {
        "format": FORMAT,
        **asdict(identity),
        "sampler_options": dict(identity.sampler_options),
        "pruner_options": dict(identity.pruner_options),
        "space": {name: to_plain(values) for name, values in identity.space.items()},
        "grid_hash": grid_hash(identity.space),
        "n_grid": points.size,
        "versions": dict(versions),
        "later_versions": [],
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


_TYPES = {
    "fingerprint": str, "data": str, "optimizer": str, "sampler": str, "scale": str, "dtype": str,
    "grid_hash": str, "seed": int, "space": dict, "versions": dict, "later_versions": list,
}  # fmt: skip


def is_description(attribute: Any) -> TypeGuard[dict[str, Any]]:
    """Tell whether an attribute has what every description has."""
    return isinstance(attribute, dict) and all(
        isinstance(attribute.get(name), kind) for name, kind in _TYPES.items()
    )


def with_versions(attribute: Mapping[str, Any], versions: Mapping[str, str]) -> dict[str, Any]:
    """Return the attribute with the versions that continue the search, if they are new to it."""
    seen = [attribute["versions"], *attribute["later_versions"]]
    if dict(versions) in seen:
        return dict(attribute)
    return {**attribute, "later_versions": [*attribute["later_versions"], dict(versions)]}


def grown(attribute: Mapping[str, Any], described: Mapping[str, Any]) -> dict[str, Any]:
    """Return a study's attribute with the larger grid of `described`, and the one before."""
    before = {name: attribute[name] for name in ("space", "grid_hash", "n_grid")}
    larger = {name: described[name] for name in before}
    return {**attribute, **larger, "grown_from": [*attribute.get("grown_from", []), before]}


def grew_since(attribute: Mapping[str, Any], space: Mapping[str, Candidates]) -> bool:
    """Tell whether a study had this very grid before it grew to the one that it has."""
    return any(recorded_space(before) == space for before in attribute.get("grown_from", ()))


def recorded_space(attribute: Mapping[str, Any]) -> dict[str, Candidates]:
    """Return the space that a study was made for."""
    return {name: from_plain(values) for name, values in attribute["space"].items()}


def differences(attribute: Mapping[str, Any], identity: Identity) -> list[str]:
    """Return one phrase for everything in which a search differs from the recorded one.

    A grid that has all the recorded values, and more, is no difference: the study grows. Neither
    is one that the study has grown from.
    """
    attribute = {**_BEFORE, **attribute}
    found = [
        f"{label} {_shown(name, attribute)} there, {_shown(name, asdict(identity))} here"
        for name, label in _COMPARED.items()
        if attribute[name] != getattr(identity, name)
    ]
    fraction = attribute.get("source", {}).get("test_fraction")
    if fraction is not None and fraction != identity.source.get("test_fraction"):
        found.append(
            f"test fraction {fraction} there, {identity.source.get('test_fraction')} here"
        )
    there, here = recorded_space(attribute), identity.space
    if attribute["sampler"] == "grid" and (is_grown(there, here) or grew_since(attribute, here)):
        return found
    found += [
        f"values of {name}: {_listed(there.get(name))} there, {_listed(here.get(name))} here"
        for name in sorted({*there, *here})
        if there.get(name) != here.get(name)
    ]
    return found


def _shown(name: str, fields: Mapping[str, Any]) -> str:
    if name == "fingerprint":
        return f"{fields['data']} ({str(fields[name])[:12]})"
    if name == "val_fraction" and fields[name] is None and fields["folds"] is None:
        return "given by the data"
    return str(fields[name])


def _listed(values: Candidates | None) -> str:
    if isinstance(values, Range):
        return values.setting
    return "none" if values is None else ", ".join(f"{value:g}" for value in values)
