"""Groups of any kind -> 0, 1, ...: samples of one number are never divided."""

import numpy as np

from hpsoft.data.errors import nth
from hpsoft.data.side.cells import NthRow, check_known
from hpsoft.errors import DataError
from hpsoft.softmax.probabilities import Array


def group_codes(values: Array, name: str, where: str, row: NthRow = nth) -> Array:
    """Return the number of each sample's group, in the order of the groups' names.

    Raises:
        DataError: some sample's group is missing, or there is one group only.
    """
    check_known(values, name, "--groups", where, row)
    if values.dtype.kind not in "biufM":
        values = values.astype(str)
    names, codes = np.unique(values, return_inverse=True)
    if len(names) == 1:
        raise DataError(
            f"{where}: all {len(codes):,} samples are of one group of --groups {name}, "
            f"{str(names[0])!r:.50}, which cannot be divided. Name another column, or leave it out."
        )
    return codes.astype(np.intp)
