"""What the methods of a result return is shown as the commands print it."""

import copy
import pickle
import re

import numpy as np
import pytest
from sklearn.datasets import load_iris

import hpsoft
from hpsoft.api.shown import Confirmed
from hpsoft.assess.confirm_report import ConfirmReport
from hpsoft.assess.final import FinalResult
from hpsoft.assess.optimum import OptimumReport

X, Y = load_iris(return_X_y=True)
NAMES = np.array(["a <i>", "b", "--drop c  d"])[Y]


@pytest.fixture(scope="module")
def results():
    asked = {"optimizer": "newton", "space": {"alpha": [0.01, 1]}, "cv": "none", "progress": False}
    found = hpsoft.search(X[::2], NAMES[::2], **asked)
    return {
        ConfirmReport: found.confirm(seeds=2),
        OptimumReport: found.optimum(),
        FinalResult: found.final(X[1::2], NAMES[1::2]),
    }


SAID = {
    ConfirmReport: ["mean rank", "stays the best", 'result.final(..., trial="confirmed")'],
    OptimumReport: ["The minimum of the regularised training cost", "above optimum"],
    FinalResult: ["test accuracy", "95 % interval", "Confusion matrix", "of scikit-learn"],
}


@pytest.mark.parametrize("kind", SAID, ids=lambda kind: kind.__name__)
def test_as_text_and_as_html(results, kind):
    found = results[kind]
    assert isinstance(found, kind)
    text, html = str(found), found._repr_html_()
    for part in SAID[kind]:
        assert part in text
        assert part.replace('"', "&quot;") in html
    assert "`hpsoft" not in text
    shown = repr(found)
    assert len(shown) < 120
    assert "study='arrays-newton-grid'" in shown
    assert pickle.loads(pickle.dumps(found)).study == copy.deepcopy(found).study == found.study


def test_figures_are_those_of_the_result(results):
    final, confirmed, compared = (results[k] for k in (FinalResult, ConfirmReport, OptimumReport))
    assert f"accuracy={final.test.accuracy:.4g}" in repr(final)
    assert f"confirmed={confirmed.confirmed.trial.number}" in repr(confirmed)
    assert f"verdict={compared.verdict!r}" in repr(compared)
    assert f"{100 * final.test.accuracy:.2f} %" in str(final)


def test_names_of_the_data_stay_as_they_are(results):
    """Escaped in a page; no option is seen in them; rows of tables do not wrap, prose does."""
    html = results[FinalResult]._repr_html_()
    assert "a &lt;i&gt;" in html
    assert "--drop c  d" in str(results[FinalResult])
    style = {m[2]: m[1] for m in re.finditer(r'white-space: ([\w-]+)">(.*?)</div>', html)}
    assert style["Confusion matrix: rows are true classes, columns predicted ones"] == "pre-wrap"
    assert {kind for line, kind in style.items() if "&lt;i&gt;" in line} == {"pre"}


def test_a_confirmation_that_refuses_says_why(results, monkeypatch):
    report = results[ConfirmReport]
    monkeypatch.setattr(ConfirmReport, "refused", True)
    told = str(Confirmed.of(report))
    assert "Warning: No trial is recommended" in told
    assert "Next:" not in told


def test_a_model_that_could_not_be_saved_is_told(results):
    final = results[FinalResult]
    unsaved = type(final)(**{**vars(final), "problem": "No room for --model-out."})
    assert "Warning: No room for model_out." in str(unsaved)
