"""Which study an option means, where a name needs no look at all the others."""

from hpsoft.study.storage.location import Location


def chosen_study(location: Location, which: str) -> str:
    """Return the name of the study; `best` and `latest` are looked up."""
    if which not in {"best", "latest"}:
        return which
    from hpsoft.report.text.console import notes, say
    from hpsoft.study.find import find_study

    found = find_study(location, which)
    say(notes(), found.note or f"Study {found.summary.name}")
    return found.summary.name
