"""Groups of any kind -> 0, 1, ...: samples of one number are never divided."""

import numpy as np

from hpsoft.data.side.cells import check_known
from hpsoft.softmax.probabilities import Array


def group_codes(values: Array, name: str, where: str) -> Array:
    """Return the number of each sample's group, in the order of the groups' names.

    Raises:
        DataError: some sample's group is missing.
    """
    check_known(values, name, "--groups", where)
    if values.dtype.kind not in "biufM":
        values = values.astype(str)
    return np.unique(values, return_inverse=True)[1].astype(np.intp)
