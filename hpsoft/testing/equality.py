"""What must not change a model's result: its neighbours, its block, snapshots, files, the dtype.

Every check takes a Subject and returns what it found. Numbers are differences relative to the
largest weight of a model.
"""

import io
import pickle
from collections.abc import Iterator

import numpy as np

from hpsoft.engine.layout import models_last
from hpsoft.engine.train import select_models
from hpsoft.optimizers.protocol import Models, Problem
from hpsoft.testing.compare import difference, full, train
from hpsoft.testing.problems import WIDE, make_problem
from hpsoft.testing.result import Finding
from hpsoft.testing.subject import Subject

ROUNDING = 1e-9  # of float64, after a few dozen steps
SINGLE = 1e-3  # of float32, the same
ODD = 11  # a number of models that is no other size of the problem


def fused_is_alone(subject: Subject) -> Finding:
    """Training a block equals training each of its models alone."""
    found = []
    for problem, models, n_passes in _narrow_and_wide(subject):
        together = subject.run(problem, models, n_passes)
        alone = [subject.run(problem, models.select([m]), n_passes) for m in range(len(models))]
        found.append(difference(together, np.concatenate(alone, axis=-1)))
    return Finding(max(found), ROUNDING)


def _narrow_and_wide(subject: Subject) -> Iterator[tuple[Problem, Models, int]]:
    """Yield a narrow problem, and a wide one with fewer passes, which take longer there."""
    for problem, n_passes in ((make_problem(), 4), (make_problem(n_features=WIDE), 2)):
        yield problem, subject.models(problem), n_passes


def place_does_not_matter(subject: Subject) -> Finding:
    """Order of the columns, size of the block and of the tile change nothing."""
    found = []
    for problem, models, n_passes in _narrow_and_wide(subject):
        expected = subject.run(problem, models, n_passes)
        for chosen, size in _arrangements(len(models)):
            got = subject.run(problem, models.select(chosen), n_passes, tile_bytes=size)
            found.append(difference(got, expected[..., chosen]))
    return Finding(max(found), ROUNDING)


def _arrangements(n_models: int) -> Iterator[tuple[list[int], int]]:
    """Yield the models backwards, each twice, and both halves; in tiles of a row, and of all."""
    everyone = list(range(n_models))
    yield everyone[::-1], 1
    yield [m for m in everyone for _ in range(2)], 10**6
    yield everyone[: -(-n_models // 2)], 10**6
    yield everyone[n_models // 2 :], 1


def deterministic(subject: Subject) -> Finding:
    """Two runs agree to the last bit, also by one object after other work."""
    problem, other = make_problem(), make_problem(seed=1, n_samples=31)
    models = subject.models(problem)
    expected = subject.run(problem, models)
    used = subject.make()
    train(used, other, subject.models(other), 0, 2)
    again = full(train(used, problem, models, 0, 3), problem)
    return Finding(difference(again, expected), 0.0)


def snapshot_is_a_run(subject: Subject) -> Finding:
    """Training in stages equals training in one run: to 1, to 2 and to 4 passes."""
    worst = 0.0
    for problem, models, n_passes in _narrow_and_wide(subject):
        state, done = None, 0
        for horizon in sorted({1, 2, n_passes}):
            state = train(subject.make(), problem, models, done, horizon, state)
            done = horizon
            straight = subject.run(problem, models, horizon)
            worst = max(worst, difference(full(state, problem), straight))
    return Finding(worst, 0.0)


def dropped_columns(subject: Subject) -> Finding:
    """Models that leave the block midway leave the others unchanged."""
    problem = make_problem()
    models = subject.models(problem)
    if fault := _misshapen(subject, problem, models):
        return Finding(fault=fault)
    stay = np.arange(len(models)) % 2 == 0
    state = train(subject.make(), problem, models, 0, 2)
    state = train(subject.make(), problem, models.select(stay), 2, 4, select_models(state, stay))
    expected = subject.run(problem, models, 4)[..., stay]
    return Finding(difference(full(state, problem), expected), ROUNDING)


def saved_state(subject: Subject) -> Finding:
    """The state is all there is: saved, loaded, and continued by another object."""
    problem = make_problem()
    models = subject.models(problem)
    if fault := _misshapen(subject, problem, models):
        return Finding(fault=fault)
    fresh = pickle.dumps(subject.make())
    state = train(subject.make(), problem, models, 0, 2)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **state)
    file.seek(0)
    with np.load(file, allow_pickle=False) as loaded:
        state = {name: loaded[name] for name in state}
    state = train(pickle.loads(fresh), problem, models, 2, 4, state)  # noqa: S301 -- made above
    return Finding(difference(full(state, problem), subject.run(problem, models, 4)), 0.0)


def _misshapen(subject: Subject, problem: Problem, models: Models) -> str:
    """Say which member of a state has another last axis than the models."""
    many = models.select(np.arange(ODD) % len(models))
    return models_last(train(subject.make(), problem, many, 0, 0), ODD)


def precisions(subject: Subject) -> Finding:
    """Float32 is float64 to a thousandth, and neither is less precise than asked for."""
    problem, single = make_problem(), make_problem("float32")
    models = subject.models(problem)
    for asked in (problem, single):
        state = train(subject.make(), asked, models, 0, 1)
        found = {state["weights"].dtype, state["bias"].dtype}
        if any(dtype.kind != "f" or dtype.itemsize < asked.dtype.itemsize for dtype in found):
            return Finding(fault=f"asked for {asked.dtype}, the state has {_names(found)}")
    return Finding(difference(subject.run(single, models), subject.run(problem, models)), SINGLE)


def _names(dtypes: set[np.dtype[np.generic]]) -> str:
    return ", ".join(sorted(map(str, dtypes)))


def raw_pixels(subject: Subject) -> Finding:
    """Features as uint8 are the same numbers as float64."""
    problem = make_problem(raw=True)
    models = subject.models(problem)
    return Finding(
        difference(subject.run(problem, models), subject.run(_as_float(problem), models)), ROUNDING
    )


def _as_float(problem: Problem) -> Problem:
    X = problem.X.astype(np.float64)
    X.flags.writeable = False
    return Problem(X, problem.labels, problem.n_classes, problem.dtype, problem.order)


def inputs_untouched(subject: Subject) -> Finding:
    """Hyperparameters are the same after a run; data are read-only anyway."""
    problem = make_problem()
    models = subject.models(problem)
    before = {name: values.copy() for name, values in models.columns.items()}
    structure = dict(models.structure)
    subject.run(problem, models)
    changed = [name for name in before if not np.array_equal(before[name], models.columns[name])]
    changed += [name for name in structure if structure[name] != models.structure[name]]
    return Finding(fault=f"{', '.join(changed)} changed" if changed else "")
