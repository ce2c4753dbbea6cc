"""`hpsoft.search`: what is found is what the command line finds, wherever data and studies lie."""

import inspect
import json
import shutil
import threading
from dataclasses import fields
from typing import get_type_hints

import numpy as np
import optuna
import pandas as pd
import polars as pl
import pytest
from small_search import write_data
from typer.testing import CliRunner

import hpsoft
from hpsoft.api.request import SearchOptions, SearchRequest
from hpsoft.cli.app import app
from hpsoft.cli.commands.search import search as command
from hpsoft.engine.points import Progress

TYPED = ["epochs=1,2,4", "batch_size=7,32", "learning_rate=0.05,0.5", "alpha=0,0.01"]


def figures(result):
    """Return all that was measured, bit for bit."""
    return [
        (t.params, t.value, t.accuracy, dict(t.intermediate)) for t in result.finished.leaderboard
    ]


def test_it_finds_what_the_command_line_finds(tmp_path, monkeypatch, options):
    """From the file, and from its arrays: trials, test set and certificate are the same."""
    monkeypatch.chdir(tmp_path)
    path = write_data(tmp_path)
    asked = ["search", "--data", str(path), "--dtype", "float64", "--cv", "none", "--json"]
    typed = CliRunner().invoke(app, asked + [word for one in TYPED for word in ("--set", one)])
    document = json.loads(typed.stdout)
    with np.load(path) as file:
        X, y = file["X"], file["y"]
    here = hpsoft.search(X, y, test_fraction=0.2, **options)
    there = hpsoft.search(path, **options)
    assert figures(here) == figures(there)
    found = [trial["value"] for trial in document["leaderboard"]]
    assert found == [trial.value for trial in here.finished.leaderboard[:10]]
    assert document["certificate"]["fingerprint"] == here.certificate.fingerprint
    assert here.final().test == there.final().test
    with pytest.raises(ValueError, match="which has its own test part"):
        there.final(X, y)
    costs = ([c.costs for c in one.confirm(3, seeds=2).candidates] for one in (here, there))
    assert next(costs) == next(costs)


class Tensor:
    """What speaks DLPack and nothing else."""

    def __init__(self, array):
        self._array = array

    def __dlpack__(self, **how):
        return self._array.__dlpack__(**how)

    def __dlpack_device__(self):
        return self._array.__dlpack_device__()


class Wrapped:
    """What has `__array__` and nothing else."""

    def __init__(self, array):
        self._array = array

    def __array__(self, dtype=None, copy=None):
        return self._array


def test_data_of_every_kind_are_the_same_data(arrays, options):
    X, y = arrays
    expected = figures(hpsoft.search(X, y, **options))
    names = [f"f{i}" for i in range(6)]
    frames = pd.DataFrame(X, columns=names), pl.DataFrame(X, schema=names)
    for frame in frames:
        assert figures(hpsoft.search(frame, y, **options)) == expected
    labelled = frames[0].assign(kind=y)
    assert figures(hpsoft.search(labelled, target="kind", **options)) == expected
    for same in (Tensor(X), Wrapped(X), X.tolist(), np.ma.array(X), np.asfortranarray(X)):
        assert figures(hpsoft.search(same, pd.Series(y), **options)) == expected


def test_arrays_are_used_where_they_lie(arrays, options, tmp_path, monkeypatch):
    """The data set is the caller's memory, and nothing is written anywhere."""
    monkeypatch.chdir(tmp_path)
    X, y = arrays
    X = X.astype(np.float32) / 7
    before = X.copy()
    result = hpsoft.search(X, y, **options)
    assert np.shares_memory(result.dataset.training.samples.X, X)
    assert (before == X).all()
    assert not list(tmp_path.iterdir())


def test_the_study_is_in_memory_or_where_it_is_wanted(arrays, options, tmp_path):
    """Optuna's own object, a path, storages of Optuna's; and it continues."""
    X, y = arrays
    result = hpsoft.search(X, y, **options)
    assert isinstance(result.study, optuna.Study)
    assert len(result.study.trials) == 24
    assert result.study.best_value == result.best.value
    kept = optuna.storages.InMemoryStorage()
    rdb = optuna.storages.RDBStorage(f"sqlite:///{tmp_path / 's.db'}")
    for storage in (kept, rdb, tmp_path / "s.journal"):
        first = hpsoft.search(X, y, storage=storage, study="mine", **options)
        again = hpsoft.search(X, y, storage=storage, study="mine", **options)
        assert (first.finished.n_run, again.finished.n_run) == (24, 0)
        assert figures(again) == figures(result)
    rdb.engine.dispose()
    assert [study.study_name for study in kept.get_all_studies()] == ["mine"]


