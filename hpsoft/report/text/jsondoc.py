"""One strict JSON document: every reader takes it, so NaN and infinities become null."""

import json
import math
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hpsoft.system.outputs import write_output

_BEYOND_JSON = re.compile("[\x7f-\x9f]")  # drive terminals, and JSON lets them stand


def emit(document: Mapping[str, Any]) -> None:
    """Print the document on standard output."""
    sys.stdout.write(dumps(document) + "\n")


def write_document(document: Mapping[str, Any], path: Path) -> None:
    """Write the document to a file.

    Raises:
        HpsoftError: it cannot be written.
    """
    write_output(path, f"{dumps(document)}\n".encode())


def dumps(document: object) -> str:
    """Return the document as text, control characters as JSON writes them."""
    text = json.dumps(plain(document), allow_nan=False, indent=1, ensure_ascii=False)
    return _BEYOND_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def plain(value: Any) -> Any:
    """Return a value as dicts, lists, strings, numbers and None."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    assert isinstance(value, Path), f"{value!r} has no place in a JSON document"
    return str(value)
