"""Why a search ended before its number of trials, and what to do."""

import math

from hpsoft.report.text.format import duration
from hpsoft.tuning.events import Finished


def shortfall(finished: Finished, n_wanted: int | None, timeout: float | None) -> str:
    """Say why; `n_wanted` is None where time alone was to end it."""
    of = "" if n_wanted is None else f" of {n_wanted:,}"
    counts = f"{finished.certificate.n_finished:,}{of} trials"
    if not finished.out_of_time:
        return f"{counts}: the sampler proposed no new point any more. The same command goes on."
    if finished.n_run or timeout is None:
        return f"{counts}: the time was up. The same command goes on."
    begun = "a trial had ended" if finished.flops else "any training had begun"
    return (
        f"{counts}: --timeout ({timeout:g} s) was up before {begun}, so nothing was stored, "
        f"and the same command would end like this again. Coming so far takes about "
        f"{duration(finished.seconds)} here: give it more time, such as "
        f"--timeout {math.ceil(3 * max(finished.seconds, timeout))}s."
    )
