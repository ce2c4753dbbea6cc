"""The exact optimum of each alpha, and trials trained anew beside it."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from hpsoft_sgd import SGD
from reference_sgd import sgd
from rich.console import Console
from small_search import SmallSearch, write_data

from hpsoft.assess import optimum as module
from hpsoft.assess.optimum import OptimumConfig, OptimumReport, find_optima
from hpsoft.engine.points import Progress
from hpsoft.errors import StorageError, StudyError
from hpsoft.report.optimum import draw_optimum_notes
from hpsoft.softmax import cross_entropy, gradient, regularised_cost
from hpsoft.softmax.metric import CROSS_ENTROPY
from hpsoft.study.storage.connect import Connection
from hpsoft.study.study import find_study
from hpsoft.system.steps import to_the_end

SETTINGS = ("epochs=1,40", "batch_size=7", "learning_rate=0.1,1e308", "alpha=0.01,0.1")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A finished search by SGD; half of its trials diverged."""
    folder = tmp_path_factory.mktemp("sgd")
    small = SmallSearch(folder, write_data(folder))
    small.run(settings=SETTINGS)
    return small


def run(small, **changes):
    options = {"study": "s", "storage": str(small.folder / "s.journal"), "jobs": 1}
    progress = []
    report = to_the_end(find_optima(OptimumConfig(**options | changes)), progress.append)
    assert all(isinstance(event, Progress) for event in progress)
    assert isinstance(report, OptimumReport)
    return progress, report


def test_optima_have_no_gradient(small):
    """Of the study's own split and scaling: the cost is that of scikit-learn's lbfgs."""
    from sklearn.linear_model import LogisticRegression

    (fold,) = small.prepare(settings=SETTINGS).setting.folds
    _, report = run(small)
    assert [o.alpha for o in report.optima] == [0.01, 0.1]
    for best in report.optima:
        assert best.converged
        C = 1 / (len(fold.labels) * best.alpha)
        model = LogisticRegression(C=C, tol=1e-10, max_iter=10_000)
        model.fit(fold.X, fold.labels)
        theta = (model.coef_.T, model.intercept_)
        cost = regularised_cost(fold.X, fold.labels, *theta, best.alpha)
        assert best.training_cost == pytest.approx(cost, rel=1e-8)
        assert np.abs(gradient(fold.X, fold.labels, *theta, best.alpha)[0]).max() < 1e-8
        validation = cross_entropy(fold.X_validation @ theta[0] + theta[1], fold.labels_validation)
        assert best.validation_cost == pytest.approx(validation, rel=1e-5)


def test_trials_are_those_of_the_study(small):
    """Their validation cost comes out again, their training cost is the one-model loop's."""
    setting = small.prepare(settings=SETTINGS).setting
    (problem,) = setting.problems
    _, report = run(small)
    assert len(report.distances) == 4
    by_alpha = {o.alpha: o for o in report.optima}
    for found in report.distances:
        assert found.reproduced
        assert found.validation_cost == pytest.approx(found.trial.value, rel=1e-9)
        weights, bias = sgd(
            problem.X,
            problem.labels,
            3,
            order=problem.order,
            **found.trial.params,
        )
        cost = regularised_cost(problem.X, problem.labels, weights, bias, found.alpha)
        assert found.training_cost == pytest.approx(cost, rel=1e-9)
        best = by_alpha[found.alpha]
        assert found.training_gap == pytest.approx(cost - best.training_cost)
        assert found.training_gap > 0
        assert found.validation_gap == found.validation_cost - best.validation_cost
    values = [d.trial.value for d in report.distances]
    assert values == sorted(values)
    assert report.best_trial.value == values[0]


def test_the_best_of_each_alpha_comes_along(small):
    _, report = run(small, top=1)
    assert sorted(d.alpha for d in report.distances) == [0.01, 0.1]


def test_progress_ends_at_its_total_in_both_parts(small):
    progress, _ = run(small)
    ends = {event.what: (event.done, event.total) for event in progress}
    assert list(ends) == ["optima by Newton's method", "trials of the study"]
    assert all(done == total for done, total in ends.values())


def test_what_does_not_come_out_again_is_said(small):
    """Here since the stored values are others by a hundred thousandth."""
    assert all(d.reproduced for d in run(small)[1].distances)
    journal = small.folder / "s.journal"
    text, n = re.subn(
        r'"value":([\d.]+)',
        lambda found: f'"value":{float(found[1]) * 1.00001!r}',
        journal.read_text(),
    )
    assert n
    journal.write_text(text)
    assert not any(d.reproduced for d in run(small)[1].distances)


