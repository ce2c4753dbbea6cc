"""Libraries that only some formats need."""

import importlib
from types import ModuleType

from hpsoft.errors import HpsoftError


def library(name: str, extra: str, what: str) -> ModuleType:
    """Import the library that `what` takes.

    Raises:
        HpsoftError: it is not installed, or broken.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        why = "is not installed" if isinstance(error, ModuleNotFoundError) else f"fails: {error}"
        raise HpsoftError(
            f"{what} takes {name}, which {why}. Run pip install 'hpsoft[{extra}]'."
        ) from None
