"""`hpsoft card`: the protocol of a study, one page to publish or hand in."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from hpsoft.cli import options


def card(
    study: options.Study = "latest",
    fmt: Annotated[str, typer.Option("--format", metavar="md|json", help="What to write.")] = "md",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write. [default: standard output]"),
    ] = None,
    storage: options.Storage = None,
) -> None:
    """Write the protocol of a study on one page.

    Data, values, winner and neighbours, luck, optimum, uses of the test set, versions, and the
    commands that make it again. Trains nothing and reads no data.
    """
    from hpsoft.assess.card.card import make_card
    from hpsoft.cli.choice import chosen_study
    from hpsoft.report.card.formats import card_text, check_format
    from hpsoft.report.text.console import notes, say
    from hpsoft.study.storage.location import locate

    check_format(fmt, out)
    chosen = chosen_study(locate(storage), study)
    text = card_text(make_card(chosen), fmt, out, chosen.files)
    if out is None:
        sys.stdout.write(text)
    else:
        say(notes(), f"Wrote {len(text.encode()):,} bytes to {out}")
