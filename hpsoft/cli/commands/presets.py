"""`hpsoft presets`: the search spaces that have a name."""

from hpsoft.cli import options


def presets(as_json: options.Json = False) -> None:
    """List the named search spaces, for --preset."""
    from hpsoft.report.presets import draw_presets, presets_document
    from hpsoft.report.text.console import output
    from hpsoft.report.text.jsondoc import emit
    from hpsoft.space.presets import presets as known

    if as_json:
        emit(presets_document(known()))
    else:
        draw_presets(output(), known())
