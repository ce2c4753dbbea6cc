"""Commands to copy, quoted for a shell."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from hpsoft.data.splitting import TEST_FRACTION
from hpsoft.search.config import SearchConfig


def final_command(study: str, storage: str | None) -> str:
    """Return the command that retrains a study's choice and opens the test set."""
    return _command("final", {"study": study, "storage": storage})


def confirm_command(study: str, storage: str | None) -> str:
    """Return the command that trains a study's top trials again on other parts of the data."""
    return _command("confirm", {"study": study, "storage": storage})


def extend_command(config: SearchConfig, source: Mapping[str, Any], study: str) -> str:
    """Return the command that looks beyond the edges of a study's grid."""
    options = {**_asked(config, source), "study": study, "storage": config.storage}
    return f"{_command('search', options)} --extend"


def wider_command(
    config: SearchConfig, source: Mapping[str, Any], study: str, settings: Sequence[str]
) -> str:
    """Return the command that searches a wider grid, as a study of its own."""
    options = {**_asked(config, source), "set": settings}
    return _command("search", {**options, "study": study, "storage": config.storage})


def newton_command(config: SearchConfig, source: Mapping[str, Any]) -> str:
    """Return the command that searches the exact optima on the same data."""
    asked = {**_asked(config, source), "optimizer": "newton", "dtype": None}
    return _command("search", {**asked, "storage": config.storage})


def _asked(config: SearchConfig, source: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked for of data and method, where it is not the default."""
    usual = SearchConfig()
    fraction = source.get("test_fraction")
    return {
        "data": source["spec"],
        "target": source.get("target"),
        "keep": source.get("keep") or (),
        "drop": source.get("drop") or (),
        "scale": source.get("scale"),
        "test-fraction": None if fraction == TEST_FRACTION else fraction,
        **{
            name.replace("_", "-"): value
            for name in ("optimizer", "cv", "val_fraction", "seed", "dtype")
            if (value := getattr(config, name)) != getattr(usual, name)
        },
    }


def _command(name: str, options: Mapping[str, Any]) -> str:
    """Return a command with those of its options that have a value; a list repeats its option."""
    words = ["hpsoft", name]
    for option, value in options.items():
        values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        for one in values:
            if one is not None:
                words += [f"--{option}", shlex.quote(str(one))]
    return " ".join(words)
