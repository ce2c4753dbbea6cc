"""The space of a search: what is given, and what fits the data, however they are seen.

A grid has the same values for all that is seen of the data. What works for some columns or some
scale may be far from what works for others, so the values of columnar hyperparameters (learning
rates, strengths of L2) cover what each view would have by default; all else is as the view with
the most features would have it.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from hpsoft.data import Samples, TrainingData, summary
from hpsoft.data.scale import SCALES
from hpsoft.data.side.roles import WEIGHT
from hpsoft.engine.setup import Fold, Folds, TrainingSetup
from hpsoft.optimizers.categories import FEATURE_SET, SCALE, Category
from hpsoft.optimizers.errors import optimizer_errors
from hpsoft.optimizers.hyperparameters import CLASS_WEIGHT, names_by_role
from hpsoft.optimizers.protocol import Optimizer, Role, Space
from hpsoft.softmax.summary import DataSummary
from hpsoft.space.build import build_space, build_words, default_space
from hpsoft.space.ranges import Candidates, numbers_of
from hpsoft.space.usual import usual_value
from hpsoft.tuning.config import SearchConfig


def offered(optimizer: Optimizer, data: TrainingData) -> tuple[Category, ...]:
    """Return the hyperparameters of the data; a name that the optimizer has is the optimizer's."""
    taken = {h.name for h in optimizer.hyperparameters}
    words = {FEATURE_SET: tuple(data.feature_sets), SCALE: SCALES}
    return tuple(
        Category(name, those) for name, those in words.items() if those and name not in taken
    )


def words_of(config: SearchConfig, offers: Sequence[Category]) -> dict[str, tuple[str, ...]]:
    """Return the words to search: of feature sets all, of scales none, where nobody says.

    Raises:
        SpaceError: a word that there is not.
    """
    usual = {one.name: one.words for one in offers if one.name == FEATURE_SET}
    return build_words(
        offers, usual, preset=config.preset, file=config.space_file, given=config.space
    )


def space_of(
    config: SearchConfig,
    preset: str | None,
    setting: TrainingSetup,
    data: TrainingData,
    words: Mapping[str, Sequence[str]],
) -> tuple[dict[str, Candidates], str]:
    """Return the space; what it has by default fits the data as they are seen and weighted.

    And what the optimizer says of its defaults, where its `remark` has something to say and none
    of its structural values were given: "" else.

    Raises:
        SpaceError: as `build_space`.
    """
    optimizer, offers = setting.optimizer, offered(setting.optimizer, data)
    samples = [_samples(first(folds)) for folds in seen(setting)]

    def built(powers: Sequence[float]) -> tuple[dict[str, Candidates], str]:
        facts = [summary(part, data.name, data.n_classes, powers) for part in samples]
        widest_first = sorted(facts, key=lambda one: -one.n_features)
        usual = _usual(config, setting, widest_first)
        space = build_space(
            (*offers, *optimizer.hyperparameters),
            {**usual, **words},
            preset=preset,
            n_samples=counted(setting),
            n_classes=data.n_classes,
            decoupled=getattr(optimizer, "decoupled", False),
            file=config.space_file,
            given=config.space,
        )
        if config.single:
            return space, ""
        structural = names_by_role(optimizer.hyperparameters, Role.STRUCTURAL)
        is_usual = all(space.get(name) == usual.get(name) for name in structural)
        return space, _remark(optimizer, widest_first[0]) if is_usual else ""

    space, said = built((0.0,))
    powers = numbers_of(space.get(CLASS_WEIGHT.name, (0.0,)))
    ends = {min(powers), max(powers)}
    return (space, said) if ends == {0} else built(sorted(ends))


def _usual(
    config: SearchConfig, setting: TrainingSetup, widest_first: Sequence[DataSummary]
) -> Mapping[str, Sequence[object]]:
    """Return the values that nobody names: the optimizer's, or of each the best guess alone."""
    optimizer = setting.optimizer
    if not config.single:
        return cover(optimizer, [default_space(optimizer, facts) for facts in widest_first])
    facts = replace(widest_first[0], n_samples=setting.n_samples)
    usual, total = default_space(optimizer, facts), counted(setting)
    found = {h.name: usual_value(h, usual, facts, total) for h in optimizer.hyperparameters}
    return {name: (value,) for name, value in found.items() if value is not None}


def _remark(optimizer: Optimizer, facts: DataSummary) -> str:
    """Return what an optimizer says of its default space, if it has a method that does."""
    with optimizer_errors(optimizer):
        return str(getattr(optimizer, "remark", lambda _: "")(facts))


def seen(setting: TrainingSetup) -> list[Folds]:
    """Return the folds as each view shows them, or as they are."""
    return [view.seen for view in setting.views.values()] or [setting.folds]


def first(folds: Sequence[Fold]) -> Fold:
    """Return the first fold, or the smallest where groups or times make them unequal."""
    return folds[_place(folds)]


def counted(setting: TrainingSetup) -> float:
    """Return how many samples a model is trained on, by which C is told: their sum of weights.

    Of the `first` fold; weights are those that were given, of any mean.
    """
    at = _place(setting.folds)
    return setting.totals[at] if setting.totals else len(setting.folds[at].labels)


def _place(folds: Sequence[Fold]) -> int:
    sizes = [len(fold.labels) for fold in folds]
    return sizes.index(min(sizes)) if sizes[0] - min(sizes) > 1 else 0


def _samples(fold: Fold) -> Samples:
    side = {} if fold.weight is None else {WEIGHT: fold.weight}
    return Samples(fold.X, fold.labels, side)


def cover(optimizer: Optimizer, spaces: Sequence[Space]) -> dict[str, Sequence[object]]:
    """Return the first space, with the values of the others that none of its own is near."""
    columnar = names_by_role(optimizer.hyperparameters, Role.COLUMNAR)
    covered: dict[str, Sequence[object]] = dict(spaces[0])
    for name in columnar:
        given = [space[name] for space in spaces if name in space]
        if len(given) > 1 and all(map(_is_geometric, given)):
            covered[name] = _joined(given)
    return covered


def _is_geometric(values: object) -> bool:
    """Tell whether values are two or more positive numbers, as far as plugins may be trusted."""
    if not isinstance(values, Sequence) or isinstance(values, str) or len(values) < 2:
        return False
    return all(isinstance(value, float) and 0 < value < math.inf for value in values)


def _joined(given: Sequence[Sequence[float]]) -> list[float]:
    """Return the first values, and of the others those that are half a step or more away."""
    joined = sorted(given[0])
    near = statistics.median(math.log(b / a) for a, b in pairwise(joined)) / 2
    for values in given[1:]:
        joined += [v for v in values if min(abs(math.log(v / u)) for u in joined) > near + 1e-9]
    return sorted(joined)
