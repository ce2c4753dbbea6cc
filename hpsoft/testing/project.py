"""A new plugin project: five files that install and pass their contract test as they are."""

import keyword
import re
from pathlib import Path
from string import Template

from hpsoft import __version__, optimizers
from hpsoft.errors import OptimizerError
from hpsoft.optimizers.protocol import API_VERSION
from hpsoft.optimizers.registry import installed, owner

TEMPLATES = Path(__file__).parent / "project_files"
NAMES = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

# No name for the class: Python's own words, and what the generated files import.
_TAKEN = {*keyword.kwlist, *optimizers.__all__, "Any", "Mapping", "OptimizerContract"}


def write_project(name: str, folder: Path | None = None) -> Path:
    """Write the project of an optimizer called `name`, and return its folder.

    Raises:
        OptimizerError: no name for an optimizer, or one that is taken; the folder has something
            in it, or cannot be written.
    """
    if not NAMES.fullmatch(name):
        raise OptimizerError(
            f"{name!r} is no name for an optimizer: small letters, digits and single hyphens, "
            "beginning with a letter."
        )
    if name in installed():
        raise OptimizerError(
            f"There is an optimizer called {name!r}, from {owner(name)}. Choose another name."
        )
    folder = folder or Path(f"hpsoft-{name}")
    try:
        if folder.exists() and any(folder.iterdir()):
            raise OptimizerError(
                f"{folder} has something in it. Choose another folder with --out, or empty it."
            )
        _write(folder, _words(name))
    except OSError as error:
        raise OptimizerError(f"The project cannot be written: {error}.") from error
    return folder


def _words(name: str) -> dict[str, str]:
    """Return what the templates have gaps for."""
    kind = "".join(part.capitalize() for part in name.split("-"))
    return {
        "name": name,
        "module": f"hpsoft_{name.replace('-', '_')}",
        "kind": f"{kind}Optimizer" if kind in _TAKEN else kind,
        "api_version": str(API_VERSION),
        "hpsoft_version": __version__,
    }


def _write(folder: Path, words: dict[str, str]) -> None:
    for template in sorted(TEMPLATES.rglob("*.tmpl")):
        relative = template.relative_to(TEMPLATES).with_suffix("")
        path = folder / Template(str(relative)).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = Template(template.read_text(encoding="utf-8")).substitute(words)
        path.write_text(text, encoding="utf-8")
