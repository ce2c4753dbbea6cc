"""What a study says about itself: the user attribute `hpsoft`, and when it is the same search."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from types import NoneType
from typing import Any, Self

from hpsoft.data.side.roles import FOLDS, TIME
from hpsoft.data.spec import DataSpec, load_again
from hpsoft.data.types import Dataset
from hpsoft.data.validation import Validation
from hpsoft.softmax.metric import CHOOSING, CROSS_ENTROPY, Metric
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
    "metric": "metric",
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
    source: DataSpec = field(default_factory=DataSpec)  # to load the data again
    sampler: str = GRID
    sampler_options: Mapping[str, Any] = field(default_factory=dict)
    pruner: str = NONE
    pruner_options: Mapping[str, Any] = field(default_factory=dict)
    folds: int | None = None
    repeats: int = 1  # of the folds
    flops_per_model_epoch: float = 0.0  # for replays to ask in the same waves; 0: not known
    metric: str = CROSS_ENTROPY.name  # by which the winner is chosen: the trials' value
    # What is only to be told, and repeated by `hpsoft card`: another one is no other search.
    # Samples that may be trained on, features, classes; samples that were held out to test by,
    # 0 where the data have a test part.
    sizes: Mapping[str, int] = field(default_factory=dict, compare=False)
    wave: int | None = field(default=None, compare=False)  # of a sampler's first search

    @property
    def validation(self) -> Validation:
        """By what trials are told apart."""
        by_time, given = TIME in self.source.side, FOLDS in self.source.side
        return Validation(self.val_fraction, self.folds, self.repeats, by_time, given)

    @property
    def chosen_by(self) -> Metric:
        """The metric by which the winner is chosen."""
        return CHOOSING[self.metric]

    def load_data(self, moved_to: str | Dataset | None = None) -> Dataset:
        """Load the data once more, as it was scaled, from where it has moved to.

        What is in memory already is that data, with another test part perhaps.

        Raises:
            DataError: it has changed since, or cannot be found.
        """
        if isinstance(moved_to, Dataset):
            assert moved_to.fingerprint == self.fingerprint, "the search was given it"
            return moved_to
        return load_again(replace(self.source, scale=self.scale), self.fingerprint, moved_to)

    @property
    def plain_space(self) -> dict[str, Any]:
        """The space in JSON's types."""
        return {name: to_plain(values) for name, values in self.space.items()}

    def to_attribute(self) -> dict[str, Any]:
        """Return it in JSON's types."""
        fields_of_mine = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            **fields_of_mine,
            "source": self.source.to_attribute(),
            "sampler_options": dict(self.sampler_options),
            "pruner_options": dict(self.pruner_options),
            "space": self.plain_space,
        }

    @classmethod
    def from_attribute(cls, attribute: Mapping[str, Any]) -> Self:
        """Return what `to_attribute` has kept; what older studies do not say is the default."""
        known = {f.name: attribute[f.name] for f in fields(cls) if f.name in attribute}
        source = DataSpec.from_attribute(attribute.get("source", {}))
        return cls(**{**known, "space": space_of(attribute), "source": source})


@dataclass(frozen=True)
class StudyDescription:
    """What a study says about itself; nobody else reads or writes the keys of its attribute."""

    identity: Identity
    grid_hash: str
    n_grid: int | None  # None: the space has ranges
    versions: Mapping[str, str]
    later_versions: tuple[Mapping[str, str], ...] = ()  # other ones that continued the search
    grown_from: tuple[Mapping[str, Any], ...] = ()  # space, grid_hash and n_grid of grids before
    created: str | None = None
    kept: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def new(cls, identity: Identity, points: Points, versions: Mapping[str, str]) -> Self:
        """Describe a new study."""
        created = datetime.now(UTC).isoformat(timespec="seconds")
        size, digest = points.size, grid_hash(identity.space)
        return cls(identity, digest, size, dict(versions), created=created)

    @classmethod
    def from_attribute(cls, attribute: Mapping[str, Any]) -> Self:
        """Return what a study's attribute says.

        Raises:
            TypeError, ValueError: it says what hpsoft does not write.
        """
        _check(attribute)
        for versions in (attribute["versions"], *attribute["later_versions"]):
            _check_versions(versions)
        for before in attribute.get("grown_from", ()):
            _check(before, ("space", "grid_hash", "n_grid"))
            space_of(before)
        return cls(
            identity=Identity.from_attribute(attribute),
            grid_hash=attribute["grid_hash"],
            n_grid=attribute.get("n_grid"),
            versions=attribute["versions"],
            later_versions=tuple(attribute["later_versions"]),
            grown_from=tuple(attribute.get("grown_from", ())),
            created=attribute.get("created"),
            kept=attribute,
        )

    def to_attribute(self) -> dict[str, Any]:
        """Return it in JSON's types; what it does not know of its attribute stays as it was."""
        grown_from = {"grown_from": list(self.grown_from)} if self.grown_from else {}
        mine = self.identity.to_attribute()
        for name in {"metric", "sizes", "wave"} - self.kept.keys() if self.kept else ():
            del mine[name]  # an older release did not say it
        return {
            "format": FORMAT,
            **mine,
            **self.kept,
            "space": self.identity.plain_space,
            "grid_hash": self.grid_hash,
            "n_grid": self.n_grid,
            "versions": dict(self.versions),
            "later_versions": list(self.later_versions),
            "created": self.created,
            **grown_from,
            "source": self.identity.source.kept_in(self.kept.get("source")),
        }

    def with_versions(self, versions: Mapping[str, str]) -> Self:
        """Return it with the versions that continue the search, if they are new to it."""
        if dict(versions) in [dict(self.versions), *map(dict, self.later_versions)]:
            return self
        return replace(self, later_versions=(*self.later_versions, dict(versions)))

    def grown(self, identity: Identity, points: Points) -> Self:
        """Return it with the larger grid of a search, and with the one before."""
        source = self.identity.source.with_sets(identity.source)
        before = {
            "space": self.identity.plain_space,
            "grid_hash": self.grid_hash,
            "n_grid": self.n_grid,
        }
        return replace(
            self,
            identity=replace(self.identity, space=identity.space, source=source),
            grid_hash=grid_hash(identity.space),
            n_grid=points.size,
            grown_from=(*self.grown_from, before),
        )

    def grew_since(self, space: Mapping[str, Candidates]) -> bool:
        """Tell whether the study had this very grid before it grew to the one that it has."""
        return any(space_of(before) == space for before in self.grown_from)

    def differences(self, identity: Identity) -> list[str]:
        """Return one phrase for everything in which a search differs from this one.

        A grid that has all the recorded values, and more, is no difference: the study grows.
        Neither is one that the study has grown from.
        """
        mine = self.identity
        found = [
            f"{label} {_shown(name, mine)} there, {_shown(name, identity)} here"
            for name, label in _COMPARED.items()
            if getattr(mine, name) != getattr(identity, name)
        ]
        if mine.fingerprint != identity.fingerprint:
            found += mine.source.policy.differences(identity.source.policy)
            found += mine.source.side_differences(identity.source)
        found += mine.source.policy.fill_difference(identity.source.policy)
        found += mine.source.redefined(identity.source)
        here = identity.source.test_fraction
        fraction = self.kept.get("source", {}).get("test_fraction", here)
        if fraction != here:
            found.append(f"test fraction {fraction} there, {here} here")
        if mine.sampler == GRID and (
            is_grown(mine.space, identity.space) or self.grew_since(identity.space)
        ):
            return found
        return found + [
            f"values of {name}: {_listed(mine.space.get(name))} there, "
            f"{_listed(identity.space.get(name))} here"
            for name in sorted({*mine.space, *identity.space})
            if mine.space.get(name) != identity.space.get(name)
        ]


