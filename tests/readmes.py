"""The READMEs of the repository, and the commands that their `sh` blocks tell to type."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[1]
# The plugins' and the rooms' READMEs too, but not those of libraries in an environment.
FOLDERS = (".", "hpsoft", "plugins", "tests")
READMES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for folder in FOLDERS
    for path in sorted((ROOT / folder).glob("README.md" if folder == "." else "**/README.md"))
}


def commands(text):
    """Return the commands of all `sh` blocks in their order; `&&` joins two."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    parts = [part.strip() for line in lines for part in _plain(line).split(" && ")]
    return [part for part in parts if part]


def _plain(line):
    """Return a line without its comment."""
    return re.sub(r"(^|\s+)#.*", "", line)


def words(command):
    """Return the words of a command, as a shell reads them."""
    return shlex.split(command)
