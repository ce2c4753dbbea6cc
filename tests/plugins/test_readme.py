"""The tutorial of plugins/README.md: its code works as written, and is as short as it says."""

import json
import re
from pathlib import Path

import pytest
from fake_plugins import hpsoft, install, python

TEXT = (Path(__file__).parents[2] / "plugins" / "README.md").read_text(encoding="utf-8")
SOURCE, CONTRACT = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture
def folder(tmp_path):
    """A machine with the tutorial's optimizer."""
    install(tmp_path, "hpsoft-mine", "mine", SOURCE)
    (points,) = tmp_path.glob("*.dist-info/entry_points.txt")
    (lines,) = re.findall(r'"hpsoft.optimizers"\]\n(mine = .*)\n', TEXT)
    points.write_text("[hpsoft.optimizers]\n" + lines.replace('"', "") + "\n")
    return tmp_path


def test_it_has_fifteen_lines():
    assert len([line for line in SOURCE.splitlines() if line.strip()]) == 15


def test_it_keeps_the_contract(folder):
    done = hpsoft(folder, "optimizers", "check", "mine")
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_test_file_passes(folder):
    (folder / "test_mine.py").write_text(CONTRACT)
    done = python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py")
    assert done.returncode == 0, done.stdout


def test_it_finds_a_good_model(folder):
    done = hpsoft(folder, "search", "--data", "digits", "--optimizer", "mine", "--json", "--quiet")
    document = json.loads(done.stdout)
    assert document["certificate"]["complete"]
    assert document["winner"]["accuracy"] > 0.9
