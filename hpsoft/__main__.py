"""The command `hpsoft`, also as `python -m hpsoft`."""

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        from hpsoft import streams
        from hpsoft.cli import interrupts

        interrupts.install()  # before anything that takes long to import
        streams.install()
        from hpsoft.cli.app import app

        # A terminal that lacks a letter of a class name shows its code instead.
        getattr(sys.stdout, "reconfigure", dict)(errors="backslashreplace")
        app(prog_name="hpsoft")
    except KeyboardInterrupt:  # before there was a handler
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
