"""Libraries that only some files need."""

import importlib
from pathlib import Path
from types import ModuleType

from hpsoft.errors import DataError, out_of_memory


def library(name: str, extra: str, path: Path) -> ModuleType:
    """Import the library that reads `path`.

    Raises:
        DataError: it is not installed, or broken.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        if out_of_memory(error):
            raise
        why = "is not installed" if isinstance(error, ModuleNotFoundError) else f"fails: {error}"
        raise DataError(
            f"Reading {path} takes {name}, which {why}. Run pip install 'hpsoft[{extra}]'."
        ) from None
