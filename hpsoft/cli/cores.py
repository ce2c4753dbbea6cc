"""What is said of `--jobs`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hpsoft.report.text.console import Console


def note_on_jobs(console: "Console", jobs: int | None) -> None:
    """Say that fewer cores are used than were asked for, where this process may use no more."""
    from hpsoft.report.text.console import say
    from hpsoft.report.text.format import count
    from hpsoft.system.cores import n_cores

    allowed = n_cores()
    if jobs is not None and jobs > allowed:
        text = f"--jobs {jobs}: this process may run on {count(allowed, 'core')}, so it uses {allowed}."
        say(console, text, "Note", "bold")
