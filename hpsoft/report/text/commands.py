"""Commands to copy, quoted for a shell."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from hpsoft.data.side.roles import ROLES
from hpsoft.data.spec import DataSpec
from hpsoft.data.splitting import TEST_FRACTION
from hpsoft.optimizers.categories import NAMES
from hpsoft.tuning.config import SearchConfig

METHOD = ("optimizer", "sampler", "pruner", "cv", "val_fraction", "metric", "seed", "dtype")


def final_command(study: str, storage: str | None) -> str:
    """Return the command that retrains a study's choice and opens the test set."""
    return _command("final", {"study": study, "storage": storage})


def confirm_command(study: str, storage: str | None) -> str:
    """Return the command that trains a study's top trials again on other parts of the data."""
    return _command("confirm", {"study": study, "storage": storage})


def extend_command(asked: Mapping[str, Any], study: str, storage: str | None) -> str:
    """Return the command that looks beyond the edges of a study's grid."""
    own = {"set": None, "study": study, "storage": storage}
    return f"{_command('search', {**asked, **own})} --extend"


def wider_command(
    asked: Mapping[str, Any], settings: Sequence[str], study: str, storage: str | None
) -> str:
    """Return the command that searches a wider grid, as a study of its own."""
    settings = [*asked.get("set", ()), *settings]
    return _command("search", {**asked, "set": settings, "study": study, "storage": storage})


def newton_command(asked: Mapping[str, Any], storage: str | None) -> str:
    """Return the command that searches the exact optima on the same data."""
    exact = {"optimizer": "newton", "sampler": None, "pruner": None, "dtype": None}
    return _command("search", {**asked, **exact, "storage": storage})


def accuracy_command(asked: Mapping[str, Any], storage: str | None) -> str:
    """Return the command that searches the same by accuracy, as a study of its own."""
    return _command("search", {**asked, "metric": "accuracy", "storage": storage})


def asked_options(config: SearchConfig, source: DataSpec) -> dict[str, Any]:
    """Return the options that say which data and which method, where they are not the default.

    Neither the storage, whose password is not to be printed, nor the space and its limits.
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
        "set": _words(config),
    }


def _words(config: SearchConfig) -> list[str]:
    """Return which feature sets and scales were asked for: what is seen of the data."""
    given = {name: config.space[name] for name in NAMES if name in config.space}
    return [
        f"{name}={','.join(map(str, words))}"
        for name, words in given.items()
        if isinstance(words, list) and all(isinstance(word, str) for word in words)
    ]


def _command(name: str, options: Mapping[str, Any]) -> str:
    """Return a command with those of its options that have a value; a list repeats its option."""
    words = ["hpsoft", name]
    for option, value in options.items():
        values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        for one in values:
            if one is True:
                words.append(f"--{option}")
            elif one is not None:
                words += [f"--{option}", shlex.quote(str(one))]
    return " ".join(words)
