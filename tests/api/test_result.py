"""What can be asked of a search that has ended."""

import copy
import importlib.util
import json
import pickle
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax
from sklearn.model_selection import StratifiedKFold

import hpsoft
from hpsoft import HpsoftError


@pytest.fixture(scope="module")
def result(arrays):
    """A search with Newton's method, which has an optimum."""
    X, y = arrays
    grid = {"alpha": [0.01, 0.1]}
    return hpsoft.search(
        X[:100], y[:100], optimizer="newton", space=grid, cv="none", progress=False
    )


def test_trials_are_a_frame_or_records(result, monkeypatch):
    frame = result.trials
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns[:3]) == ["trial", "grid_id", "alpha"]
    assert frame.value.min() == result.best.value
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert [row["alpha"] for row in result.trials] == frame.alpha.tolist()


def test_final_takes_the_test_set_of_the_caller(result, arrays):
    """It is counted, and the model is an estimator's."""
    X, y = (array[100:] for array in arrays)
    first = result.final(X, y)
    again = result.final(X, y, trial=1)
    assert (first.test.n, first.previous_test_uses, again.previous_test_uses) == (50, 0, 1)
    model = hpsoft.load_model(first.model)
    assert model.score(X, y) == first.test.accuracy
    with pytest.raises(ValueError, match=r"no test set.*X_test"):
        result.final()
    with pytest.raises(TypeError, match="X_test, which is missing"):
        result.final(y_test=y)
    with pytest.raises(hpsoft.HpsoftError, match="6 features"):
        result.final(X[:, :3], y)
    with pytest.raises(ValueError, match="sample_weight weighs the test samples"):
        result.final(X, y, sample_weight=np.ones(50))


def test_weights_of_test_samples_count(arrays, tmp_path):
    X, y = arrays
    weight = np.arange(150) % 3 + 1.0
    asked = {"optimizer": "newton", "space": {"alpha": 0.1}, "cv": "none", "progress": False}
    found = hpsoft.search(X[:100], y[:100], sample_weight=weight[:100], **asked)
    plain = found.final(X[100:], y[100:])
    weighted = found.final(
        X[100:], y[100:], sample_weight=weight[100:], model_out=tmp_path / "m.npz", progress=True
    )
    assert plain.test.cross_entropy != weighted.test.cross_entropy
    proba = hpsoft.load_model(tmp_path / "m.npz").predict_proba(X[100:])
    classes = np.unique(y)
    losses = -np.log(proba[np.arange(50), np.searchsorted(classes, y[100:])])
    assert np.isclose(np.average(losses, weights=weight[100:]), weighted.test.cross_entropy)


def test_confirm_and_optimum_know_the_data(result):
    """Nothing is read again: there is nowhere to read from."""
    report = result.confirm(seeds=3)
    assert report.confirmed.trial.params["alpha"] in {0.01, 0.1}
    assert result.study.user_attrs["hpsoft_confirmation"]["seeds"] == [1, 2, 3]
    assert result.optimum().verdict == "at the optimum"


def test_choices_of_a_trial(result, arrays):
    """Those of the command line; what is none of them is told, whether confirmed or not."""
    X, y = (array[100:] for array in arrays)
    best = result.final(X, y)
    assert result.final(X, y, trial="best").trial == best.trial
    with pytest.raises(HpsoftError, match=r"'confirm'.*Known: best, confirmed, one-se.*Did you"):
        result.final(X, y, trial="confirm")


def test_final_calibrates(result, arrays):
    X, y = (array[100:] for array in arrays)
    final = result.final(X, y, calibrate=True)
    assert final.model.temperature == final.calibrated.temperature != 1
    assert result.final(X, y).calibrated is None
    logits = final.model.logits(X)
    p = hpsoft.load_model(final.model).predict_proba(X)
    np.testing.assert_allclose(p, softmax(logits / final.model.temperature, axis=1))


def test_a_pickled_result_is_without_the_data(arrays):
    """And says so; in a copy they are where they were."""
    X, y = np.tile(arrays[0].astype(float), (100, 1)), np.tile(arrays[1], 100)
    weight = np.ones(len(y))
    search = hpsoft.GridSearch({"alpha": [0.1, 1]}, optimizer="newton").fit(X, y, weight)
    kept = pickle.dumps(search)
    assert len(kept) < 50_000 < X.nbytes / 10
    again = pickle.loads(kept)
    assert (again.predict(X[:50]) == search.predict(X[:50])).all()
    assert again.search_.best == search.search_.best
    assert len(again.study_.trials) == 2
    assert "Winner" in str(again.search_)
    for call in (again.search_.final, again.search_.confirm, again.search_.optimum):
        with pytest.raises(ValueError, match="pickled comes back without them"):
            call()
    assert copy.deepcopy(search.search_).dataset is search.search_.dataset
    assert copy.copy(search.search_).final(X[:50], y[:50]).test.n == 50


