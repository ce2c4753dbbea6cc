"""What blocks see: each trains as if its columns, scaled its way, were all there is."""

from dataclasses import replace

import numpy as np
import pytest
from hpsoft_lbfgs import LBFGS
from hpsoft_momentum import Momentum
from hpsoft_newton import Newton
from hpsoft_sgd import SGD
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsoft.data import SCALES, Samples, Split
from hpsoft.data.featuresets.columnset import ColumnSet
from hpsoft.data.rows import Rows
from hpsoft.engine.plan import make_plan
from hpsoft.engine.schedule import run
from hpsoft.engine.setup import TrainingSetup
from hpsoft.engine.sharing import bare, mapped, share
from hpsoft.engine.train import Snapshot
from hpsoft.engine.workers import Inline, make_workers
from hpsoft.errors import StudyError
from hpsoft.tuning.setting.setup import make_setup
from hpsoft.tuning.setting.views import Looks

CLASSES = ("a", "b", "c")
OF = {
    SGD: {"epochs": (1, 2), "batch_size": (4,), "learning_rate": (0.1, 0.5), "alpha": (0.01,)},
    Momentum: {"epochs": (2,), "batch_size": (8,), "nesterov": (1,), "learning_rate": (0.1,),
               "momentum": (0.9,), "alpha": (0.0, 0.1)},
    Newton: {"iterations": (3,), "alpha": (0.1, 1.0), "damping": (0.0,)},
    LBFGS: {"iterations": (3,), "memory": (5,), "alpha": (0.1, 1.0)},
}  # fmt: skip


def make_split(seed, n_features, kind=np.float32):
    rng = np.random.default_rng(seed)
    X = rng.normal(2, 3, (50, n_features))
    X = (np.abs(X) * 10).astype(kind)
    labels = rng.integers(0, 3, 50)
    order = rng.permutation(50)
    parts = (Samples(Rows(X, order[a:b]), labels[order[a:b]]) for a, b in ((0, 37), (37, 50)))
    return Split(*parts, CLASSES)


def points_of(space):
    points = [{}]
    for name, values in space.items():
        points = [{**point, name: value} for point in points for value in values]
    return points


def trained(setup, points, n_workers=1):
    """Return scores and weights by point, and by what is seen."""
    found = {}
    with make_workers(setup, n_workers) as workers:
        for event in run(make_plan(setup.hyperparameters, enumerate(points)), workers):
            if isinstance(event, Snapshot):
                for column in range(len(event.alive)):
                    for index in event.ended(column):
                        found[index] = (
                            event.scores.cross_entropy[column],
                            event.scores.accuracy[column],
                            *(state["weights"][..., column].tobytes() for state in event.states
                              if "weights" in state and len(event.sound) == len(event.alive)),
                        )  # fmt: skip
    return found


@st.composite
def columns(draw):
    """Two or three different sets of the columns of X, most of one span, and how many it has."""
    n = draw(st.integers(2, 9))
    subsets = st.lists(st.integers(0, n - 1), min_size=1, unique=True)
    sets = draw(st.lists(subsets.map(sorted).map(tuple), min_size=2, max_size=3, unique=True))
    whole = tuple(range(n))
    sets = [*sets, *([whole] if draw(st.booleans()) and whole not in sets else [])]
    return n, {f"s{i}": ColumnSet.of((k, k + 1) for k in those) for i, those in enumerate(sets)}


@pytest.mark.parametrize("kind", OF, ids=lambda kind: kind.__name__)
@settings(max_examples=8, deadline=None)
@given(
    columns(),
    st.integers(0, 99),
    st.lists(st.sampled_from(SCALES), min_size=1, max_size=2, unique=True),
    st.sampled_from(["float32", "float64"]),
    st.sampled_from([np.float32, np.uint8, np.float16]),
)
def test_each_block_is_a_search_of_its_columns_alone(kind, sets, seed, scales, dtype, stored):
    """Bit for bit: all scores, and the weights."""
    n_features, sets = sets
    split = make_split(seed, n_features, stored)
    space = {"feature_set": tuple(sorted(sets)), "scale": tuple(sorted(scales)), **OF[kind]}
    how = {"dtype": dtype, "seed": seed}
    looks = Looks(sets, "unit").over(space)
    setup = make_setup(kind(), [split, split], scale="unit", looks=looks, **how)
    points = points_of(space)
    found = trained(setup, points)
    for name, those in sets.items():
        for scale in scales:
            parts = (
                Samples(np.ascontiguousarray(np.asarray(part.X)[:, those.index]), part.labels)
                for part in (split.train, split.validation)
            )
            alone = Split(*parts, CLASSES)
            apart = make_setup(kind(), [alone, alone], scale=scale, **how)
            mine = [
                i for i, p in enumerate(points) if (p["feature_set"], p["scale"]) == (name, scale)
            ]
            expected = trained(apart, [points[i] for i in mine])
            assert [found[i] for i in mine] == [expected[i] for i in range(len(mine))]


