"""Which data set, and how it is read: what is needed to load it once more."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import NoneType
from typing import Any, Self

from hpsoft.data.loading import load
from hpsoft.data.side.roles import ROLES
from hpsoft.data.sources.catalog import available
from hpsoft.data.splitting import TEST_FRACTION
from hpsoft.data.types import Dataset
from hpsoft.errors import DataError

_KINDS: Mapping[str, tuple[type, ...]] = {  # what is kept in a study, in JSON's types
    "spec": (str, NoneType),
    "target": (str, NoneType),
    "test_fraction": (float, int),
    "seed": (int,),
    "scale": (str, NoneType),
    "dedupe": (bool,),
}


@dataclass(frozen=True)
class DataSpec:
    """A data set and the options it is loaded with; see `hpsoft.data.load`."""

    spec: str | None = None  # a name or a path
    target: str | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    test_fraction: float = TEST_FRACTION
    seed: int = 0
    scale: str | None = None  # None: as the data asks for
    side: Mapping[str, str] = field(default_factory=dict)  # role -> column; see hpsoft.data.side
    dedupe: bool = False  # samples of equal features stay on one side

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
            dedupe=self.dedupe,
            test_fraction=self.test_fraction,
            seed=self.seed,
            scale=self.scale,
            progress=progress,
        )

    def from_anywhere(self, dataset: Dataset) -> Self:
        """Return what loads this very data set again, from any folder."""
        return replace(self, spec=_from_anywhere(self.spec, dataset))

    def to_attribute(self) -> dict[str, Any]:
        """Return what a study keeps of it, in JSON's types."""
        columns = {"keep": list(self.keep), "drop": list(self.drop)}
        return {
            "spec": self.spec,
            "target": self.target,
            "test_fraction": self.test_fraction,
            "seed": self.seed,
            "scale": self.scale,
            **{name: those for name, those in columns.items() if those},
            **({"side": dict(self.side)} if self.side else {}),
            **({"dedupe": True} if self.dedupe else {}),
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
        columns = {name: kept.get(name, []) for name in ("keep", "drop")}
        for name, value in given.items():
            if type(value) not in _KINDS[name]:
                raise TypeError(f"{name} of source is {value!r}")
        for name, those in columns.items():
            if not isinstance(those, list) or not all(isinstance(one, str) for one in those):
                raise TypeError(f"{name} of source is {those!r}")
        side = kept.get("side", {})
        if not isinstance(side, dict) or not all(isinstance(one, str) for one in side.values()):
            raise TypeError(f"side of source is {side!r}")
        known = {role: column for role, column in side.items() if role in ROLES}
        return cls(side=known, keep=tuple(columns["keep"]), drop=tuple(columns["drop"]), **given)


def load_again(spec: DataSpec, fingerprint: str, moved_to: str | None = None) -> Dataset:
    """Load the data of a study once more, from where it has moved to.

    Raises:
        DataError: it has changed since, or cannot be found.
    """
    dataset = (spec if moved_to is None else replace(spec, spec=moved_to)).load()
    if dataset.fingerprint != fingerprint:
        raise DataError(
            f"The data {dataset.name} ({dataset.source}) is not what this study was made on: its "
            f"fingerprint is {dataset.fingerprint[:12]}, the study's is {fingerprint[:12]}. "
            "Restore the file, or say with --data where the original lies."
        )
    return dataset


def _from_anywhere(spec: str | None, dataset: Dataset) -> str:
    if spec is None:  # the usual data, or what was taken in its place
        return dataset.name
    if spec.startswith("openml:") or spec in {source.name for source in available()}:
        return spec
    if "," in spec and not Path(spec).expanduser().exists():
        return ",".join(_absolute(name.strip()) for name in spec.split(","))
    return _absolute(spec)


def _absolute(path: str) -> str:
    return str(Path(path).expanduser().absolute())
