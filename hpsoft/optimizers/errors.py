"""Whatever a plugin's code raises or prints: an error that names the plugin, standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress

from hpsoft.errors import HpsoftError, OptimizerError, out_of_memory
from hpsoft.optimizers.protocol import Optimizer


@contextmanager
def optimizer_errors(optimizer: Optimizer) -> Iterator[None]:
    """Turn what is raised within into an OptimizerError; to exit the program is a fault as well.

    What is printed within goes to standard error: standard output is for results alone.

    Raises:
        OptimizerError: instead of what a plugin raised.
    """
    try:
        with redirect_stdout(sys.stderr):
            yield
    except (HpsoftError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        if out_of_memory(error):
            raise
        kind = type(optimizer)
        raise OptimizerError(
            f"The optimizer {kind.__name__} of {kind.__module__} failed: "
            f"{reason(error)}. Trials that were finished are stored. "
            "HPSOFT_DEBUG=1 shows where it happened, `hpsoft optimizers check` tests a plugin."
        ) from error


def reason(error: BaseException) -> str:
    """Return the type and the text of an error, where it has one that can be had."""
    text = ""
    with suppress(Exception):  # of a plugin's own kind, with a __str__ of its own
        text = str(error)
    return ": ".join(filter(None, (type(error).__name__, text)))
