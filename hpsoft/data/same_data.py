"""The data of a study, loaded again and compared by its fingerprint."""

from collections.abc import Mapping
from typing import Any

from hpsoft.data import Dataset, load
from hpsoft.errors import DataError


def same_data(about: Mapping[str, Any], moved_to: str | None) -> Dataset:
    """Load the data of the search again.

    Raises:
        DataError: it has changed since, or cannot be found.
    """
    source = {**about["source"], "scale": about["scale"]}
    if moved_to is not None:
        source["spec"] = moved_to
    dataset = load(**source)
    if dataset.fingerprint != about["fingerprint"]:
        raise DataError(
            f"The data {dataset.name} ({dataset.source}) is not what this study was made on: its fingerprint is "
            f"{dataset.fingerprint[:12]}, the study's is {about['fingerprint'][:12]}. Restore the "
            "file, or say with --data where the original lies."
        )
    return dataset
