"""Words of commands, as a shell takes them."""

import os
import subprocess

import pytest

from hpsoft.report.text.commands import quoted

WORDS = ("plain", "a b", "it's", "x\ny", "\x1b[31m'\\", "\u202eabc", "\udcff.csv", "é\x7f1", "")


@pytest.mark.parametrize("word", WORDS)
def test_bash_reads_the_word_and_nothing_in_it_is_unseen(word):
    assert quoted(word).isprintable()
    command = ["bash", "-c", f"printf %s {quoted(word)}"]
    told = subprocess.run(command, capture_output=True, check=True).stdout
    assert told == os.fsencode(word)
