"""What is remembered of where data came from, for `hpsoft final` to load it again."""

from pathlib import Path

from hpsoft.data import Dataset, available


def remembered(spec: str | None, dataset: Dataset) -> str:
    """Return what to write after --data to get this data again, from any folder."""
    if spec is None:  # the usual data, or what was taken in its place
        return dataset.name
    if spec.startswith("openml:") or spec in {source.name for source in available()}:
        return spec
    if "," in spec and not Path(spec).expanduser().exists():
        return ",".join(_absolute(name.strip()) for name in spec.split(","))
    return _absolute(spec)


def _absolute(path: str) -> str:
    return str(Path(path).expanduser().absolute())
