"""`hpsoft export`: the trials of a study for other programs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from hpsoft.cli import options
from hpsoft.errors import StudyError
from hpsoft.system.streams import harmless


def export(
    study: options.Study = "latest",
    fmt: Annotated[
        str, typer.Option("--format", metavar="csv|json|parquet", help="What to write.")
    ] = "csv",
    out: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="File to write. [default: standard output]"),
    ] = None,
    storage: options.Storage = None,
) -> None:
    """Export trials as CSV, strict JSON or Parquet."""
    from hpsoft.cli.choice import chosen_study
    from hpsoft.report.text.console import notes, say
    from hpsoft.study.export import export as write
    from hpsoft.study.storage.location import locate

    if fmt == "parquet" and out is None and sys.stdout.isatty():
        raise StudyError("Parquet is not for terminals: add --out PATH.")
    content = write(chosen_study(locate(storage), study), fmt, out)
    if out is None and sys.stdout.isatty():
        sys.stdout.write(harmless(content.decode()))
    elif out is None:
        sys.stdout.buffer.write(content)
    else:
        say(notes(), f"Wrote {len(content):,} bytes to {out}")
