"""Which data set, and how it is read: what is needed to load it once more."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import NoneType
from typing import Any, Self

from hpsoft.data.encoding.policy import BEFORE, NOW, Policy
from hpsoft.data.loading import USUAL, load
from hpsoft.data.side.roles import ROLES
from hpsoft.data.sources.catalog import available
from hpsoft.data.splitting import TEST_FRACTION
from hpsoft.data.types import Dataset
from hpsoft.errors import DataError

_KINDS: Mapping[str, tuple[type, ...]] = {  # what is kept in a study, in JSON's types
    "spec": (str, NoneType),
    "target": (str, NoneType),
    "test_fraction": (float, int, NoneType),
    "seed": (int,),
    "scale": (str, NoneType),
    "encoding": (str, NoneType),
    "delimiter": (str, NoneType),
    "dedupe": (bool,),
}
IN_MEMORY = "arrays in memory"  # a spec that nothing can be loaded by
_COLUMNS = ("keep", "drop", "features")  # lists of names; what is empty is not kept


@dataclass(frozen=True)
class DataSpec:
    """A data set and the options it is loaded with; see `hpsoft.data.load`."""

    spec: str | None = None  # a name or a path
    target: str | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    test_fraction: float | None = TEST_FRACTION  # None: nothing is held out to test by
    seed: int = 0
    scale: str | None = None  # None: as the data asks for
    side: Mapping[str, str] = field(default_factory=dict)  # role -> column; see hpsoft.data.side
    features: tuple[str, ...] = ()
    encoding: str | None = None  # None: as the text is found to have
    delimiter: str | None = None  # None: as it is found
    dedupe: bool = False  # samples of equal features stay on one side
    policy: Policy = USUAL  # of missing values and of columns that are not numbers
    feature_sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name -> items
    # Columns that were features before `Policy.rules` was NOW, once the data are loaded; not kept.
    constant: tuple[str, ...] = field(default=(), compare=False)

    def load(self, *, progress: bool = False) -> Dataset:
        """Load the data set.

        Raises:
            DataError: there is no such data, it cannot be read, or it cannot be learnt from.
        """
        return load(
            self.spec,
            target=self.target,
            keep=self.keep,
            drop=self.drop,
            side=self.side,
            features=self.features,
            encoding=self.encoding,
            delimiter=self.delimiter,
            dedupe=self.dedupe,
            test_fraction=self.test_fraction,
            seed=self.seed,
            scale=self.scale,
            policy=self.policy,
            feature_sets=self.feature_sets,
            progress=progress,
        )

    def from_anywhere(self, dataset: Dataset) -> Self:
        """Return what loads this very data set again, from any folder."""
        rules = NOW if dataset.matters else BEFORE
        policy = replace(self.policy, rules=rules)
        sets = dataset.training.feature_sets
        return replace(
            self,
            spec=_from_anywhere(self.spec, dataset),
            policy=policy,
            features=self.features or dataset.named,
            feature_sets={name: tuple(c.text.split(",")) for name, c in sets.items()},
            constant=() if dataset.encoding is None else dataset.encoding.keepable,
        )

    def keeping(self) -> Self:
        """Return what loads the same with its constant columns."""
        return replace(self, keep=(*self.keep, *self.constant), constant=())

    def with_sets(self, other: Self) -> Self:
        """Return it with the feature sets of another one too."""
        features = self.features or other.features
        sets = {**other.feature_sets, **self.feature_sets}
        return replace(self, features=features, feature_sets=sets)

    def side_differences(self, other: Self) -> list[str]:
        """Return in what the options differ that say where samples go, or what they count.

        Only where the content differs: the same column under another name is no other search.
        """
        found = [
            f"{role.option} {self.side.get(name, 'not given')} there, "
            f"{other.side.get(name, 'not given')} here"
            for name, role in ROLES.items()
            if self.side.get(name) != other.side.get(name)
        ]
        if self.dedupe != other.dedupe:
            given = {True: "given", False: "not given"}
            found.append(f"--dedupe {given[self.dedupe]} there, {given[other.dedupe]} here")
        return found

    def redefined(self, other: Self) -> list[str]:
        """Return the feature sets that are other columns in `other` under the same name."""
        there, here = self.sets_text, other.sets_text
        return [
            f"feature set {name}: {there[name]} there, {here[name]} here"
            for name in sorted(there.keys() & here.keys())
            if there[name] != here[name]
        ]

    def kept_in(self, kept: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return what a study has kept of it, with the feature sets that it has now."""
        if kept is None:
            return self.to_attribute()
        return {**kept, "feature_sets": self.sets_text} if self.feature_sets else kept

    @property
    def sets_text(self) -> dict[str, str]:
        """The feature sets as they are kept: the items of each in one text."""
        return {name: ",".join(items) for name, items in self.feature_sets.items()}

    def to_attribute(self) -> dict[str, Any]:
        """Return what a study keeps of it, in JSON's types."""
        columns = {name: list(getattr(self, name)) for name in _COLUMNS}
        return {
            "spec": self.spec,
            "target": self.target,
            "test_fraction": self.test_fraction,
            "seed": self.seed,
            "scale": self.scale,
            **{name: those for name, those in columns.items() if those},
            **self.policy.to_attribute(),
            **({"side": dict(self.side)} if self.side else {}),
            **({} if self.encoding is None else {"encoding": self.encoding}),
            **({} if self.delimiter is None else {"delimiter": self.delimiter}),
            **({"dedupe": True} if self.dedupe else {}),
            **({"feature_sets": self.sets_text} if self.feature_sets else {}),
        }

    @classmethod
    def from_attribute(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `to_attribute` has kept; what an older study does not say is the default.

        What a later release may add is left out.

        Raises:
            TypeError: it has kept no such thing.
        """
        if not isinstance(kept, Mapping):
            raise TypeError(f"source is {kept!r}")
        given = {name: kept[name] for name in _KINDS if name in kept}
        columns = {name: kept.get(name, []) for name in _COLUMNS}
        for name, value in given.items():
            if type(value) not in _KINDS[name]:
                raise TypeError(f"{name} of source is {value!r}")
        for name, those in columns.items():
            if not isinstance(those, list) or not all(isinstance(one, str) for one in those):
                raise TypeError(f"{name} of source is {those!r}")
        side = kept.get("side", {})
        if not isinstance(side, dict) or not all(isinstance(one, str) for one in side.values()):
            raise TypeError(f"side of source is {side!r}")
        sets = kept.get("feature_sets", {})
        if not isinstance(sets, dict) or not all(isinstance(one, str) for one in sets.values()):
            raise TypeError(f"feature_sets of source is {sets!r}")
        known = {role: column for role, column in side.items() if role in ROLES}
        lists: dict[str, Any] = {name: tuple(those) for name, those in columns.items()}
        return cls(
            side=known,
            policy=Policy.from_attribute(kept),
            feature_sets={name: tuple(text.split(",")) for name, text in sets.items()},
            **lists,
            **given,
        )


def load_again(spec: DataSpec, fingerprint: str, moved_to: str | None = None) -> Dataset:
    """Load the data of a study once more, from where it has moved to.

    Raises:
        DataError: it has changed since, or cannot be found.
    """
    if spec.spec == IN_MEMORY and moved_to is None:
        raise DataError(
            "The data of this study were arrays in memory. Save them, in an .npz file with X and y "
            "say, and name the file with --data."
        )
    dataset = (spec if moved_to is None else replace(spec, spec=moved_to)).load()
    if dataset.fingerprint != fingerprint:
        raise DataError(
            f"The data {dataset.name} ({dataset.source}) is not what this study was made on: its "
            f"fingerprint is {dataset.fingerprint[:12]}, the study's is {fingerprint[:12]}. "
            "Restore the file, or say with --data where the original lies."
        )
    return dataset


def _from_anywhere(spec: str | None, dataset: Dataset) -> str:
    if spec == IN_MEMORY:
        return spec
    if spec is None:  # the usual data, or what was taken in its place
        return dataset.name
    if spec.startswith("openml:") or spec in {source.name for source in available()}:
        return spec
    if "," in spec and not Path(spec).expanduser().exists():
        return ",".join(_absolute(name.strip()) for name in spec.split(","))
    return _absolute(spec)


def _absolute(path: str) -> str:
    return str(Path(path).expanduser().absolute())
