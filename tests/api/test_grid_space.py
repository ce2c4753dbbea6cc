"""The space of a `GridSearch`: what is not named, weights of classes, lists of grids."""

import numpy as np
import pytest
from sklearn.datasets import load_iris

from hpsoft import GridSearch, HpsoftError, SoftmaxRegression

X, Y = load_iris(return_X_y=True)
TRAIN, HELD = np.arange(0, 150, 2), np.arange(1, 150, 2)


def searched(space, **options):
    return GridSearch(space, validation=(TRAIN, HELD), refit=False, **options).fit(X, Y)


@pytest.mark.parametrize("optimizer", ["sgd", "newton"])
def test_what_is_not_named_has_the_value_of_the_estimator(optimizer):
    """As where GridSearchCV stood: two values are two points."""
    usual = SoftmaxRegression(optimizer=optimizer).fit(X[TRAIN], Y[TRAIN]).params_
    found = searched({"alpha": [1e-4, 1e-2]}, optimizer=optimizer, scale="standard")
    points = found.cv_results_["params"]
    assert [point["alpha"] for point in points] == [1e-4, 1e-2]
    for point in points:
        rest = {**usual, "alpha": point["alpha"]}
        assert {name: point[name] for name in rest} == pytest.approx(rest)


def test_an_empty_grid_is_one_point():
    usual = SoftmaxRegression(optimizer="newton").fit(X[TRAIN], Y[TRAIN]).params_
    found = searched({}, optimizer="newton", scale="standard")
    (point,) = found.cv_results_["params"]
    assert point["alpha"] == pytest.approx(usual["alpha"]) == pytest.approx(1 / 75)


def test_a_file_names_some_as_well(tmp_path):
    path = tmp_path / "space.toml"
    path.write_text("alpha = [0.1, 1]\n")
    assert len(searched(path).cv_results_["params"]) == 2


def test_batches_fit_the_smallest_of_unequal_folds():
    folds = [(TRAIN[:-5], HELD), (HELD[:-4], TRAIN)]
    search = GridSearch({"alpha": 0.1, "epochs": 2}, validation=folds, refit=False).fit(X, Y)
    assert search.best_params_["batch_size"] == 70


def test_without_a_space_there_is_a_grid():
    """Of C too, which stands for alpha."""
    assert len(searched(None, optimizer="newton").cv_results_["params"]) == 8
    assert len(searched({"C": [1, 10]}, optimizer="newton").cv_results_["params"]) == 2


def test_weights_of_classes_as_scikit_learn_names_them():
    found = searched({"class_weight": [None, "balanced"], "alpha": 0.1}, optimizer="newton")
    assert [p["class_weight"] for p in found.cv_results_["params"]] == [0, 1]
    one = searched({"class_weight": None}, optimizer="newton")
    assert one.best_params_["class_weight"] == 0


@pytest.mark.parametrize("given", [[{0: 1.0, 1: 2.0}, None], {0: 1.0, 1: 2.0}])
def test_weights_by_class_are_told_what_to_do(given):
    with pytest.raises(
        TypeError, match=r"class_weight takes None, 'balanced'.*sample_weight="
    ) as e:
        searched({"class_weight": given}, optimizer="newton")
    assert isinstance(e.value, HpsoftError)


def test_a_list_of_grids():
    """One is one; several are no grid that a study could prove complete."""
    assert len(searched([{"alpha": [0.1, 1]}], optimizer="newton").cv_results_["params"]) == 2
    with pytest.raises(TypeError, match=r"list of 2 grids.*GridSearch\(grid\) for each") as caught:
        searched([{"alpha": [0.1]}, {"alpha": [1]}])
    assert isinstance(caught.value, HpsoftError)
