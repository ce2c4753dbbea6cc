"""Options that some data have no use for: they are refused, not ignored."""

from hpsoft.data.stream.incoming import Asked
from hpsoft.errors import DataError


def refuse(asked: Asked, spec: str, *options: str) -> None:
    """Refuse those of the options that are given.

    Raises:
        DataError: one of them is.
    """
    given = {
        "labels": [] if asked.labels is None else [f"--labels {asked.labels}"],
        "features": [f"--features {name}" for name in asked.features],
        "drop": [f"--drop {name}" for name in asked.drop],
        "encoding": [] if asked.encoding is None else [f"--encoding {asked.encoding}"],
        "delimiter": [] if asked.delimiter is None else [f"--delimiter {asked.delimiter!r}"],
    }
    wrong = [text for option in options for text in given[option]]
    if wrong:
        verb = "makes" if len(wrong) == 1 else "make"
        raise DataError(
            f"{' '.join(wrong)} {verb} no sense for {spec!r}: tables and containers of arrays have "
            "--labels of a name, tables --drop, containers and columns of lists --features, text an "
            "--encoding and, as a table, a --delimiter. Leave it out."
        )
