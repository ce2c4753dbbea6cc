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
from pathlib import Path

import pytest

from hpsoft.assess.final import FinalConfig, retrain_winner
from hpsoft.cli.values import parse_settings
from hpsoft.data.spec import DataSpec
from hpsoft.data.validation import Validation
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
