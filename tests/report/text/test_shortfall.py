"""Why a search ended before its number of trials."""

from dataclasses import replace

import pytest

from hpsoft.report.text.shortfall import shortfall
from hpsoft.study.certificate import Certificate
from hpsoft.tuning.events import Finished

PROOF = Certificate(
    "s", 4, 4, 0, 0, 0, 0, "hash", "finger", "digits", "sgd", "unit", 0.2, 0, "float32", {}, ()
)


@pytest.fixture
def short(events):
    proof = replace(PROOF, n_grid=4096, n_finished=7, missing=4089)
    return Finished("s", "/x", proof, [events.best], [], 7, 2.0, 4e9, out_of_time=True)


def test_time_that_was_up_is_no_fault(short):
    assert shortfall(short, 4096, 2.0) == (
        "7 of 4,096 trials: the time was up. The same command goes on."
    )
    assert shortfall(short, None, 2.0).startswith("7 trials: the time was up.")


def test_a_sampler_may_know_no_more_points(short):
    text = shortfall(replace(short, out_of_time=False), 256, None)
    assert text.startswith("7 of 256 trials: the sampler proposed no new point any more.")


@pytest.mark.parametrize(
    ("flops", "before"),
    [(0.0, "before any training had begun"), (1e9, "before a trial had ended")],
)
def test_where_nothing_was_stored_the_same_command_does_not_help(short, flops, before):
    text = shortfall(replace(short, n_run=0, seconds=2.34, flops=flops), 4096, 0.5)
    assert f"--timeout (0.5 s) was up {before}, so nothing was stored" in text
    assert "the same command would end like this again" in text
    assert "Coming so far takes about 2.3 s here" in text
    assert text.endswith("such as --timeout 8s.")
    assert "goes on" not in text
