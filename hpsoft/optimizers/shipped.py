"""Optimizers that are not installed: what brings them, and how it is installed."""

from collections.abc import Iterable

from hpsoft.errors import unknown

# hpsoft's own plugins, each to be installed on its own: optimizer -> folder of plugins/.
PLUGINS = {
    "adam": "adam",
    "adamw": "adam",
    "averaged-sgd": "averaged-sgd",
    "lbfgs": "lbfgs",
    "momentum": "momentum",
    "svrg": "svrg",
}


def not_installed(name: str, known: Iterable[str]) -> str:
    """Say that there is no such optimizer, and how one of hpsoft's own plugins is installed."""
    if name not in PLUGINS:
        return unknown("optimizer", name, known)
    listed = ", ".join(sorted(known)) or "none"
    return f"The optimizer {name!r} is not installed; known: {listed}. {how_to_install(name)}"


def how_to_install(name: str, distribution: str = "") -> str:
    """Say how an optimizer is installed, of a distribution (with its version) if that is known."""
    if name in PLUGINS:
        folder = PLUGINS[name]
        return (
            f"It is hpsoft's own plugin hpsoft-{folder}: `pip install ./plugins/{folder}` in "
            "hpsoft's repository installs it."
        )
    if distribution:
        return (
            f"Install it as it was then, from its author's folder or `pip install "
            f"{distribution.split(maxsplit=1)[0]}`."
        )
    return "Install the plugin that brings it."
