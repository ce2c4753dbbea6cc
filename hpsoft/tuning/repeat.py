"""A search that repeats what a study says of itself: the options that nobody has to give again."""

from collections.abc import Container, Mapping
from dataclasses import fields, replace
from typing import Any

from hpsoft.data.spec import DataSpec
from hpsoft.data.validation import NONE
from hpsoft.optimizers.categories import SCALE, categories
from hpsoft.study.identity import Identity
from hpsoft.tuning.config import SearchConfig

# Fields of a SearchConfig that a study keeps, by the options that say them.
_METHOD: Mapping[str, tuple[str, ...]] = {
    "optimizer": ("optimizer",),
    "sampler": ("sampler", "sampler_option"),
    "pruner": ("pruner", "pruner_option"),
    "cv": ("cv", "val_fraction"),
    "metric": ("metric",),
    "seed": ("seed",),
    "dtype": ("dtype",),
}
_BESIDE = {
    "sampler": "sampler_options",
    "pruner": "pruner_options",
    "cv": "val_fraction",
}  # that go with them
_POLICY = ("missing", "categories")


def config_of(identity: Identity) -> SearchConfig:
    """Return the options of a search that is this one, with all values of its space given."""
    validation = identity.validation
    cv = SearchConfig.cv if validation.is_given else NONE
    if validation.folds is not None:
        cv = f"{validation.folds}x{validation.repeats}".removesuffix("x1")
    return SearchConfig(
        optimizer=identity.optimizer,
        sampler=identity.sampler,
        sampler_options=identity.sampler_options,
        pruner=identity.pruner,
        pruner_options=identity.pruner_options,
        space=dict(identity.space),
        cv=cv,
        val_fraction=validation.fraction,
        metric=identity.chosen_by.option,
        seed=identity.seed,
        dtype=identity.dtype,
    )


def recalled(
    config: SearchConfig, spec: DataSpec, identity: Identity, given: Container[str]
) -> tuple[SearchConfig, DataSpec]:
    """Return options with those of a study where they are not `given`, by their names.

    What is given stays, and is compared with the study as in any search that continues one.
    """
    kept = config_of(identity)
    method: dict[str, Any] = {}
    for name, options in _METHOD.items():
        if not any(option in given for option in options):
            method |= {one: getattr(kept, one) for one in (name, _BESIDE.get(name, name))}
    return replace(config, **method), _recalled_data(spec, identity, given)


def _recalled_data(spec: DataSpec, identity: Identity, given: Container[str]) -> DataSpec:
    """Return how the study's data are read; other feature sets beside its own as well."""
    source, searched = identity.source, {one.name for one in categories(identity.space)}
    kept = replace(source, scale=None if SCALE in searched else identity.scale)
    options = {"spec": "data"}
    mine = {
        field.name: getattr(spec, field.name)
        for field in fields(DataSpec)
        if options.get(field.name, field.name) in given
    }
    policy = {name: getattr(spec.policy, name) for name in _POLICY if name in given}
    return replace(
        kept,
        **mine,
        policy=replace(kept.policy, **policy),
        side={**kept.side, **spec.side},
        feature_sets={**kept.feature_sets, **spec.feature_sets},
    )
