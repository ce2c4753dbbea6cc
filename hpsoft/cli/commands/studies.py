"""`hpsoft studies`: what a storage holds."""

from hpsoft.cli import options


def studies(storage: options.Storage = None, as_json: options.Json = False) -> None:
    """List the studies of a storage."""
    from hpsoft.report.studies import draw_studies
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit
    from hpsoft.study.find import studies as find
    from hpsoft.study.storage.location import locate

    location = locate(storage)
    found = find(location)
    if as_json:
        emit({"storage": str(location), "studies": found})
    else:
        draw_studies(output(), str(location), found)