def test_a_diverged_model_has_no_cost(small):
    """Retrained past its end, it is NaN and not an error."""
    setting = small.prepare(settings=SETTINGS).setting
    points = [{"epochs": 2, "batch_size": 7, "learning_rate": 1e308, "alpha": 0.1}]
    found = to_the_end(module.retrain("x", setting, points, 1))
    assert [np.isnan(e.training_cost) for e in found] == [True]


@pytest.mark.parametrize(
    ("cost", "verdict"),
    [(0.5, "longer helps"), (0.6, "at the optimum"), (0.6005, "at the optimum"),
     (0.7, "stopped early")],
)  # fmt: skip
def test_the_verdict_compares_validation_costs(small, cost, verdict):
    _, report = run(small)
    best = replace(report.best_trial, value=0.6)
    optimum = replace(report.best_optimum, validation_cost=cost)
    assert replace(report, best_trial=best, best_optimum=optimum).verdict == verdict


@pytest.mark.parametrize(
    ("value", "cost", "verdict"),
    [(0.0, 0.0, "at the optimum"), (0.0, 1e-9, "stopped early"), (1e-9, 0.0, "longer helps")],
)
def test_the_verdict_of_a_perfect_trial(small, value, cost, verdict):
    """A separated study has a cost of 0, by which nothing is divided."""
    _, report = run(small)
    best = replace(report.best_trial, value=value)
    optimum = replace(report.best_optimum, validation_cost=cost)
    assert replace(report, best_trial=best, best_optimum=optimum).verdict == verdict


def test_what_is_no_optimum_decides_nothing(small):
    """Neither a run that was stopped nor a cost that is no number is the best optimum."""
    report = run(small)[1]
    found = report.optima[0]
    stopped = replace(found, alpha=0.01, validation_cost=0.0, converged=False)
    lost = replace(found, alpha=0.02, validation_cost=float("nan"))
    sound = replace(found, alpha=0.1)
    assert module._best([lost, stopped, sound], CROSS_ENTROPY) is sound
    assert module._best([lost, stopped], CROSS_ENTROPY) is None
    assert replace(report, best_optimum=None).verdict == "no optimum"


def test_nothing_is_stopped_early_where_there_is_no_optimum(small):
    """A better trial at an alpha without a minimum has none to be trained to."""
    report = run(small)[1]
    best = replace(report.best_trial, value=report.best_optimum.validation_cost / 2)
    assert replace(report, best_trial=best).verdict == "stopped early"
    optima = tuple(replace(o, converged=o.alpha != best.params["alpha"]) for o in report.optima)
    assert replace(report, best_trial=best, optima=optima).verdict == "no optimum"


class Without(SGD):
    hyperparameters = SGD.hyperparameters[:3]


class Decoupled(SGD):
    decoupled = True


@pytest.mark.parametrize(
    ("optimizer", "text"),
    [(Without, "no columnar hyperparameter alpha"), (Decoupled, "decoupled")],
)
def test_an_alpha_that_is_no_l2_is_refused(optimizer, text):
    with pytest.raises(StudyError, match=text):
        module._check_alpha("s", "sgd", optimizer())


def test_a_study_without_values_is_refused(tmp_path):
    small = SmallSearch(tmp_path, write_data(tmp_path))
    small.run(settings=("epochs=1", "batch_size=7", "learning_rate=1e308", "alpha=0.1"))
    with pytest.raises(StudyError, match="no trial with a value"):
        run(small)


def test_the_study_remembers_it(small, monkeypatch):
    """The distance of its winner; a study that cannot be written is compared all the same."""
    _, report = run(small)
    kept = find_study(str(small.folder / "s.journal"), "s").optimum
    winner = report.distances[0]
    assert kept["trial"] == report.best_trial.number == winner.trial.number
    assert kept["training_gap"] == winner.training_gap
    assert kept["best_optimum"]["value"] == report.best_optimum.validation_cost
    assert report.unrecorded is None

    def refuse(connection):
        raise StorageError("It is read-only.")

    monkeypatch.setattr(Connection, "check_writable", refuse)
    _, again = run(small, top=1)
    assert again.unrecorded == "It is read-only."
    assert again.best_optimum == report.best_optimum
    assert find_study(str(small.folder / "s.journal"), "s").optimum == kept
    console = Console(file=io.StringIO(), width=200)
    draw_optimum_notes(console, again)
    assert "Not kept for `hpsoft card`: It is read-only." in console.file.getvalue()