def space_of(attribute: Mapping[str, Any]) -> dict[str, Candidates]:
    """Return the space in what is kept of a search, or of a grid before it grew."""
    return {name: from_plain(values) for name, values in attribute["space"].items()}


_DTYPES = ("float32", "float64")
_NUMBER, _TEXT, _COUNT = (float, int), (str,), (int,)
_TYPES: Mapping[str, tuple[type, ...]] = {
    "data": _TEXT, "fingerprint": _TEXT, "scale": _TEXT, "optimizer": _TEXT, "dtype": _TEXT,
    "val_fraction": (*_NUMBER, NoneType), "seed": _COUNT, "space": (dict,), "sampler": _TEXT,
    "sampler_options": (dict,), "pruner": _TEXT, "pruner_options": (dict,),
    "folds": (*_COUNT, NoneType), "repeats": _COUNT, "flops_per_model_epoch": _NUMBER,
    "metric": _TEXT, "sizes": (dict,), "wave": (*_COUNT, NoneType),
    "grid_hash": _TEXT, "n_grid": (*_COUNT, NoneType), "versions": (dict,),
    "later_versions": (list,), "grown_from": (list,), "created": (*_TEXT, NoneType),
}  # fmt: skip
_LATER = frozenset({  # what studies of an older release do not say
    "sampler_options", "pruner", "pruner_options", "folds", "repeats", "flops_per_model_epoch",
    "metric", "n_grid", "grown_from", "created", "sizes", "wave",
})  # fmt: skip


def _check(attribute: Any, names: Iterable[str] = _TYPES) -> None:
    """Raise a TypeError or ValueError where an attribute is not what hpsoft writes."""
    if not isinstance(attribute, dict):
        raise TypeError(f"it is {attribute!r}")
    for name in names:
        absent = name not in attribute
        if (absent and name not in _LATER) or (
            not absent and type(attribute[name]) not in _TYPES[name]
        ):
            raise TypeError(f"{name} is {'absent' if absent else repr(attribute[name])}")
    if "dtype" in names and attribute["dtype"] not in _DTYPES:
        raise ValueError(f"dtype is {attribute['dtype']!r}")
    if "metric" in names and attribute.get("metric", CROSS_ENTROPY.name) not in CHOOSING:
        raise ValueError(f"metric is {attribute['metric']!r}")
    json.dumps(attribute, allow_nan=False)  # ValueError: JSON has no such number


def _check_versions(versions: Any) -> None:
    if not isinstance(versions, dict) or not all(isinstance(v, str) for v in versions.values()):
        raise TypeError(f"versions are {versions!r}")


def _shown(name: str, identity: Identity) -> str:
    if name == "fingerprint":
        return f"{identity.data} ({identity.fingerprint[:12]})"
    if name == "val_fraction" and identity.validation.is_given:
        return "given by the data"
    value = identity.chosen_by.option if name == "metric" else getattr(identity, name)
    return "none" if value is None else str(value)


def _listed(values: Candidates | None) -> str:
    if isinstance(values, Range):
        return values.setting
    return (
        "none"
        if values is None
        else ", ".join(v if isinstance(v, str) else f"{v:g}" for v in values)
    )
