"""Every package's docstring is its map: one line for each module and sub-package, and no other."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = sorted(path.parent for path in (ROOT / "hpsoft").rglob("__init__.py"))
# A plugin of one module needs no map.
PLUGINS = sorted(
    path.parent
    for path in ROOT.glob("plugins/*/hpsoft_*/__init__.py")
    if len(list(path.parent.glob("*.py"))) > 2
)
# A name at the beginning of a line, as in a listing; prose names files elsewhere.
ENTRY = re.compile(r"^(\w+(?:\.py|/))(?: {2,}|$)", re.MULTILINE)


def entries(text):
    """Return the names that a map lists, in its order."""
    return ENTRY.findall(text)


def contents(package):
    """Return the modules and sub-packages of a folder, named as a map names them."""
    modules = {path.name for path in package.glob("*.py")} - {"__init__.py"}
    return modules | {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}


@pytest.mark.parametrize("package", ROOMS + PLUGINS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_map_names_what_is_there_once_and_nothing_else(package):
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8")))
    assert sorted(entries(docstring or "")) == sorted(contents(package))


def test_every_folder_with_code_is_a_package():
    """Otherwise it would have no map, and the test above would not look at it."""
    assert {path.parent for path in (ROOT / "hpsoft").rglob("*.py")} == set(ROOMS)


def test_a_map_is_read_as_it_is_written():
    """The names at the left count, not those in their descriptions or in prose."""
    text = "What.\n\nSee b.py for more.\n\na.py   As c.py.\n       d.py too.\nsub/   Rest."
    assert entries(text) == ["a.py", "sub/"]


# Above these a reader loses the thread; a room that reaches them is to be divided.
MOST_FILES, MOST_LINES, LONGEST = 16, 2500, 300


def crowded(room):
    """Return what is too much in a room's own files; its sub-rooms count for themselves."""
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in room.glob("*.py")}
    found = [f"{name} has {n} lines" for name, n in lines.items() if n > LONGEST]
    if len(lines) > MOST_FILES:
        found.append(f"{len(lines)} files")
    if sum(lines.values()) > MOST_LINES:
        found.append(f"{sum(lines.values())} lines")
    return found


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_can_be_taken_in(room):
    """At most 16 files and 2,500 lines in it, and 300 lines in each."""
    assert not crowded(room)


def test_a_crowded_room_is_seen(tmp_path):
    """Too many files, too many lines, a file that is too long; what is just enough is not."""
    for number in range(MOST_FILES):
        (tmp_path / f"m{number}.py").write_text("\n" * (MOST_LINES // MOST_FILES))
    assert not crowded(tmp_path)
    (tmp_path / "long.py").write_text("\n" * (LONGEST + 1))
    assert crowded(tmp_path) == ["long.py has 301 lines", "17 files", "2797 lines"]
