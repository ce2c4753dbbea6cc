"""A grid that grows inwards: values half way between the winner's and their neighbours are added.

Each call halves the steps around the winner. Where a neighbour does as well as the winner, up to
noise, nothing between the two can matter, and where the cost is next to nothing, nothing at all.
"""

from hpsoft.assess.extend import Extended, Growth, Ranking, Space, grow
from hpsoft.optimizers.protocol import Value
from hpsoft.space.between import between
from hpsoft.tuning.edges import is_flat
from hpsoft.tuning.prepared import Prepared


def refine(prepared: Prepared) -> Extended:
    """Return the search of a study's grid with values around the winner's; see `extend`."""
    return grow(prepared, INWARDS)


def beside(prepared: Prepared, space: Space, ranking: Ranking) -> dict[str, list[Value]]:
    """Return the values half way to the neighbours of the winner's values, where these differ."""
    winner, overlap = ranking[0], prepared.identity.validation.overlap
    if winner.loss is not None and winner.loss < winner.metric.negligible:
        return {}
    found: dict[str, list[Value]] = {}
    for parameter in prepared.optimizer.hyperparameters:
        values = [value for value in space.get(parameter.name, ()) if not isinstance(value, str)]
        if len(values) < 2:
            continue
        at = values.index(winner.params[parameter.name])  # type: ignore[arg-type]
        for i, neighbour in ((at - 1, at - 1), (at, at + 1)):
            if 0 <= neighbour < len(values) and not is_flat(
                ranking, parameter.name, values[neighbour], overlap
            ):
                middle = between(parameter, values, i)
                if middle is not None:
                    found.setdefault(parameter.name, []).append(middle)
    return found


INWARDS = Growth(
    "--refine",
    "looks between its values",
    "Between the winner's values and their neighbours nothing can matter (these do as well, or "
    "are as close as makes no difference, or the cost is next to nothing): nothing is added.",
    beside,
)
