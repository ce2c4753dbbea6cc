"""`hpsoft studies`: what a storage holds."""

from hpsoft.cli import options


def studies(storage: options.Storage = None, as_json: options.Json = False) -> None:
    """List the studies of a storage."""
    from hpsoft.report.console import output
    from hpsoft.report.jsondoc import emit
    from hpsoft.report.studies import draw_studies
    from hpsoft.search.listing import studies as find
    from hpsoft.search.location import locate

    location = locate(storage)
    found = find(location)
    if as_json:
        emit({"storage": str(location), "studies": found})
    else:
        draw_studies(output(), str(location), found)
