"""Commands to copy, quoted for a shell: each means the same data, metric, weights and splits."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hpsoft.data.side.roles import ROLES
from hpsoft.data.spec import DataSpec
from hpsoft.data.splitting import TEST_FRACTION
from hpsoft.optimizers.categories import NAMES, SCALE, Choice
from hpsoft.optimizers.hyperparameters import ALPHA, CLASS_WEIGHT
from hpsoft.report.text.format import typed
from hpsoft.space.ranges import Candidates, Range, numbers_of
from hpsoft.space.strength import NAME as C
from hpsoft.study.identity import Identity
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.prepare import LONGEST_NAME
from hpsoft.tuning.repeat import config_of

METHOD = ("optimizer", "sampler", "pruner", "cv", "val_fraction", "metric", "seed", "dtype")
LIMITS = ("trials", "wave")
# What only means something to the optimizer and the sampler that were asked.
NOT_NEWTONS = (
    "sampler", "sampler-option", "pruner", "pruner-option", "dtype", "trials", "wave", "timeout",
    "preset", "space",
)  # fmt: skip


def final_command(study: str, storage: str | None) -> str:
    """Return the command that retrains a study's choice and opens the test set."""
    return _command("final", {"study": study, "storage": storage})


def confirm_command(study: str, storage: str | None) -> str:
    """Return the command that trains a study's top trials again on other parts of the data."""
    return _command("confirm", {"study": study, "storage": storage})


def again_command(
    identity: Identity, study: str, trials: int | None = None, wave: int | None = None
) -> str:
    """Return the command that makes a study again: the same data, method and values.

    `trials` and `wave` are those of a sampler.
    """
    config = replace(config_of(identity), trials=trials, wave=wave)
    asked = asked_options(config, searched_source(identity), identity.space)
    return _command("search", {**asked, "study": study})


def searched_source(identity: Identity) -> DataSpec:
    """Return how the data of a study are read and scaled, unless their scale is searched."""
    is_searched = SCALE in identity.space
    return replace(identity.source, scale=None if is_searched else identity.scale)


def with_options(command: str, study: str, **options: object) -> str:
    """Return a command on a study with options of its own; those that are None are left out."""
    return _command(command, {"study": study, **options})


def extend_command(study: str, storage: str | None) -> str:
    """Return the command that looks beyond the edges of a study's grid; the study knows the
    rest.
    """
    return f"{_command('search', {'study': study, 'storage': storage})} --extend"


def wider_command(
    asked: Mapping[str, Any],
    values: Mapping[str, Sequence[Choice]],
    study: str,
    storage: str | None,
) -> str:
    """Return the command that searches a wider grid, as a study of its own."""
    wider = {name: typed(name, those) for name, those in values.items()}
    own = {"set": {**asked.get("set", {}), **wider}, "storage": storage}
    return _command("search", {**asked, "study": beside(study, "wider"), **own})


def newton_command(
    asked: Mapping[str, Any], space: Mapping[str, Candidates], study: str, storage: str | None
) -> str:
    """Return the command that searches the exact optima on the same data.

    Of the space it repeats what says which cost is minimised, as far as it was asked for.
    """
    kept = {name: text for name, text in asked.get("set", {}).items() if name in NAMES}
    powers = numbers_of(space.get(CLASS_WEIGHT.name, ()))
    if powers:  # of a range its ends: Newton's points are those of a grid
        kept[CLASS_WEIGHT.name] = typed(CLASS_WEIGHT.name, powers)
    alphas = space.get(ALPHA.name, ())
    is_asked = ALPHA.name in asked.get("set", {}) or asked.get("preset") or asked.get("space")
    if is_asked and alphas and not isinstance(alphas, Range):
        kept[ALPHA.name] = typed(ALPHA.name, alphas)
    rest = {option: value for option, value in asked.items() if option not in NOT_NEWTONS}
    own = {"optimizer": "newton", "set": kept, "study": beside(study, "newton")}
    return _command("search", {**rest, **own, "storage": storage})


def accuracy_command(asked: Mapping[str, Any], study: str, storage: str | None) -> str:
    """Return the command that searches the same by accuracy, as a study of its own."""
    own = {"metric": "accuracy", "study": beside(study, "accuracy"), "storage": storage}
    return _command("search", {**asked, **own})


def beside(study: str, what: str) -> str:
    """Return a name for a study that is made beside another one."""
    return f"{study[: LONGEST_NAME - len(what) - 1]}-{what}"


def asked_options(
    config: SearchConfig, source: DataSpec, space: Mapping[str, Candidates]
) -> dict[str, Any]:
    """Return the options that say data, method and space, where they are not the default.

    Not the storage, whose password is not to be printed.
    """
    usual = SearchConfig()
    return {
        "data": source.spec,
        "target": source.target,
        "keep": source.keep,
        "drop": source.drop,
        **source.policy.options(),
        "features": source.features,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "feature-set": [f"{name}={items}" for name, items in source.sets_text.items()],
        **{ROLES[role].option[2:]: column for role, column in source.side.items()},
        "dedupe": source.dedupe or None,
        "scale": source.scale,
        "test-fraction": None if source.test_fraction == TEST_FRACTION else source.test_fraction,
        **{
            name.replace("_", "-"): value
            for name in METHOD
            if (value := getattr(config, name)) != getattr(usual, name)
        },
        "sampler-option": _named(config.sampler_options),
        "pruner-option": _named(config.pruner_options),
        **{name: getattr(config, name) for name in LIMITS},
        "timeout": None if config.timeout is None else f"{config.timeout:g}s",
        "preset": config.preset,
        "space": config.space_file,
        "set": {name: _setting(name, space[name]) for name in _given(config) if name in space},
    }


def _given(config: SearchConfig) -> list[str]:
    """Return the hyperparameters that were given values; C gives them to alpha."""
    return [ALPHA.name if name == C else name for name in config.space]


def _named(options: Mapping[str, Any]) -> list[str]:
    """Return options of a sampler or a pruner as they are typed."""
    return [
        f"{name}={value if isinstance(value, str) else repr(value).lower()}"
        for name, value in options.items()
    ]


def _setting(name: str, candidates: Candidates) -> str:
    """Return what `--set` takes for some values, or for a range."""
    if isinstance(candidates, Range):
        return f"{name}={candidates.setting}"
    return typed(name, candidates)


def _command(name: str, options: Mapping[str, Any]) -> str:
    """Return a command with those of its options that have a value; a list repeats its option."""
    words = ["hpsoft", name]
    for option, value in options.items():
        values = list(value.values()) if isinstance(value, Mapping) else value
        is_one = isinstance(values, str) or not isinstance(values, Sequence)
        for one in [values] if is_one else values:
            if one is True:
                words.append(f"--{option}")
            elif one is not None:
                words += [f"--{option}", quoted(str(one))]
    return " ".join(words)


def quoted(word: str) -> str:
    """Return a word as a shell takes it; what cannot be seen as its bytes, for bash and zsh."""
    if word.isprintable():
        return shlex.quote(word)
    escaped = word.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{''.join(_seen(c) for c in escaped)}'"


def _seen(character: str) -> str:
    if character.isprintable():
        return character
    (*raw,) = character.encode("utf-8", "surrogateescape")  # names of files are bytes
    return "".join(f"\\x{byte:02x}" for byte in raw)
