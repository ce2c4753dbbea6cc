"""Studies that the release before the rooms were drawn has made are read, continued and grown.

`before/` holds a journal and a SQLite file of 0.1.0 at commit d1a2a3b, made by

    hpsoft search --data digits --study old --storage before.journal --set epochs=1,2
      --set batch_size=64,128 --set learning_rate=0.1,0.4 --set alpha=0,0.01 --set averaging=0
      --cv none --jobs 1
    hpsoft search --data digits --study folds --storage before.journal --set epochs=1,2
      --set batch_size=128 --set learning_rate=0.4 --set alpha=0.01 --cv 3 --jobs 1

and the same with before.db; of `old` the last 6 of 16 trials were taken out again, as a kill
would.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hpsoft.assess.final import FinalConfig, retrain_winner
from hpsoft.cli.values import parse_settings
from hpsoft.data.encoding.policy import BEFORE, SHARED, Policy
from hpsoft.data.spec import DataSpec
from hpsoft.data.validation import Validation
from hpsoft.errors import StudyError
from hpsoft.study.study import find_study
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.prepare import prepare
from hpsoft.tuning.run import search

OLD = ("epochs=1,2", "batch_size=64,128", "learning_rate=0.1,0.4", "alpha=0,0.01", "averaging=0")


@pytest.fixture(params=["before.journal", "before.db"])
def storage(request, tmp_path):
    """A copy of a file of the release before."""
    return str(shutil.copy(Path(__file__).parent / "before" / request.param, tmp_path))


def search_again(storage, settings, study="old"):
    config = SearchConfig(
        study=study, storage=storage, space=parse_settings(settings), cv="none", jobs=1
    )
    source = DataSpec("digits")
    return search(prepare(config, source.load().training, source))


def test_they_are_read(storage):
    old, folds = find_study(storage, "old"), find_study(storage, "folds")
    assert (len(old.trials), old.description.n_grid) == (10, 16)
    assert old.ranking[0].value == pytest.approx(1.331673)
    assert old.description.identity.validation == Validation(0.2)
    assert folds.description.identity.validation == Validation(None, 3)
    assert len(folds.ranking[0].folds) == 3
    assert folds.description.identity.source == DataSpec("digits")


def test_their_winner_is_retrained(storage):
    result = to_the_end(retrain_winner(FinalConfig("folds", storage)))
    assert (result.data, result.previous_test_uses) == ("digits", 0)
    assert find_study(storage, "folds").test_uses == 1


def test_they_are_continued(storage):
    """What is stored stays, and only the rest is run."""
    before = find_study(storage, "old").trials
    finished = search_again(storage, OLD)
    assert finished.certificate.complete
    assert finished.n_run == 6
    assert find_study(storage, "old").trials[:10] == before


def test_they_grow(storage):
    assert search_again(storage, OLD).n_run == 6
    larger = search_again(storage, ("epochs=1,2,4", *OLD[1:]))
    assert (larger.n_run, larger.certificate.n_grid) == (8, 24)
    assert larger.certificate.complete


def test_what_they_say_of_themselves_is_kept_word_for_word(storage):
    """A newer hpsoft adds to it, and changes nothing."""
    about = find_study(storage, "old").description
    assert about.to_attribute() == dict(about.kept)


def _on(path, storage, policy, keep=()):
    """Search two points of a table, by the rules of some release."""
    settings = ("epochs=1,2", "batch_size=16", "learning_rate=0.1", "alpha=0.1", "averaging=0")
    config = SearchConfig(
        study="t", storage=storage, space=parse_settings(settings), cv="none", jobs=1
    )
    spec = DataSpec(str(path), policy=policy, keep=keep)
    data = spec.load()
    found = replace(spec.from_anywhere(data), policy=policy)
    return search(prepare(config, data.training, found))


def test_constant_columns_are_kept_by_the_option_that_is_said(tmp_path):
    """They were features; the error says which command goes on, if that is what differs."""
    path, storage = tmp_path / "t.csv", str(tmp_path / "s.journal")
    rows = [f"{i * 7 % 13},1,{'xy'[i % 2]}" for i in range(40)]
    path.write_text("a,flat one,label\n" + "\n".join(rows))
    assert _on(path, storage, Policy(rules=BEFORE)).n_run == 2
    with pytest.raises(StudyError, match="the same command with --keep 'flat one' continues it"):
        _on(path, storage, Policy())
    assert _on(path, storage, Policy(), keep=("flat one",)).n_run == 0
    path.write_text("a,flat one,label\n" + "\n".join(rows[1:]))
    with pytest.raises(StudyError, match="or repeat the recorded settings"):
        _on(path, storage, Policy())


def test_gaps_were_filled_in_by_all_training_rows(tmp_path):
    """Trials by other fills are not compared with them."""
    path, storage = tmp_path / "t.csv", str(tmp_path / "s.journal")
    rows = [f"{'' if i % 5 == 0 else i * 7 % 13},{'xy'[i % 2]}" for i in range(40)]
    path.write_text("a,label\n" + "\n".join(rows))
    assert _on(path, storage, Policy("median", rules=SHARED)).n_run == 2
    with pytest.raises(StudyError, match="gaps filled in by all training rows there, by the rows"):
        _on(path, storage, Policy("median"))
