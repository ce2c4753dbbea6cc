"""A grid that samplers search: how it is run, and what must be true of what they find."""

import pytest

from hpsoft.study.study import trials

SETTINGS = (
    "epochs=1,2,4,8",
    "batch_size=7,16,32",
    "learning_rate=0.05,0.1,0.2,0.5,1e308",  # the last one diverges
    "alpha=0,0.01,0.1,1",
)


def run(small, study="s", **changes):
    return small.run(study=study, settings=SETTINGS, **changes)


def found(small, study="s"):
    return sorted(trials(str(small.folder / "s.journal"), study), key=lambda t: t.number)


def by_point(records):
    return {record.grid_id: record for record in records}


def assert_among(records, grid):
    """Trials that ended at their horizon are the grid's; pruned ones are their beginnings."""
    for record in records:
        whole = grid[record.grid_id]
        assert record.params == whole.params
        assert record.diverged == whole.diverged
        if record.value is not None:
            assert record.value == pytest.approx(whole.value, rel=1e-9)
        for horizon, cost in record.intermediate.items():
            assert cost == pytest.approx(whole.intermediate[horizon], rel=1e-9)
