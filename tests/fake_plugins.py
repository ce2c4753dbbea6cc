"""Distributions that are really installed, in a folder of their own: a module and a dist-info."""

import os
import subprocess
import sys
from pathlib import Path

import warm

HERE = Path(__file__).parent

SOUND = """
from step_optimizers import Momentum

class Sound(Momentum):
    '''Momentum by another name.'''
"""
BROKEN = "import no_such_library"
NOISY = (
    ("import os\nprint('Thank you for choosing us!')\nos.write(1, b'And for reading.')\n" + SOUND)
    + """
    def step(self, state, gradient, values):
        print('A step.')
        super().step(state, gradient, values)
"""
)
EXITS = "raise SystemExit('no licence found')"
ODD = "class Sound:\n    api_version = 1"
NEWER = SOUND + "    api_version = 99\n"
DECLARES = """
from hpsoft.optimizers import Hyperparameter, Role
from step_optimizers import Momentum

class Sound(Momentum):
    hyperparameters = (*Momentum.hyperparameters, {})
"""


def declaring(declaration: str) -> str:
    """Return a plugin with one hyperparameter more."""
    return DECLARES.format(declaration)


def having(line: str) -> str:
    """Return a plugin whose class has a line of its own."""
    return f"{SOUND}    {line}\n"


def install(folder: Path, distribution: str, entry: str, source: str, version="1.2") -> None:
    """Install a distribution with one module and one entry point; `entry` is the optimizer's
    name.
    """
    module = distribution.replace("-", "_")
    (folder / f"{module}.py").write_text(source)
    info = folder / f"{module}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
    )
    points = f"[hpsoft.optimizers]\n{entry} = {module}:Sound\n"
    (info / "entry_points.txt").write_text(points)


def hpsoft(folder: Path, *args, **environment) -> subprocess.CompletedProcess:
    """Run the command in a process that has what is installed in `folder`."""
    return warm.run(*args, cwd=folder, env=environment_of(folder, **environment))


def environment_of(folder: Path, **extra) -> dict[str, str]:
    """Return the variables by which a process has what is installed in `folder`."""
    left_out = {"COLUMNS", "FORCE_COLOR", "PYTEST_ADDOPTS"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(folder), str(HERE)]), **extra}


def python(folder: Path, *args, **environment) -> subprocess.CompletedProcess:
    """Run Python, the same way."""
    return subprocess.run(
        [sys.executable, *map(str, args)],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=300,
        env=environment_of(folder, **environment),
    )
