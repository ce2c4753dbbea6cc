"""How a command ends: every failure has one paragraph and one exit code.

0    done
1    a check failed: the certificate is not complete, an identity does not hold
2    bad usage or bad input
130  interrupted by Ctrl-C
141  whoever read the output has gone (`| head`), as the shell says of other programs
"""

import errno
import os
import sys
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from hpsoft.cli.interrupts import INTERRUPTED, happened
from hpsoft.errors import HpsoftError

INCOMPLETE = 1
BAD_INPUT = 2
BROKEN_PIPE = 141


class GuardedGroup(TyperGroup):
    """A group of commands whose failures are told, not thrown at the user."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the options; --help and --version print from here."""
        try:
            return super().make_context(*args, **kwargs)
        except OSError as error:
            raise _output_failed(error) from error

    def invoke(self, ctx: Any) -> Any:
        """Run a command; the output is flushed here, so that a closed pipe is noticed here."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except HpsoftError as error:
            raise _told(str(error), BAD_INPUT, error) from error
        except MemoryError as error:
            told = "There is not enough memory for this. Use less data or a smaller grid."
            raise _told(told, BAD_INPUT, error) from error
        except KeyboardInterrupt as error:
            raise _told("Interrupted.", INTERRUPTED, error) from error
        except OSError as error:
            raise _output_failed(error) from error
        except Exception as error:
            if happened() and not isinstance(error, typer.Exit):
                raise _told("Interrupted.", INTERRUPTED, error) from error
            _say_did_you_mean(error)
            raise
        else:
            return result


def debugging() -> bool:
    """Tell whether tracebacks are wanted."""
    return os.environ.get("HPSOFT_DEBUG", "") not in {"", "0"}


def _told(text: str, code: int, error: BaseException) -> BaseException:
    """Print the paragraph, after the traceback where it is wanted; return what ends the program."""
    from hpsoft.report.console import fail

    if debugging():
        traceback.print_exception(error)
    fail(text)
    return typer.Exit(code)


def _output_failed(error: OSError) -> BaseException:
    """Be quiet about a reader that has gone, and clear about a full disk; other errors are bugs."""
    gone = isinstance(error, BrokenPipeError)
    if not gone and error.errno != errno.ENOSPC:
        return error
    _discard_output()
    if gone:
        return typer.Exit(BROKEN_PIPE)
    return _told("Cannot write the output: no space left on the device.", BAD_INPUT, error)


def _discard_output() -> None:
    """Send what is still buffered nowhere: Python would fail again when it exits."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _say_did_you_mean(error: Exception) -> None:
    """Say of a mistyped option what the parser knows, in the words used everywhere else."""
    close = getattr(error, "possibilities", None)
    if close:
        meant = " or ".join(f"'{option}'" for option in sorted(close))
        vars(error).update(
            message=f"{getattr(error, 'message', error)}. Did you mean {meant}?",
            possibilities=None,
        )
