"""Which samples are trained on, chosen by and tested: what options and data say of it together."""

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from hpsoft.data import Samples, TrainingData, folds, split
from hpsoft.data.loading import assemble
from hpsoft.data.parts.making import check_roles, make_parts
from hpsoft.data.parts.twins import MOST_BYTES
from hpsoft.data.side.values import SideValues
from hpsoft.data.types import Source
from hpsoft.data.validation import Validation, choose_validation
from hpsoft.errors import DataError, SpaceError


def dataset(side, *, n=60, X=None, labels=None, dedupe=False, **parts):
    """Return a data set whose first feature is the number of the row."""
    X = np.arange(n, dtype=np.float64)[:, None] if X is None else X
    labels = np.arange(len(X)) % 2 if labels is None else labels
    beside = {role: SideValues(role, np.asarray(values)) for role, values in side.items()}
    source = Source("t", X, labels, None, None, "t", side=beside)
    for name, value in parts.items():
        object.__setattr__(source, name, value)
    return assemble(source, 0.2, 0, "raw", dedupe=dedupe)


def rows(samples):
    """Return the numbers of the rows of some samples."""
    return np.asarray(samples.X)[:, 0].astype(int).tolist()


@settings(deadline=None, max_examples=50)
@given(groups=st.lists(st.integers(0, 9), min_size=30, max_size=60), seed=st.integers(0, 9))
def test_no_group_is_on_two_sides(groups, seed):
    """Of test, validation, or any fold of any repetition; other seeds hold other groups."""
    groups = np.array(groups)
    assume(len(np.unique(groups)) > 4)  # each class is in several, nearly always
    try:
        data = dataset({"groups": groups}, n=len(groups))
        divided = [split(data.training, 0.25, seed), *folds(data.training, 3, 2, seed)]
    except DataError:  # the only group of a class: a test of its own
        reject()
    known = [(data.training.samples, data.test)] + [(s.train, s.validation) for s in divided]
    for kept, held in known:
        assert not set(groups[rows(kept)]) & set(groups[rows(held)])
        assert set(kept.labels) == {0, 1}
        assert len(held)
    again = [split(data.training, 0.25, seed), *folds(data.training, 3, 2, seed)]
    assert [rows(s.validation) for s in divided] == [rows(s.validation) for s in again]


@pytest.mark.parametrize("n_folds", [2, 3, 5])
def test_groups_of_one_sample_are_no_groups(n_folds):
    """They are divided as samples without groups are."""
    labels = np.random.default_rng(0).integers(0, 3, 70)
    X = np.arange(70.0)[:, None]
    plain = TrainingData("t", Samples(X, labels), ("a", "b", "c"), "raw", "")
    single = Samples(X, labels, {"groups": np.arange(70)})
    grouped = TrainingData("t", single, ("a", "b", "c"), "raw", "")
    for one, other in zip(folds(plain, n_folds, 2, 5), folds(grouped, n_folds, 2, 5), strict=True):
        assert rows(one.validation) == rows(other.validation)
    assert rows(split(plain, 0.3, 1).validation) == rows(split(grouped, 0.3, 1).validation)


def test_given_parts_are_taken_as_they_are():
    """Each sample is where its column says; the classes are those of all."""
    parts = np.array(["train", "val", "test"])[np.arange(60) % 3]
    data = dataset({"split": parts}, labels=np.arange(60) % 4)
    assert rows(data.training.samples) == list(range(0, 60, 3))
    assert rows(data.training.validation) == list(range(1, 60, 3))
    assert rows(data.test) == list(range(2, 60, 3))
    assert "split" not in data.test.side


def test_what_a_column_of_parts_does_not_say_is_decided_as_ever():
    """No test part: one is held out. No validation part: none is given."""
    data = dataset({"split": np.where(np.arange(60) < 10, "val", "train")})
    assert (len(data.training.validation), len(data.test)) == (10, 10)
    data = dataset({"split": np.where(np.arange(60) < 10, "test", "train")})
    assert (data.training.validation, len(data.test)) == (None, 10)


def test_the_later_part_tests_and_the_later_of_the_rest_validates():
    """Whatever the order of the rows."""
    when = np.random.default_rng(0).permutation(60)
    data = dataset({"time": when})
    assert sorted(when[rows(data.test)]) == list(range(48, 60))
    held = split(data.training, None, 3).validation
    assert sorted(when[rows(held)]) == list(range(38, 48))
    assert choose_validation("auto", None, data.training, is_reference=False).fraction == 0.2
    for n, fold in enumerate(Validation(None, 5, by_time=True).splits(data.training, 0)):
        assert sorted(when[rows(fold.train)]) == list(range(8 * (n + 1)))


