"""The command `hpsoft`, also as `python -m hpsoft`."""

import sys
import warnings

LIGHT = {"-h", "--help", "--version"}  # what needs no numerics


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        from hpsoft.system import interrupts, streams

        interrupts.install()  # before anything that takes long to import
        streams.install()
        if LIGHT.isdisjoint(sys.argv):
            _check_room()
        from hpsoft.cli.app import app
        from hpsoft.errors import OneProcessWarning

        # Somebody sits there and can choose --jobs: an error, where Python is told and goes on.
        warnings.simplefilter("error", OneProcessWarning)

        # A terminal that lacks a letter of a class name shows its code instead.
        getattr(sys.stdout, "reconfigure", dict)(errors="backslashreplace")
        app(prog_name="hpsoft")
    except KeyboardInterrupt:  # before there was a handler
        raise SystemExit(130) from None


def _check_room() -> None:
    """End with an error where there is too little memory to begin."""
    told = "There is too little memory to begin: see `ulimit -v`."
    try:
        from hpsoft.errors import HpsoftError
        from hpsoft.system import room

        try:
            room.check()
        except HpsoftError as error:
            told = str(error)
            raise MemoryError from error
    except (MemoryError, ImportError, OSError):
        sys.stderr.write(f"Error: {told}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
