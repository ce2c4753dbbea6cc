"""Commands to copy, quoted for a shell."""

import shlex


def final_command(study: str, storage: str | None) -> str:
    """Return the command that retrains a study's choice and opens the test set."""
    where = "" if storage is None else f" --storage {shlex.quote(storage)}"
    return f"hpsoft final --study {shlex.quote(study)}{where}"