@pytest.mark.parametrize(
    ("side", "parts", "message"),
    [
        ({"split": ["train", "test"] * 30}, {"X_test": np.ones((2, 1)), "labels_test": [0, 1]},
         "has a test part of its own, so --split has nothing to say"),
        ({"split": ["train", "test"] * 30, "groups": np.arange(60) // 2}, {},
         "30 of the 30 groups of the test part are in the training part as well, with 30 samples"),
        ({"split": ["train", "test"] * 30}, {"labels": np.arange(60) % 2},
         "1 of 2 classes, '1' for one, have no sample in the training part of --split"),
        ({"time": np.arange(60)}, {"labels": np.arange(60) // 50},
         "1 of 2 classes, '1' for one, do not occur before the later part"),
        ({"groups": np.arange(60) % 2}, {"labels": np.arange(60) % 2},
         "2 group.s. of 60 samples cannot be divided: each is the only one"),
    ],
)  # fmt: skip
def test_contradictions(side, parts, message):
    """Parts that cannot be, by name and count."""
    with pytest.raises(DataError, match=message):
        dataset(side, **{"labels": np.repeat(np.arange(30) % 2, 2)} | parts)


def test_wishes_that_contradict_each_other():
    """Time divides what the others keep together."""
    with pytest.raises(DataError, match=r"--time t divides .* and --groups g keeps some together"):
        check_roles({"time": "t", "groups": "g"}, dedupe=False)
    with pytest.raises(DataError, match="and --dedupe keeps"):
        check_roles({"time": "t"}, dedupe=True)
    check_roles({"time": "t", "split": "s"}, dedupe=False)
    check_roles({"groups": "g", "split": "s"}, dedupe=True)


def test_folds_need_groups_and_times():
    """One each, and times one more."""
    training = dataset({"groups": np.arange(60) // 15}, labels=np.arange(60) % 2).training
    with pytest.raises(
        DataError, match=r"5 folds of 3 groups cannot be made: 3 .* such as --cv 3"
    ):
        list(folds(training, 5, 1, 0))
    assert choose_validation("auto", None, training, is_reference=False).folds == 3
    training = dataset({"time": np.arange(60) // 10}).training
    with pytest.raises(DataError, match=r"5 folds one after another in time need 6 .* have 5"):
        list(folds(training, 5, 1, 0))
    with pytest.raises(SpaceError, match="folds cannot be repeated: --cv 5"):
        choose_validation("5x2", None, training, is_reference=False)


def with_twins():
    """Return features of 60 rows, of which 40 to 59 equal 0 to 19."""
    X = np.arange(60.0)[:, None]
    X[40:] = X[:20]
    return X


def test_equal_samples_are_warned_of_and_stay_together_by_dedupe():
    """In the test part, and in folds."""
    data = dataset({}, X=with_twins(), labels=np.repeat([0, 1, 0], [20, 20, 20]))
    assert data.twins.n_samples == 40
    assert data.twins.n_test > 0
    assert "40 samples equal another" in data.notes[-1]
    assert f"{data.twins.n_test} of the 12 test samples" in data.notes[-1]
    data = dataset({}, X=with_twins(), dedupe=True)
    assert (data.twins.n_samples, data.twins.n_test) == (40, 0)
    assert data.notes == ("40 samples equal others in all features; these stay together.",)
    for fold in folds(data.training, 3, 1, 0):
        assert not set(rows(fold.train)) & set(rows(fold.validation))


def test_what_a_given_part_has_is_not_trained_on_by_dedupe():
    """The later part keeps it."""
    part = np.array(["train"] * 40 + ["val"] * 10 + ["test"] * 10)
    data = dataset({"split": part}, X=with_twins(), labels=np.arange(60) // 5 % 2, dedupe=True)
    assert rows(data.training.samples) == list(range(20, 40))
    assert (len(data.training.validation), len(data.test)) == (10, 10)
    assert "20 of 40 samples of the training part equal one of the validation" in data.notes[-1]


def test_a_given_test_part_has_groups_of_its_equal_samples():
    """Its intervals are by them; the fingerprint is what it was, and others' groups too."""
    part = np.array(["train"] * 30 + ["test"] * 30)
    X = np.arange(60.0)[:, None]
    X[50:] = X[40:50]
    plain, data = (dataset({"split": part}, X=X, dedupe=dedupe) for dedupe in (False, True))
    groups = data.test.side["groups"]
    assert len(np.unique(groups)) == 20
    assert groups[10:20].tolist() == groups[20:].tolist()
    assert "groups" not in data.training.samples.side
    assert data.fingerprint == plain.fingerprint
    assert "groups" not in plain.test.side
    given = np.arange(60) // 2
    joined = dataset({"split": part, "groups": given}, X=X, dedupe=True).test.side["groups"]
    assert len(np.unique(joined)) == 10


@pytest.mark.parametrize(("dtype", "other"), [("u1", "f4"), ("f4", "f8"), ("i8", "f8")])
def test_equal_samples_are_found_across_dtypes(dtype, other):
    """Parts of their own are each stored in the smallest type."""
    X = np.arange(40)[:, None]
    labels = np.arange(10) % 2
    X_test = np.arange(20, 30)[:, None].astype(other)
    X_test[0] = 0.5
    given = {"X_test": X_test, "labels_test": labels}
    X, labels = X.astype(dtype), np.arange(40) % 2
    data = dataset({}, X=X, labels=labels, **given)
    assert data.training.samples.X.dtype != data.test.X.dtype
    assert (data.twins.n_samples, data.twins.n_test) == (18, 9)
    kept = dataset({}, X=X, labels=labels, dedupe=True, **given)
    assert len(kept.training) == 31
    assert kept.twins.n_test == 0


def test_equal_samples_join_groups():
    """A group is not divided, and neither are its samples' equals."""
    groups = np.arange(60) // 4  # 0 .. 4 have equals in 10 .. 14
    data = dataset({"groups": groups}, X=with_twins(), dedupe=True)
    training = data.training.samples
    assert len(set(training.side["groups"]) | set(data.test.side["groups"])) == 10
    assert not set(rows(training)) & set(rows(data.test))


def test_without_equal_samples_dedupe_changes_nothing():
    """Not even the fingerprint."""
    assert dataset({}, dedupe=True).fingerprint == dataset({}).fingerprint
    assert dataset({}).notes == ()


def test_huge_data_are_not_looked_through_unasked():
    """That is said; here one column stands for all, so that they take no memory."""
    X = np.broadcast_to(np.arange(60.0)[:, None], (60, MOST_BYTES // 400))
    read = Samples(X, np.arange(60) % 2), None, None
    parts = make_parts(read, ("a", "b"), 0.2, 0, dedupe=False, where="t")
    assert parts.twins is None
    assert "not looked for in more than 4.3 GB" in parts.notes[-1]


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (np.arange(60), None),
        (
            np.arange(60) // 7,
            "1 of the 20 samples of the validation part are no later than the la",
        ),
        (-np.arange(60), "20 of the 20 samples of the validation part"),
        (np.r_[0:20, 40:60, 20:40], "20 of the 20 samples of the test part .* of the validation"),
    ],
)
def test_parts_that_are_given_follow_each_other_in_time(times, message):
    """Else --time and they contradict each other."""
    side = {"split": np.repeat(["train", "val", "test"], 20), "time": times}
    if message is None:
        assert rows(dataset(side).test) == list(range(40, 60))
        return
    with pytest.raises(DataError, match=message) as error:
        dataset(side)
    assert "--time and these parts contradict each other" in str(error.value)


def test_a_held_out_part_that_lacks_classes_is_told():
    """As of data that are sorted by class, divided by time; not where all are there."""
    labels = np.arange(60) // 29 % 3  # 0, 1 and, in two samples, 2
    labels[0] = 2
    (note,) = (n for n in dataset({"time": np.arange(60)}, labels=labels).notes if "absent" in n)
    assert note.startswith(
        "Warning: the test part by --time time has 2 of 3 classes: '0' is absent"
    )
    notes = dataset({"time": np.arange(60)}, labels=np.arange(60) % 3).notes
    assert not [note for note in notes if "absent" in note]


def test_groups_that_leave_nothing_to_choose_by_are_told():
    """One group is tested by, and the other cannot be divided; an error names the file."""
    labels = np.arange(60) // 2 % 2
    (note,) = (
        n for n in dataset({"groups": np.arange(60) % 2}, labels=labels).notes if "choose" in n
    )
    assert note.startswith("Warning: the training part has 1 group(s)")
    with pytest.raises(DataError, match=r"^t: 3 group.* leave --groups out\.$"):
        dataset({"groups": np.arange(60) // 20}, labels=np.arange(60) // 20)
