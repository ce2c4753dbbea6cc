"""Splits: disjoint, complete, stratified, and the same for ever."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hpsoft.data import Samples, TrainingData, folds, split
from hpsoft.data.splitting import stratified
from hpsoft.errors import DataError

counts = st.lists(st.integers(1, 60), min_size=2, max_size=6)


def training(labels, n_classes=None):
    """Return training data whose single feature is the row number."""
    labels = np.asarray(labels, np.intp)
    n_classes = n_classes or labels.max() + 1
    X = np.arange(len(labels), dtype=np.float64)[:, None]
    return TrainingData("t", Samples(X, labels), tuple(map(str, range(n_classes))), "raw", "")


@given(counts=counts, fraction=st.floats(0.05, 0.95), seed=st.integers(0, 2**40))
def test_every_sample_is_in_one_part(counts, fraction, seed):
    """The parts divide the data, rows keep their order and labels, classes keep a sample."""
    labels = np.repeat(np.arange(len(counts)), counts)
    if max(counts) == 1:
        return
    parts = split(training(labels), fraction, seed)
    rows = np.concatenate([np.asarray(part.X)[:, 0] for part in (parts.train, parts.validation)])
    assert sorted(rows) == list(range(len(labels)))
    for part in (parts.train, parts.validation):
        own = np.asarray(part.X)[:, 0]
        assert (np.diff(own) > 0).all()
        np.testing.assert_array_equal(part.labels, labels[own.astype(int)])
    assert set(parts.train.labels) == set(labels)


@settings(max_examples=25, deadline=None)
@given(counts=st.lists(st.integers(20, 60), min_size=2, max_size=6), fraction=st.floats(0.1, 0.5))
def test_proportions_are_those_of_scikit_learn(counts, fraction):
    """As many samples as scikit-learn holds out, and as many of each class to within one."""
    from sklearn.model_selection import train_test_split

    wanted = sum(counts) * fraction
    assume(abs(wanted - round(wanted)) > 1e-6)  # there, rounding decides which way ceil goes
    labels = np.repeat(np.arange(len(counts)), counts)
    ours = split(training(labels), fraction, 0).validation.labels
    theirs = train_test_split(labels, test_size=fraction, stratify=labels, random_state=0)[1]
    assert len(ours) == len(theirs)
    assert np.abs(np.bincount(ours) - np.bincount(theirs)).max() <= 1


def test_split_is_the_same_for_ever():
    """The rows of a seed are fixed by value: a study of today resumes in years."""
    labels = np.arange(20) % 2
    _, held = stratified(labels, ("a", "b"), 0.3, (7, 1))
    assert held.tolist() == [1, 2, 3, 10, 11, 18]


def test_seeds_and_streams_differ():
    """Another seed, and the test split of the same seed, hold out other rows."""
    labels = np.arange(200) % 2
    held = [tuple(stratified(labels, ("a", "b"), 0.3, key)[1]) for key in ((0, 0), (0, 1), (1, 0))]
    assert len(set(held)) == 3


def test_order_of_labels_does_not_bias():
    """Each row is held out about as often as any other over many seeds."""
    labels = np.arange(40) % 4
    times = np.zeros(40)
    for seed in range(400):
        times[stratified(labels, tuple("abcd"), 0.25, (seed, 0))[1]] += 1
    assert abs(times - 100).max() < 45  # five standard deviations


def test_rare_classes_stay_in_training():
    """A class of one sample gives none away; others make up for it."""
    labels = [0] * 6 + [1, 2, 3]
    parts = split(training(labels), 0.5, 0)
    assert set(parts.train.labels) == {0, 1, 2, 3}
    assert parts.validation.labels.tolist() == [0] * 5


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.5, float("nan")])
def test_fraction_lies_between_0_and_1(fraction):
    """Other fractions are refused."""
    with pytest.raises(DataError, match="must lie between 0 and 1"):
        split(training([0, 1, 0, 1]), fraction, 0)


def test_negative_seed():
    """Seeds are natural numbers."""
    with pytest.raises(DataError, match="seed must be 0 or more, not -1"):
        split(training([0, 1, 0, 1]), 0.5, -1)


def test_absent_class():
    """A class without samples is named."""
    with pytest.raises(DataError, match="Class '2' is absent from the training part"):
        split(training([0, 1, 0, 1], n_classes=3), 0.5, 0)


def test_no_samples_to_spare():
    """One sample a class cannot be divided."""
    with pytest.raises(DataError, match="no class has a sample to spare"):
        split(training([0, 1, 2]), 0.5, 0)


def with_validation(n_train=30, n_validation=12):
    """Return training data with a validation part of its own."""
    train, validation = (training(np.arange(n) % 3).samples for n in (n_train, n_validation))
    return TrainingData(
        "t", train, ("a", "b", "c"), "raw", "", Samples(-validation.X, validation.labels)
    )


def test_a_validation_part_is_not_made_anew():
    """Data that has one is divided so, whatever the seed."""
    for seed in (0, 1):
        parts = split(with_validation(), None, seed)
        assert parts.train is not None
        assert (len(parts.train), len(parts.validation)) == (30, 12)
        assert (np.asarray(parts.validation.X) <= 0).all()


def test_a_fraction_beside_a_validation_part():
    """It would divide nothing."""
    with pytest.raises(
        DataError, match=r"t has a validation part of its own, 12 .*--val-fraction"
    ):
        split(with_validation(), 0.2, 0)
    with pytest.raises(DataError, match="seed must be 0 or more"):
        split(with_validation(), None, -1)


def test_without_a_word_a_fifth_is_held_out():
    """The default is that of the command line."""
    data = training(np.arange(50) % 2)
    assert len(split(data, None, 0).validation) == 10
    assert len(split(data, 0.3, 0).validation) == 15


def test_everything_that_may_be_trained_on():
    """Both parts, the validation part last; without one nothing is copied."""
    data = with_validation()
    assert len(data) == len(data.everything) == 42
    assert (np.asarray(data.everything.X)[30:] <= 0).all()
    np.testing.assert_array_equal(data.everything.labels[30:], np.arange(12) % 3)
    assert (len(data.pooled()), data.pooled().validation) == (42, None)
    assert sum(len(parts.validation) for parts in folds(data, 3, 1, 0)) == 42
    plain = training(np.arange(50) % 2)
    assert plain.everything is plain.samples
    assert len(plain) == 50
