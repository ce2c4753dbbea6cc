"""How a command ends: every failure has one paragraph and one exit code.

0    done
1    a check failed: the certificate is not complete, an identity does not hold
2    bad usage or bad input
130  interrupted by Ctrl-C
141  the reader of the output closed the pipe (`| head`), as the shell says of other programs
"""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

import typer
from typer.core import TyperGroup

from hpsoft.errors import HpsoftError, out_of_memory
from hpsoft.system import room
from hpsoft.system.interrupts import INTERRUPTED, happened
from hpsoft.system.streams import harmless, send_nowhere

INCOMPLETE = 1
BAD_INPUT = 2
BROKEN_PIPE = 141
FULL = {errno.ENOSPC, errno.EDQUOT}


class GuardedGroup(TyperGroup):
    """A group of commands whose failures are told, not thrown at the user."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the options; --help and --version print from here."""
        try:
            return super().make_context(*args, **kwargs)
        except OSError as error:
            raise _output_failed(error) from error
        except Exception as error:
            _worded(error)
            raise

    def invoke(self, ctx: Any) -> Any:
        """Run a command; the output is flushed here, so that a closed pipe is noticed here."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except HpsoftError as error:
            raise _told(str(error), BAD_INPUT, error) from error
        except KeyboardInterrupt as error:
            raise _told("Interrupted.", INTERRUPTED, error) from error
        except Exception as error:
            if out_of_memory(error):
                raise _told(room.too_little(), BAD_INPUT, error) from error
            if isinstance(error, OSError):
                raise _output_failed(error) from error
            if happened() and not isinstance(error, typer.Exit):
                raise _told("Interrupted.", INTERRUPTED, error) from error
            _worded(error)
            raise
        else:
            return result


def debugging() -> bool:
    """Tell whether tracebacks are wanted."""
    return os.environ.get("HPSOFT_DEBUG", "") not in {"", "0"}


def _told(text: str, code: int, error: BaseException) -> BaseException:
    """Print the paragraph, after the traceback where it is wanted; return what ends the
    program.
    """
    from hpsoft.report.text.console import fail

    if debugging():
        traceback.print_exception(error)
    fail(text)
    return typer.Exit(code)


def _output_failed(error: OSError) -> BaseException:
    """Be quiet about a reader that closed the pipe, and clear about a full disk; other errors
    are bugs.
    """
    gone = isinstance(error, BrokenPipeError)
    if not gone and error.errno not in FULL:
        return error
    send_nowhere(sys.stdout.fileno())  # Python would fail again when it exits
    if gone:
        return typer.Exit(BROKEN_PIPE)
    what, why = error.filename or "the output", os.strerror(error.errno or 0)
    return _told(f"Cannot write {what}: {why[0].lower()}{why[1:]}.", BAD_INPUT, error)


def _closest(message: str, options: Sequence[str]) -> list[str]:
    """Return the options that are about as close as the closest to the one in a message."""
    typed = next((word.rstrip(".") for word in message.split() if word.startswith("-")), "")
    near = {option: SequenceMatcher(None, typed, option).ratio() for option in options}
    return sorted(option for option, share in near.items() if share > max(near.values()) - 0.1)


def _worded(error: Exception) -> None:
    """Say of a mistyped option what the parser knows, in the words used everywhere else."""
    message = getattr(error, "message", None)
    if not isinstance(message, str):
        return
    if close := getattr(error, "possibilities", None):
        meant = " or ".join(f"'{option}'" for option in _closest(message, close))
        message = f"{message.rstrip('.')}. Did you mean {meant}?"
        vars(error)["possibilities"] = None
    vars(error)["message"] = harmless(message)