SETS = {
    "a": ColumnSet.of([(0, 3)]),
    "b": ColumnSet.of([(2, 6)]),
    "c": ColumnSet.of([(0, 1), (4, 6)]),
}
SPACE = {"feature_set": ("a", "b", "c"), "scale": ("standard", "unit"), **OF[SGD]}


def viewed(space=SPACE):
    looks = Looks(SETS, "raw").over(space)
    split = make_split(1, 8)
    return make_setup(SGD(), [split], scale="raw", dtype="float32", seed=0, looks=looks)


def test_columns_of_one_span_are_no_copy():
    """Of what is scaled column by column; the columns that nothing sees are not scaled."""
    setup = viewed()
    seen = {dict(key)["feature_set"]: view for key, view in setup.views.items()
            if dict(key)["scale"] == "standard"}  # fmt: skip
    assert seen["a"].folds is seen["b"].folds
    assert np.shares_memory(seen["a"].seen[0].X, seen["b"].seen[0].X)
    assert seen["a"].folds[0].X.shape[1] == 6
    assert seen["c"].seen[0].X.shape[1] == 3


def test_workers_get_each_array_once(tmp_path):
    """And see what this process sees."""
    setup = viewed()
    shared = share(setup, tmp_path)
    again = mapped(bare(setup), shared, tmp_path)
    assert again.views.keys() == setup.views.keys()
    for key, view in setup.views.items():
        for name, array in view.seen[0].arrays().items():
            np.testing.assert_array_equal(getattr(again.views[key].seen[0], name), array)
    # standard once for a and b, and cut for c; unit for each of the three; and the labels.
    assert len(list(tmp_path.glob("*.npy"))) == 2 * (1 + 1 + 3) + 2


def test_processes_train_what_this_one_does():
    points = points_of(SPACE)
    assert trained(viewed(), points, 2) == trained(viewed(), points)


def test_without_words_there_are_no_views():
    assert Looks(SETS, "raw").over(OF[SGD]) == {}
    setup = viewed(OF[SGD])
    assert setup.views == {}
    assert setup.hyperparameters == SGD.hyperparameters
    assert setup.problems_of({"batch_size": 4}) is setup.problems_of({"batch_size": 8})


def test_the_sizes_of_a_setup_are_those_of_its_views():
    setup = viewed()
    assert setup.n_features == 4
    assert setup.flops_of({"feature_set": "a", "scale": "unit"}) == 4.0 * 37 * 3 * 3
    assert setup.flops_per_model_epoch == 4.0 * 37 * 3 * (3 + 4 + 3) / 3
    assert [h.name for h in setup.hyperparameters][:2] == ["feature_set", "scale"]


def test_an_optimizer_sees_numbers_alone():
    seen = []

    class Spy(SGD):
        def init(self, problem, models):
            seen.append((problem.X.shape[1], dict(models.structure)))
            return super().init(problem, models)

    with Inline(replace(viewed(), optimizer=Spy())) as workers:
        list(run(make_plan(workers._setup.hyperparameters, enumerate(points_of(SPACE))), workers))
    assert {structure.keys() == {"batch_size"} for _, structure in seen} == {True}
    assert {n for n, _ in seen} == {3, 4}


def test_a_set_that_nothing_defines_is_told():
    with pytest.raises(StudyError, match="Define it as before: --feature-set d=COLUMNS"):
        Looks(SETS, "raw").over({"feature_set": ("a", "d")})


def test_a_setup_without_views_is_what_it_was():
    """Constructed as before, by folds alone."""
    fold = viewed(OF[SGD]).folds[0]
    setup = TrainingSetup(SGD(), (fold,), 3, np.dtype("f4"), 0)
    assert setup.folds_of({}) is setup.folds
    assert len(setup.problems) == 1
