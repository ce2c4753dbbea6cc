"""Looking around: studies, trials, exports, uses of the test set."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import optuna
import pyarrow.parquet
import pytest

from hpsoft.errors import HpsoftError, StorageError, StudyError
from hpsoft.study.export import export
from hpsoft.study.find import studies
from hpsoft.study.storage.connect import connect
from hpsoft.study.storage.location import locate
from hpsoft.study.study import find_study, trials


@pytest.fixture
def foreign(storage):
    """Make a study of another tool in the storage."""

    def foreign(name="theirs", **options):
        connection = connect(locate(storage), write=True)
        return optuna.create_study(study_name=name, storage=connection.storage, **options)

    return foreign


@pytest.fixture
def filled(storage, open_store, records, diverged):
    """A finished study: the last grid id diverged."""
    open_store().append([*records[:-1], diverged(len(records) - 1)])
    return storage


def test_a_study_at_a_glance(filled, records):
    """Data, progress, the best trial, and when."""
    (summary,) = studies(filled)
    best = min(records[:-1], key=lambda r: r.value)
    assert (summary.name, summary.foreign, summary.data) == ("s", False, "digits")
    assert (summary.n_finished, summary.n_grid) == (len(records), len(records))
    assert (summary.best_value, summary.best_trial) == (best.value, best.grid_id)
    assert (summary.optimizer, summary.sampler, summary.test_uses) == ("sgd", "grid", 0)
    assert summary.started <= summary.changed


def test_studies_of_other_tools_are_listed_as_such(filled, foreign):
    """With what there is to say of them, also where best means another thing."""
    one = foreign()
    one.add_trial(optuna.trial.create_trial(value=-5.0))
    foreign("up", direction="maximize")
    two = foreign("two", directions=["minimize", "minimize"])
    two.add_trial(optuna.trial.create_trial(values=[1.0, 2.0]))
    found = {s.name: s for s in studies(filled)}
    assert [found[name].foreign for name in ("s", "theirs", "two", "up")] == [False] + [True] * 3
    assert (found["theirs"].best_value, found["theirs"].n_grid) == (-5.0, None)
    assert (found["two"].best_value, found["two"].n_finished) == (None, 1)
    assert (found["up"].best_value, found["up"].changed) == (None, None)
    with pytest.raises(StudyError, match="2 objectives"):
        trials(filled, "two")
    assert trials(filled, "theirs")[0].grid_id == -1


def test_a_study_describes_itself(filled, foreign):
    """Its data, split and space; another tool's study cannot."""
    about = find_study(filled, "s").description.identity
    assert (about.data, about.seed, about.space["batch_size"]) == ("digits", 0, (8, 16))
    foreign()
    with pytest.raises(StudyError, match="another tool"):
        find_study(filled, "theirs").description  # noqa: B018


def test_best_latest_and_names(filled, open_store, foreign, records):
    """Other tools' studies are only taken by their name."""
    foreign().add_trial(optuna.trial.create_trial(value=-5.0))
    open_store("worse").append([replace(records[0], value=9.0)])
    open_store("empty")
    assert find_study(filled, "best").summary.name == "s"
    assert find_study(filled, "best").note is None
    assert find_study(filled, "latest").summary.name == "worse"
    assert find_study(filled, "theirs").summary.best_value == -5.0


def test_best_is_of_the_data_of_the_latest_study(filled, open_store, identity, records):
    """Costs on different data do not compare: the choice is explained, and can be another."""
    other = replace(identity, data="iris", fingerprint="1r1s")
    open_store("iris", identity=other).append(records[:1])
    open_store("iris again", identity=other).append([replace(records[1], value=9.0)])
    found = find_study(filled, "best")
    assert (found.summary.name, found.summary.data) == ("iris", "iris")
    assert f"Took study 'iris' on iris: its validation cost {records[0].value:.6g}" in found.note
    assert "the lowest on the data of the latest study" in found.note
    assert "(digits)" in found.note
    open_store("late").append([replace(records[0], value=9.0)])
    found = find_study(filled, "best")
    assert found.summary.name == "s"
    assert "(iris)" in found.note


