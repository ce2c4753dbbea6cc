"""Which study an option means, said where that is no name."""

from hpsoft.study.find import CHOICES
from hpsoft.study.storage.location import Location
from hpsoft.study.study import Study, find_study


def chosen_study(location: Location, which: str) -> Study:
    """Return the study; say which it is where it was looked up as the `best` or `latest`."""
    study = find_study(location, which)
    if which in CHOICES:
        from hpsoft.report.text.console import notes, say

        say(notes(), study.note or f"Study {study.name}")
    return study
