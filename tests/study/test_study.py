"""The handle of a study that is open for reading: what is read through it, and how often."""

from collections import Counter

import optuna
import pytest
from small_search import SmallSearch, write_data

from hpsoft.assess.final import FinalConfig, retrain_winner
from hpsoft.assess.optimum import OptimumConfig, find_optima
from hpsoft.study.export import export
from hpsoft.study.find import studies
from hpsoft.study.study import find_study
from hpsoft.system.steps import to_the_end

SETTINGS = ("epochs=1,2", "batch_size=32", "learning_rate=0.05,0.5", "alpha=0.01")


@pytest.fixture(scope="module", params=["journal", "db"])
def searched(request, tmp_path_factory):
    """The storage of a finished search."""
    folder = tmp_path_factory.mktemp("study")
    path = str(folder / f"s.{request.param}")
    SmallSearch(folder, write_data(folder)).run(settings=SETTINGS, storage=path)
    return path


@pytest.fixture
def reads(monkeypatch):
    """Count how often a study is opened, and how often its trials are read."""
    counted = Counter()

    def count(owner, name):
        real = getattr(owner, name)

        def counting(*args, **options):
            counted[name] += 1
            return real(*args, **options)

        monkeypatch.setattr(owner, name, counting)

    count(optuna, "load_study")
    count(optuna.Study, "get_trials")
    return counted


def test_final_by_name_reads_once(searched, reads):
    """And the use of the test set is written through the same handle."""
    before = find_study(searched, "s").test_uses
    reads.clear()
    result = to_the_end(retrain_winner(FinalConfig("s", searched)))
    assert reads == {"load_study": 1, "get_trials": 1}
    assert result.previous_test_uses == before
    assert find_study(searched, "s").test_uses == before + 1


def test_optimum_by_name_reads_once(searched, reads):
    to_the_end(find_optima(OptimumConfig("s", searched, jobs=1)))
    assert reads == {"load_study": 1, "get_trials": 1}


def test_an_export_by_name_reads_once(searched, reads):
    export(find_study(searched, "s"), "json")
    assert reads == {"load_study": 1, "get_trials": 1}


def test_the_summary_by_which_a_study_was_chosen_is_not_read_again(searched, reads):
    """It is that of the list of studies."""
    found = find_study(searched, "best")
    reads.clear()
    summary = found.summary
    assert not reads
    assert [summary] == studies(searched)
    assert summary == find_study(searched, "s").summary


def test_what_another_process_adds_is_seen_through_an_open_handle(searched):
    """Uses of the test set are counted when they are asked for: none is lost."""
    study = find_study(searched, "s")
    before = len(study.own_test_uses)
    find_study(searched, "s").record_test_use(1, {})
    study.record_test_use(2, {})
    assert [use["trial"] for use in study.own_test_uses[before:]] == [1, 2]
    assert study.test_uses == before + 2
