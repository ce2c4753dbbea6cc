"""From trials to work: 4096 trials -> 512 models -> 8 blocks, by the roles of hyperparameters.

    trial   one point of the space
    model   trials that differ only in the horizon: one run to the largest passes through all
    block   models with equal structural values, trained side by side as columns
    plan    all blocks

The planner knows roles only, no optimizer; a trial is an index into the sequence it was given.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hpsoft.optimizers.categories import Choice, Declared
from hpsoft.optimizers.hyperparameters import names_by_role
from hpsoft.optimizers.protocol import Role, Value

Structure = tuple[tuple[str, Choice], ...]

MODELS_PER_BLOCK = 64  # wider blocks gain nothing measurable; narrower ones balance better


@dataclass(frozen=True)
class Model:
    """Trials that differ in the horizon only."""

    columns: tuple[Value, ...]  # in the order of Block.column_names
    trials: Mapping[int, int]  # horizon value -> index of the trial
    rungs: tuple[int, ...] = ()  # further horizon values to be scored at, for pruning

    @property
    def horizon(self) -> int:
        """The largest horizon value that some trial asks for."""
        return max(self.trials)

    @property
    def stops(self) -> set[int]:
        """The horizon values at which the model is scored."""
        return {*self.trials, *self.rungs}

    def next_stop(self, done: int) -> int:
        """Return the next horizon value after `done` at which the model is scored."""
        return min(h for h in self.stops if h > done)


@dataclass(frozen=True)
class Block:
    """Models trained together."""

    index: int
    structure: Mapping[str, Choice]
    column_names: tuple[str, ...]
    models: tuple[Model, ...]

    @property
    def key(self) -> Structure:
        """The structural values, hashable: the speed of a block depends on them."""
        return tuple(sorted(self.structure.items()))

    @property
    def horizons(self) -> tuple[int, ...]:
        """All horizon values at which some trial of the block ends, ascending."""
        return tuple(sorted({horizon for model in self.models for horizon in model.trials}))

    @property
    def n_trials(self) -> int:
        """Number of trials that the block answers."""
        return sum(len(model.trials) for model in self.models)

    @property
    def model_epochs(self) -> int:
        """Passes times models: the work, up to the speed of one pass."""
        return sum(model.horizon for model in self.models)


@dataclass(frozen=True)
class Plan:
    """All blocks of a search, and the name of the horizon."""

    blocks: tuple[Block, ...]
    horizon: str

    @property
    def n_trials(self) -> int:
        """Number of trials."""
        return sum(block.n_trials for block in self.blocks)

    @property
    def n_models(self) -> int:
        """Number of distinct models to train."""
        return sum(len(block.models) for block in self.blocks)

    @property
    def model_epochs(self) -> int:
        """Passes times models."""
        return sum(block.model_epochs for block in self.blocks)


def make_plan(
    hyperparameters: Sequence[Declared],
    trials: Iterable[tuple[int, Mapping[str, Choice]]],
    *,
    n_workers: int = 1,
    models_per_block: int = MODELS_PER_BLOCK,
    rungs: Sequence[int] = (),
) -> Plan:
    """Group (index, parameters) of trials into models and blocks.

    A structural value with many models is cut into blocks of at most `models_per_block`; where
    that leaves workers without one, blocks are cut further. Models are scored at the horizons of
    their trials, and at `rungs` on the way. The order of the trials does not
    matter: blocks and models come sorted by their values.
    """
    (horizon,) = names_by_role(hyperparameters, Role.HORIZON)
    column_names = names_by_role(hyperparameters, Role.COLUMNAR)
    structural = names_by_role(hyperparameters, Role.STRUCTURAL)
    usual = {h.name: h.default for h in hyperparameters if h.default is not None}
    groups: dict[tuple[Choice, ...], dict[tuple[Value, ...], dict[int, int]]] = {}
    for index, named in trials:
        params = {**usual, **named}
        group = groups.setdefault(tuple(params[name] for name in structural), {})
        model = group.setdefault(tuple(_number(params[name]) for name in column_names), {})
        model[int(params[horizon])] = index
    pieces = -(-n_workers // max(1, len(groups)))
    cut = [
        (dict(zip(structural, values, strict=True)), part)
        for values, group in sorted(groups.items())
        for part in _cut(
            [_model(*item, rungs) for item in sorted(group.items())], pieces, models_per_block
        )
    ]
    blocks = (Block(i, structure, column_names, part) for i, (structure, part) in enumerate(cut))
    return Plan(tuple(blocks), horizon)


def _number(value: Choice) -> Value:
    assert not isinstance(value, str), "words are structural"
    return value


def _model(columns: tuple[Value, ...], trials: Mapping[int, int], rungs: Sequence[int]) -> Model:
    last = max(trials)
    return Model(columns, trials, tuple(rung for rung in rungs if rung < last))


def _cut(models: list[Model], pieces: int, largest: int) -> list[tuple[Model, ...]]:
    """Cut into at least `pieces` equal parts (while there are models) of at most `largest`."""
    n_parts = max(min(pieces, len(models)), -(-len(models) // largest))
    bounds = [len(models) * i // n_parts for i in range(n_parts + 1)]
    return [tuple(models[a:b]) for a, b in pairwise(bounds)]