def test_best_does_not_leave_the_data_of_the_latest_study(filled, open_store, identity, diverged):
    """Where all its trials diverged, there is none."""
    other = replace(identity, data="iris", fingerprint="1r1s")
    open_store("iris", identity=other).append([diverged(0)])
    with pytest.raises(StudyError, match="on iris, the data of the latest study"):
        find_study(filled, "best")


@pytest.mark.parametrize("names", [("z", "a"), ("a", "z")])
def test_of_equal_costs_the_earlier_study_is_best(storage, open_store, records, names):
    """Whatever their names; a difference by rounding does not count."""
    earlier, later = names
    open_store(earlier).append(records)
    lower = [replace(record, value=record.value * (1 - 1e-8)) for record in records]
    open_store(later).append(lower)
    assert find_study(storage, "best").summary.name == earlier


def test_of_equal_costs_the_exhaustive_study_is_best(filled, open_store, identity, records):
    """Equal to rounding: that of the sampler is lower, and first by its name."""
    lowest = min(records[:-1], key=lambda r: r.value)
    near = replace(lowest, value=lowest.value * (1 - 1e-8))
    open_store("a tpe", identity=replace(identity, sampler="tpe")).append([near])
    assert find_study(filled, "best").summary.name == "s"
    clear = replace(lowest, value=lowest.value * (1 - 1e-4))
    open_store("better", identity=replace(identity, sampler="tpe")).append([clear])
    assert find_study(filled, "best").summary.name == "better"


def test_uses_of_the_test_set_count_over_all_studies_of_the_data(filled, open_store, identity):
    """It is the same test set, whichever study's trial it measures."""
    open_store("again")
    open_store("iris", identity=replace(identity, data="iris", fingerprint="1r1s"))
    for study in ("s", "s", "iris"):
        find_study(filled, study).record_test_use(0, {})
    assert [find_study(filled, name).test_uses for name in ("s", "again", "iris")] == [2, 2, 1]


def test_a_mistyped_study_is_guessed(filled, open_store):
    """By every way in."""
    open_store("fashion-mnist")
    for call in (
        lambda: find_study(filled, "fashion-mnits"),
        lambda: trials(filled, "fashion-mnits"),
        lambda: export(find_study(filled, "fashion-mnits"), "csv"),
        lambda: find_study(filled, "fashion-mnits").record_test_use(0, {}),
    ):
        with pytest.raises(StudyError, match="Did you mean 'fashion-mnist'"):
            call()


def test_nothing_to_choose_from_is_said(storage, foreign):
    """A storage with other tools' studies only has no best of ours."""
    foreign().add_trial(optuna.trial.create_trial(value=0.0))
    for which in ("best", "latest"):
        with pytest.raises(StudyError, match="hpsoft search"):
            find_study(storage, which)


def test_trials_are_sorted_by_cost_as_the_tables_call_it(filled):
    assert trials(filled, "s", sort="cost") == trials(filled, "s", sort="value")


def test_trials_of_another_tool_count_and_win_nothing(filled, records):
    """Nor do repetitions of a grid point."""
    study = optuna.load_study(study_name="s", storage=connect(locate(filled), write=True).storage)
    before = studies(filled)[0]
    study.add_trial(optuna.trial.create_trial(value=-5.0))
    twin = study.get_trials()[0]
    twin.value = -4.0
    study.add_trial(twin)
    after = studies(filled)[0]
    assert (after.n_finished, after.n_grid) == (len(records), len(records))
    assert (after.best_trial, after.best_value) == (before.best_trial, before.best_value)


@pytest.mark.parametrize("sort", ["value", "alpha", "epochs", "number", "seconds"])
def test_trials_are_sorted_upwards(filled, sort):
    """Whatever has no value stands last."""
    found = trials(filled, "s", sort=sort)
    keys = [getattr(r, sort, None) if sort not in r.params else r.params[sort] for r in found]
    present = [key for key in keys if key is not None]
    assert present == sorted(present)
    assert keys[: len(present)] == present
    assert len(set(map(str, present))) > 1 or sort == "seconds"
    assert trials(filled, "s", top=3, sort=sort) == found[:3]


