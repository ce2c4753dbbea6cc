"""Labels of any kind -> classes of a model."""

import numpy as np
import pytest

from hpsoft.data.stream.labels import UNKNOWN, KnownLabels, label_texts


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (np.array([3, -1]), ["3", "-1"]),
        (np.array([3.0, np.nan, 2.5]), ["3", "", "2.5"]),
        (np.array([True, False]), ["True", "False"]),
        (np.array([[3], [1]]), ["3", "1"]),
        (np.array([[0, 1], [1, 0]]), ["1", "0"]),
        (np.array([[2, 1], [1, 0]]), ["2x1", "1x0"]),
        (np.array([b"a ", b"b"]), ["a", "b"]),
        (np.array([" a", None, "b "], dtype=object), ["a", "", "b"]),
    ],
)
def test_as_texts(values, texts):
    assert label_texts(values).tolist() == texts


def test_what_the_model_does_not_know_is_counted():
    known = KnownLabels(("7", "ant", "NA"))
    found = known.indices(np.array(["ant", "7.0", "", "?", "bee", "bee", "NA"]))
    assert found.tolist() == [1, 0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 2]
    assert (dict(known.unknown), known.missing) == ({"bee": 2}, 2)


def test_of_very_many_names_only_some_are_kept():
    known = KnownLabels(("x",), most_names=3)
    for start in (0, 0, 50):
        known.indices(np.arange(start, start + 5).astype(str))
    assert (len(known.unknown), known.unknown["0"], known.n_unknown) == (3, 2, 15)
