"""What is asked of a search, as values: the same names and defaults as the command line's options.

The command line fills the same fields from text.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias, TypedDict

from hpsoft.api import arguments
from hpsoft.api.folds import Folds, fold_text
from hpsoft.api.spaces import plain_space
from hpsoft.data.encoding.policy import Policy, words_of
from hpsoft.data.featuresets.given import TABLE, read_table
from hpsoft.data.memory.given import Given
from hpsoft.data.side.roles import FOLDS, ROLES
from hpsoft.data.spec import DataSpec
from hpsoft.data.splitting import TEST_FRACTION
from hpsoft.errors import DataTypeError, SpaceTypeError, SpaceValueError
from hpsoft.space.build import read_space_file
from hpsoft.study.storage.location import location_of
from hpsoft.tuning.config import SearchConfig

Values: TypeAlias = Any  # one value a sample, or the name of a column


class SearchOptions(TypedDict, total=False):
    """The keyword arguments of `search`; `SearchRequest` says what each means and its default."""

    target: str | None
    keep: Sequence[str]
    drop: Sequence[str]
    missing: str
    categories: str
    categorical: Sequence[str]
    missing_values: str | Sequence[str]
    features: Sequence[str]
    encoding: str | None
    delimiter: str | None
    feature_set: Mapping[str, str | Sequence[str]]
    groups: Values
    sample_weight: Values
    split: Values
    time: Values
    dedupe: bool
    test_fraction: float | None
    scale: str | None
    optimizer: str
    sampler: str
    sampler_option: Mapping[str, Any]
    pruner: str
    pruner_option: Mapping[str, Any]
    trials: int | None
    timeout: float | None
    wave: int | None
    space: Mapping[str, Any] | str | Path | None
    preset: str | None
    study: str | None
    storage: Any
    cv: "int | str | Folds"
    val_fraction: float | None
    metric: str
    seed: int
    dtype: str
    jobs: int | None
    extend: bool
    refine: bool


@dataclass(frozen=True, eq=False)
class SearchRequest:
    """A search as it is asked for; nothing is read yet."""

    data: Any = None  # an array or a frame; a path or a name, as after --data
    y: Any = None  # labels, (n_samples,), of anything; None: a column of the frame or file
    target: str | None = None  # the column of the labels
    keep: Sequence[str] = ()
    drop: Sequence[str] = ()
    missing: str = Policy.missing  # error, median, mean or drop-rows
    categories: str = Policy.categories  # one-hot, drop or error
    categorical: Sequence[str] = ()  # columns whose numbers are names
    # Words that say `missing` too, "unknown" or "age=-999".
    missing_values: str | Sequence[str] = ()
    features: Sequence[str] = ()  # the only columns that are features
    encoding: str | None = None  # of a file of text
    delimiter: str | None = None  # the same
    feature_set: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    groups: Values = None  # samples of one group stay on one side
    sample_weight: Values = None  # what each sample counts
    split: Values = None  # train, val or test of each sample
    time: Values = None  # what is held out is never earlier than what is trained on
    dedupe: bool = False  # samples of equal features stay on one side
    # Held out before the search, for `final`; None: nothing of what is in memory, of files 0.2.
    test_fraction: float | None = None
    scale: str | None = None  # raw, unit, standard or l2-rows; None: as the data asks for
    optimizer: str = SearchConfig.optimizer
    sampler: str = SearchConfig.sampler
    sampler_option: Mapping[str, Any] = field(default_factory=dict)
    pruner: str = SearchConfig.pruner
    pruner_option: Mapping[str, Any] = field(default_factory=dict)
    trials: int | None = None  # in all, of a sampler other than grid
    timeout: float | None = None  # seconds
    wave: int | None = None  # points asked for at a time
    # Values by name, over those that fit the data; or the path of a space file.
    space: Mapping[str, Any] | str | Path | None = None
    preset: str | None = None
    study: str | None = None  # its name; None: after data, optimizer and sampler
    storage: Any = None  # a path, a URL or a storage of Optuna's; None: in memory, in Python
    # Folds K, "KxR", "auto", "none"; a splitter of scikit-learn's; or indices, (train, held out).
    cv: "int | str | Folds" = SearchConfig.cv
    val_fraction: float | None = None  # where one part is held out
    metric: str = SearchConfig.metric
    seed: int = SearchConfig.seed
    dtype: str = SearchConfig.dtype
    jobs: int | None = None  # processes; None: every core
    extend: bool = False  # add the values beyond the winner's edges to the study's grid
    refine: bool = False  # add the values half way to the winner's neighbours to it
    space_file: Path | None = None  # beside `space`, which goes over it
    given: Container[str] = (
        frozenset()
    )  # names of what was said: a grid that grows recalls the rest
    # Of what the space does not name one value that fits the data, and no grid.
    single: bool = False
    classes: Any = None  # (n_classes,): y are indices into it; None: y are the classes themselves

    def config(self) -> SearchConfig:
        """Return what is not about where the data lies.

        Raises:
            SpaceError, StorageError: an argument that makes no sense.
        """
        space = {} if self.space is None or isinstance(self.space, str | Path) else self.space
        storage = self.storage
        if not isinstance(storage, str | None):
            storage = location_of(storage)
        return SearchConfig(
            optimizer=arguments.text("optimizer", self.optimizer),
            sampler=arguments.text("sampler", self.sampler),
            sampler_options=arguments.table("sampler_option", self.sampler_option),
            pruner=arguments.text("pruner", self.pruner),
            pruner_options=arguments.table("pruner_option", self.pruner_option),
            trials=arguments.count("trials", self.trials),
            timeout=arguments.number_or_none("timeout", self.timeout),
            wave=arguments.count("wave", self.wave),
            preset=arguments.text_or_none("preset", self.preset),
            space_file=self._file,
            space=plain_space(space),
            single=self.single,
            study=arguments.text_or_none("study", self.study),
            storage=storage,
            cv=str(self.cv) if isinstance(self.cv, int | str) else SearchConfig.cv,
            val_fraction=arguments.number_or_none("val_fraction", self.val_fraction),
            metric=arguments.text("metric", self.metric),
            seed=arguments.whole("seed", self.seed),
            dtype=arguments.text("dtype", self.dtype),
            jobs=arguments.count("jobs", self.jobs),
            extend=arguments.flag("extend", self.extend),
            refine=arguments.flag("refine", self.refine),
        )

    def source(self) -> DataSpec | Given:
        """Return where the data come from, and how they are read.

        Raises:
            DataError, SpaceError: arguments that do not go together.
        """
        if self.data is None or isinstance(self.data, str | Path):
            return self._spec()
        return self._given()

    def _spec(self) -> DataSpec:
        if self.y is not None:
            raise DataTypeError(
                f"y goes with arrays; {str(self.data)!r} is read with its labels. Name their "
                "column with target."
            )
        if not isinstance(self.cv, int | str):
            raise SpaceTypeError(
                "cv takes indices or a splitter with arrays alone; the data are read from "
                f"{self.data}. Give a number of folds."
            )
        held = self.test_fraction
        for name, values in self._side().items():
            if not isinstance(values, str):
                raise DataTypeError(f"{name} takes the name of a column of {self.data}.")
        return DataSpec(
            None if self.data is None else str(self.data),
            encoding=arguments.text_or_none("encoding", self.encoding),
            delimiter=arguments.text_or_none("delimiter", self.delimiter),
            **self._reading() | {"test_fraction": TEST_FRACTION if held is None else held},
        )

    def _given(self) -> Given:
        for name in ("encoding", "delimiter"):
            if getattr(self, name) is not None:
                raise SpaceValueError(f"{name} is that of a file of text; X is in memory.")
        if self.y is not None and self.target is not None:
            raise DataTypeError(
                f"y and target={self.target!r} both say what the labels are: give one of them. "
                "With y, a column of the labels in X is dropped by drop=[...]."
            )
        given = Given(self.data, self.y, classes=self.classes, **self._reading())
        if isinstance(self.cv, int | str):
            return given
        if self.val_fraction is not None:
            raise SpaceValueError("val_fraction holds one part out, and cv others: leave one out.")
        folds = fold_text(self.cv, *given.divisible())
        return replace(given, side={**given.side, FOLDS: folds})

    @property
    def _file(self) -> Path | None:
        return Path(self.space) if isinstance(self.space, str | Path) else self.space_file

    def _reading(self) -> dict[str, Any]:
        """Return the options that files and memory have in common."""
        words = self.missing_values
        words = (words,) if isinstance(words, str) else arguments.names("missing_values", words)
        return {
            "target": arguments.text_or_none("target", self.target),
            "side": self._side(),
            "test_fraction": arguments.number_or_none("test_fraction", self.test_fraction),
            "keep": arguments.names("keep", self.keep),
            "drop": arguments.names("drop", self.drop),
            "features": arguments.names("features", self.features),
            "policy": Policy(
                arguments.text("missing", self.missing),
                arguments.text("categories", self.categories),
                arguments.names("categorical", self.categorical),
                words_of(words),
            ),
            "feature_sets": self._sets(),
            "dedupe": arguments.flag("dedupe", self.dedupe),
            "seed": arguments.whole("seed", self.seed),
            "scale": arguments.text_or_none("scale", self.scale),
        }

    def _sets(self) -> dict[str, tuple[str, ...]]:
        """Return the feature sets of the space file and, over these, those that are given."""
        file = self._file
        table = {} if file is None else read_space_file(file).get(TABLE, {})
        given = arguments.table("feature_set", self.feature_set)
        return read_table(table, str(file)) | read_table(given, "feature_set")

    def _side(self) -> dict[str, Values]:
        roles = ROLES.keys() - {FOLDS}  # each is the name of a field
        given = {role: getattr(self, role) for role in sorted(roles)}
        return {role: values for role, values in given.items() if values is not None}