def test_the_highest_accuracy_stands_first(open_store, storage, records, diverged):
    """And a diverged trial, which has none, last."""
    given = [replace(records[i], accuracy=a) for i, a in enumerate([0.5, 0.9, 0.7])]
    open_store().append([*given, diverged(3)])
    found = [record.accuracy for record in trials(storage, "s", sort="accuracy")]
    assert found == [0.9, 0.7, 0.5, None]


def test_a_mistyped_column_is_guessed(filled):
    """The columns there are, are listed."""
    with pytest.raises(StudyError, match="Did you mean 'accuracy'"):
        trials(filled, "s", sort="acuracy")


def test_csv_has_a_line_a_trial(filled, tmp_path, records):
    """Empty cells where a trial has no value."""
    path = tmp_path / "out.csv"
    content = export(find_study(filled, "s"), "csv", path)
    assert path.read_bytes() == content
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert list(rows[0]) == [
        "trial", "grid_id", "alpha", "batch_size", "epochs",
        "value", "accuracy", "seconds", "diverged", "value_at_1", "value_at_2",
    ]  # fmt: skip
    assert [float(row["value"]) for row in rows[:-1]] == [r.value for r in records[:-1]]
    assert (rows[-1]["value"], rows[-1]["diverged"]) == ("", "True")


def test_json_is_strict(filled, foreign, records):
    """No NaN, no Infinity; another tool's study has no search to describe."""

    def refuse(constant):
        raise AssertionError(constant)

    document = json.loads(export(find_study(filled, "s"), "json"), parse_constant=refuse)
    assert (document["study"], document["search"]["n_grid"]) == ("s", len(records))
    assert [trial["grid_id"] for trial in document["trials"]] == list(range(len(records)))
    assert document["trials"][0]["params"] == records[0].params
    assert document["trials"][-1]["value"] is None
    foreign().add_trial(optuna.trial.create_trial(value=1.0))
    document = json.loads(export(find_study(filled, "theirs"), "json"), parse_constant=refuse)
    assert (document["search"], document["trials"][0]["grid_id"]) == (None, None)


def test_parquet_keeps_types_and_gaps(filled, tmp_path, records):
    """Numbers are numbers, and what is missing is null."""
    path = tmp_path / "out.parquet"
    export(find_study(filled, "s"), "parquet", path)
    table = pyarrow.parquet.read_table(path).to_pydict()
    assert table["alpha"] == [r.params["alpha"] for r in records]
    assert table["value"] == [*(r.value for r in records[:-1]), None]
    assert table["value_at_2"] == [r.intermediate.get(2) for r in records]


def test_an_unknown_format_is_guessed(filled):
    """Before the storage is even opened."""
    with pytest.raises(StudyError, match="Did you mean 'json'"):
        export(find_study(filled, "s"), "jsn")


def test_an_export_that_cannot_be_written_leaves_nothing(filled, tmp_path):
    """Neither half a file nor a draft of it."""
    target = tmp_path / "out"
    target.mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(HpsoftError, match="Cannot write"):
        export(find_study(filled, "s"), "csv", target)
    assert sorted(tmp_path.iterdir()) == before


def test_an_empty_study_exports_a_header(storage, open_store):
    """No trial, no line."""
    open_store()
    assert export(find_study(storage, "s"), "csv").decode().splitlines() == [
        "trial,grid_id,value,accuracy,seconds,diverged"
    ]


def test_uses_of_the_test_set_are_remembered(filled, open_store):
    """In order, with when and by which trial; also while a search writes the study."""
    when = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    find_study(filled, "s").record_test_use(3, {"accuracy": 0.5}, when)
    find_study(filled, "s").record_test_use(4, {"accuracy": 0.6})
    assert studies(filled)[0].test_uses == 2
    first, second = json.loads(export(find_study(filled, "s"), "json"))["test_uses"]
    assert first == {
        "trial": 3, "when": "2030-01-02T03:04:05+00:00", "result": {"accuracy": 0.5},
    }  # fmt: skip
    assert second["trial"] == 4


def test_a_test_use_needs_its_storage(tmp_path):
    """A file that is not there is no storage."""
    with pytest.raises(StorageError, match="There are no studies in"):
        find_study(tmp_path / "absent" / "a.journal", "s").record_test_use(0, {})
