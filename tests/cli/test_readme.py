"""The README's commands, in its order, after its first run."""

import re
import shlex
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def _searches():
    """Return the options of every search that the README's shell blocks run."""
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL):
        for command in re.split(r"\n|&&", block):
            words = shlex.split(command, comments=True)
            if words[:2] == ["hpsoft", "search"] and "--dry-run" not in words:
                yield words[2:]


def _study(words):
    if "--study" in words:
        return words[words.index("--study") + 1]
    name = f"{words[words.index('--data') + 1]}-sgd-{_value(words, '--sampler', 'grid')}"
    return f"{name}-{words[words.index('--pruner') + 1]}" if "--pruner" in words else name


def _value(words, option, default):
    return words[words.index(option) + 1] if option in words else default


def test_no_search_meets_the_study_of_another():
    """It would be refused: a study holds one grid."""
    studies = [_study(words) for words in _searches()]
    assert len(studies) >= 5
    assert len(studies) == len(set(studies))