def test_final_of_a_part_that_was_held_out_takes_no_other(arrays):
    X, y = arrays
    asked = {"optimizer": "newton", "space": {"alpha": 0.1}, "cv": "none", "progress": False}
    found = hpsoft.search(X, y, test_fraction=0.2, **asked)
    assert found.final().test.n == 30
    with pytest.raises(ValueError, match="A test part was held out"):
        found.final(X, y)


def test_it_is_shown_as_text_and_as_a_table(result):
    assert repr(result).startswith("SearchResult(study='arrays-newton-grid', trials=2, cross_ent")
    assert "Winner: trial" in str(result)
    assert "2/2 grid points, each with exactly one finished trial" in str(result)
    html = result._repr_html_()
    assert html.count("<tr>") == 3
    shown = unescape(re.sub(r"<[^>]+>", " ", html))
    assert f"Winner: trial {result.best.number}: " in shown
    assert f"Validation cross-entropy {result.best.value:#.6g}" in shown
    for trial in result.finished.leaderboard:
        assert f" {trial.value:#.6g} " in shown
    assert "2/2 grid points, each with exactly one finished trial" in shown


def test_names_are_escaped_in_html(arrays):
    """They come from the data."""
    frame = pd.DataFrame(arrays[0]).assign(label=arrays[1], who=np.arange(150) // 10)
    frame = frame.rename(columns={"who": "<b>who</b>"})
    asked = {"optimizer": "newton", "space": {"alpha": 0.1}, "cv": "none", "progress": False}
    html = hpsoft.search(frame, target="label", groups="<b>who</b>", **asked)._repr_html_()
    assert "&lt;b&gt;who" in html
    assert "<b>" not in html


def test_without_a_winner_there_is_no_best(arrays):
    X, y = arrays
    space = {"epochs": 1, "batch_size": 32, "learning_rate": 1e308, "alpha": 1.0}
    found = hpsoft.search(X, y, space=space, cv="none", progress=False)
    assert repr(found).endswith("cross_entropy=None)")
    html = found._repr_html_()
    assert "1/1 grid points, each with exactly one finished trial" in html
    assert "<table>" not in html
    assert "Winner" not in html
    with pytest.raises(hpsoft.HpsoftError, match="every trial diverged"):
        _ = found.best


def test_a_card_of_arrays_makes_the_search_again(arrays):
    """By the Python that it says: with folds of the caller, weights, a sampler and ranges."""
    X, y = (array[:100] for array in arrays)
    cv = list(StratifiedKFold(2).split(X, y))
    given = {"cv": cv, "sample_weight": np.linspace(1, 2, 100)}
    space = {"alpha": {"log": [1e-3, 1]}, "epochs": [1, 2], "batch_size": [10]}
    options = {"sampler": "random", "trials": 4, "space": space, "seed": 2, "scale": "standard"}
    first = hpsoft.search(X, y, **given, **options, progress=False)
    first.confirm(2, seeds=2, progress=False)
    first.optimum(1, progress=False)
    first.final(X, y, trial=1, sample_weight=given["sample_weight"], progress=False)
    made = json.loads(first.card("json"))["again"]
    assert made["language"] == "python"
    names = {**given, "X": X, "y": y, "X_test": X[:20], "y_test": y[:20]}
    exec("\n".join(made["lines"][:-1]), names)  # what people paste
    again = names["result"]
    assert again.best.params == first.best.params
    assert again.best.value == first.best.value
    assert "result.final(X_test, y_test, " in made["lines"][-1]
    cards = [json.loads(one.card("json")) for one in (first, again)]
    for part in ("confirmation", "optimum"):
        figures = [{**card[part], "when": None} for card in cards]
        assert figures[0] == figures[1]


def test_a_card_says_how_the_model_was_made(arrays, tmp_path):
    """With a temperature, and written to a file: of that name, in whichever folder it is made."""
    X, y = (array[:100] for array in arrays)
    found = hpsoft.search(
        X, y, optimizer="newton", space={"alpha": [0.1]}, cv="none", progress=False
    )
    found.final(X, y, calibrate=True, model_out=tmp_path / "it's.npz", progress=False)
    line = json.loads(found.card("json"))["again"]["lines"][-1]
    assert line.endswith("""calibrate=True, model_out="it's.npz")""")


def test_a_card_is_written_or_refused(result, tmp_path):
    text = result.card(out=tmp_path / "card.md")
    assert (tmp_path / "card.md").read_text("utf-8") == text
    assert "X and y were arrays in memory" in text
    with pytest.raises(HpsoftError, match="Did you mean 'json'"):
        result.card("jsn")
    with pytest.raises(HpsoftError, match=r"card.html does not end in \.md"):
        result.card(out=tmp_path / "card.html")
    with pytest.raises(ValueError, match='Choose fmt="json", or name'):
        result.card(out=tmp_path / "card.json")