def test_a_study_of_arrays_says_what_final_needs(arrays, options, tmp_path):
    """The command line cannot read them again; saved, it can, but there is no test part."""
    X, y = arrays
    storage = str(tmp_path / "s.journal")
    hpsoft.search(X, y, storage=storage, study="s", **options)
    run = CliRunner().invoke(app, ["confirm", "--storage", storage, "--study", "s"])
    assert "arrays in memory" in str(run.exception) + run.output
    np.savez(tmp_path / "saved.npz", X=X, y=y)
    again = ["--storage", storage, "--study", "s", "--data", str(tmp_path / "saved.npz")]
    run = CliRunner().invoke(app, ["confirm", *again, "--top", "2", "--seeds", "2"])
    assert run.exit_code == 0, run.output
    run = CliRunner().invoke(app, ["final", *again])
    assert "no test part" in str(run.exception) + run.output


def test_events_come_one_by_one_and_leaving_ends_the_search(arrays, options):
    X, y = arrays
    storage = optuna.storages.InMemoryStorage()
    asked = {name: value for name, value in options.items() if name != "progress"}
    events = hpsoft.search_events(X, y, storage=storage, **asked)
    opened = next(events)
    with pytest.raises(hpsoft.HpsoftError, match="another search of this process"):
        hpsoft.search(X, y, storage=storage, **options)
    for event in events:
        if getattr(event, "n_finished", 0):
            break
    events.close()
    done = event.n_finished
    assert 0 < done < opened.n_target
    *_, result = hpsoft.search_events(X, y, storage=storage, **asked)
    assert result.finished.n_run == 24 - done
    assert result.certificate.complete


def test_it_runs_in_a_thread(arrays, options):
    X, y = arrays
    found = []
    thread = threading.Thread(target=lambda: found.append(hpsoft.search(X, y, **options)))
    thread.start()
    thread.join()
    assert figures(found[0]) == figures(hpsoft.search(X, y, **options))


def test_samplers_extension_and_ranges(arrays, options, tmp_path):
    """Optuna's distributions are ranges; `extend` adds what lies beyond the winner's edges."""
    X, y = arrays
    space = {"alpha": optuna.distributions.FloatDistribution(1e-5, 1, log=True)}
    asked = {**options, "space": {**options["space"], **space}}
    result = hpsoft.search(X, y, sampler="tpe", trials=12, **asked)
    assert result.certificate.n_finished == 12
    assert "inexact" in str(result)
    storage = tmp_path / "s.journal"
    hpsoft.search(X, y, storage=storage, study="s", **options)
    del options["space"]
    shutil.copy(storage, tmp_path / "copy.journal")
    larger = hpsoft.search(X, y, storage=storage, study="s", extend=True, **options)
    assert larger.finished.extension is not None
    assert larger.certificate.n_finished > 24
    del options["progress"]
    same = {"storage": tmp_path / "copy.journal", "study": "s", "extend": True, **options}
    *before, result = hpsoft.search_events(X, y, **same)
    assert isinstance(before[-1], Progress)  # the winners are compared after the search
    assert result.finished.extension.difference == larger.finished.extension.difference


def test_progress_is_told_on_standard_error(arrays, options, capsys):
    X, y = arrays
    hpsoft.search(X, y, **{**options, "progress": True})
    told = capsys.readouterr()
    assert told.out == ""
    assert "24 to run = 8 models in 2 blocks" in told.err


def test_the_options_are_those_of_the_command_line():
    """Names, and defaults but for where studies lie and what is held out of arrays."""
    typed = inspect.signature(command).parameters
    renamed = {"settings": "space"}
    cli = {renamed.get(name, name) for name in typed} - {
        "data",
        "context",
        "dry_run",
        "as_json",
        "quiet",
    }
    assert set(SearchOptions.__annotations__) == cli
    requested = {field.name for field in fields(SearchRequest)}
    assert requested == {
        *SearchOptions.__annotations__,
        "data",
        "y",
        "space_file",
        "classes",
        "single",
        "given",
    }
    shown = inspect.signature(hpsoft.search).parameters
    assert set(shown) == {"X", "y", "progress", *SearchOptions.__annotations__}
    assert shown["sampler"].default == "grid"
    of_request = get_type_hints(SearchRequest)
    assert {n: of_request[n] for n in SearchOptions.__annotations__} == get_type_hints(
        SearchOptions
    )
    assert inspect.signature(hpsoft.search_events).parameters["cv"].default == "auto"
