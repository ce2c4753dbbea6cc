"""What a temperature does to probabilities."""

from rich.console import Console

from hpsoft.assess.calibrate import Calibrated
from hpsoft.model.calibration import BINS
from hpsoft.report.text.console import say
from hpsoft.report.text.format import cost, count, number
from hpsoft.report.text.table import Column, draw, name


def draw_calibration(console: Console, found: Calibrated) -> None:
    """Print the temperature, and both parts before and after."""
    n = count(found.validation.before.n, "sample")
    parts = "the validation part" if found.n_parts == 1 else f"{found.n_parts} parts held out"
    say(console, f"Temperature {number(found.temperature)}, fitted to {n} of {parts}")
    columns = [name(""), Column("before"), Column("after")]
    rows = []
    for title, both in (("validation", found.validation), ("test", found.test)):
        before, after = both.before, both.after
        rows += [
            [f"{title} cross-entropy", cost(before.cross_entropy), cost(after.cross_entropy)],
            [f"{title} calibration error", f"{before.error:.4f}", f"{after.error:.4f}"],
        ]
    draw(console, columns, rows)
    say(console, f"Calibration error: |accuracy - confidence|, mean over {BINS} bins.")
