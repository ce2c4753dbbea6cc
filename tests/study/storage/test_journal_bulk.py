"""Records of finished trials, against Optuna's own way: the same lines but for who wrote them."""

import json

import optuna
from bulk_trials import all_kinds

from hpsoft.study.resume import open_study
from hpsoft.study.storage.journal import JournalFile
from hpsoft.study.storage.journal_bulk import trial_records


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_records_are_those_that_optuna_writes(tmp_path):
    """Of trials that ended in every way, with every kind of value; -inf and NaN are compared as
    text.
    """
    theirs, mine = tmp_path / "theirs.journal", tmp_path / "mine.journal"
    backend = optuna.storages.journal.JournalFileBackend(str(theirs))
    study = optuna.create_study(storage=optuna.storages.JournalStorage(backend))
    for trial in all_kinds():
        study.add_trial(trial)
    worker = lines(theirs)[-1]["worker_id"]
    JournalFile(mine).append_logs(trial_records(all_kinds(), 0, worker))
    assert len(lines(mine)) == len(all_kinds())
    assert [repr(line) for line in lines(mine)] == [repr(line) for line in lines(theirs)[-7:]]


def test_what_others_append_in_between_is_noticed(tmp_path, identity, records):
    """Another writer of the file, here of the same points: none of them is stored twice."""
    path = tmp_path / "studies.journal"
    backend = optuna.storages.journal.JournalFileBackend(str(path))
    with open_study(path, "s", identity, versions={}) as store:
        assert store.append(records[:2]) == 2
        theirs = optuna.load_study(study_name="s", storage=optuna.storages.JournalStorage(backend))
        assert len(theirs.trials) == 2
        theirs.add_trial(store._converter.to_optuna(records[2]))
        assert store.append(records[1:4]) == 1
        assert store.append(records[:5]) == 1
        assert len(store.finished()) == 5
    assert [trial.number for trial in theirs.trials] == [0, 1, 2, 3, 4]


def test_own_records_are_not_read_back_before_they_are_asked_for(
    tmp_path, identity, records, monkeypatch
):
    """Reading them cost a search of the digits half a second."""
    with open_study(tmp_path / "studies.journal", "s", identity, versions={}) as store:
        store.append(records[:2])
        with monkeypatch.context() as patch:
            patch.setattr(JournalFile, "_records", None)
            assert store.append(records[1:4]) == 2
        assert len(store.finished()) == 4
