"""Which study an option means, where a name needs no look at all the others."""

from hpsoft.search.location import Location


def chosen_study(location: Location, which: str) -> str:
    """Return the name of the study; `best` and `latest` are looked up."""
    if which not in {"best", "latest"}:
        return which
    from hpsoft.report.console import notes, say
    from hpsoft.search.listing import find_study

    found = find_study(location, which)
    say(notes(), found.note or f"Study {found.summary.name}")
    return found.summary.name
