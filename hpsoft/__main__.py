"""The command `hpsoft`, also as `python -m hpsoft`."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        from hpsoft.cli import interrupts

        interrupts.install()  # before anything that takes long to import
        _open_closed_streams()
        from hpsoft.cli.app import app

        for stream in (sys.stdout, sys.stderr):
            # A terminal that lacks a letter of a class name shows its code instead.
            getattr(stream, "reconfigure", dict)(errors="backslashreplace")
        app(prog_name="hpsoft")
    except KeyboardInterrupt:  # before there was a handler
        raise SystemExit(130) from None


def _open_closed_streams() -> None:
    """Open to nowhere what `>&-` closed: the next file to be opened would take its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):  # descriptors 0, 1, 2
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open(mode)  # noqa: SIM115 -- until the process ends
            setattr(sys, name, nowhere)


if __name__ == "__main__":
    main()
