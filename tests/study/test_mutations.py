"""Well-formed lines with a value of another type: every field of a journal, by every type.

Another program may write anything into a field. Whatever it is, reading ends with an error that
hpsoft raises on purpose, or with an answer; never with a traceback.
"""

import json
import shutil
from collections.abc import Iterator
from functools import cache

import pytest
import warm

from hpsoft.data.spec import DataSpec
from hpsoft.errors import HpsoftError, StudyError
from hpsoft.space.ranges import from_plain
from hpsoft.study.find import studies
from hpsoft.study.reader import load, open_storage
from hpsoft.study.records import NOT_IN_GRID
from hpsoft.study.resume import open_study
from hpsoft.study.study import find_study, trials

VERSIONS = {"hpsoft": "0"}
VALUES = (None, True, 7, "x", [], {}, float("nan"))


def mutations(value) -> Iterator[object]:
    """Yield a JSON value with each field in it, at any depth, replaced by each of VALUES."""
    fields = value.items() if isinstance(value, dict) else enumerate(value)
    for key, old in list(fields):
        inner = mutations(old) if isinstance(old, dict | list) else ()
        for new in (*VALUES, *inner):
            copy = value.copy()
            copy[key] = new
            yield copy


def readings(where):
    """Return what a command asks of a study before it works with it."""
    study = cache(lambda: find_study(where, "s"))
    return {
        "studies": lambda: studies(where),
        "trials": lambda: trials(where, "s"),
        "description": lambda: study().description.identity.validation,
        "uses": lambda: study().test_uses,
        "confirmed": lambda: study().confirmed("confirmed"),
    }


@pytest.fixture
def journal(tmp_path, identity, records):
    """A journal of eight lines: a study, its description, four trials, a use, a confirmation."""
    path = tmp_path / "small.journal"
    fill(path, identity, records)
    assert len(path.read_text().splitlines()) == 8
    return path


@pytest.fixture
def database(tmp_path, empty_database, identity, records):
    """The same in SQLite."""
    path = tmp_path / "small.db"
    shutil.copy(empty_database, path)
    fill(path, identity, records)
    return path


def fill(path, identity, records):
    with open_study(path, "s", identity, versions=VERSIONS) as store:
        store.append(records[:4])
    study = find_study(path, "s")
    study.record_test_use(0, {"accuracy": 0.5})
    study.record_confirmation({"confirmed": 1, "one-se": None})


def outcomes(path) -> dict[str, HpsoftError | None]:
    """Return the error on purpose of each reading, None where it gave an answer."""
    found: dict[str, HpsoftError | None] = {}
    for name, reading in readings(path).items():
        try:
            reading()
            found[name] = None
        except HpsoftError as error:
            found[name] = error
    return found


# Lines of four trials have one form: the first and the last of them stand for the others.
@pytest.mark.parametrize(
    "number", [0, 1, 2, *(pytest.param(n, marks=pytest.mark.slow) for n in (3, 4)), 5, 6, 7]
)
def test_each_field_of_a_journal_may_be_of_another_type(journal, number):
    """Of a line each field in turn; the whole journal is read as commands do."""
    lines = journal.read_text().splitlines()
    refused = answered = 0
    for mutated in mutations(json.loads(lines[number])):
        changed = json.dumps(mutated, separators=(",", ":"))
        journal.write_text("\n".join([*lines[:number], changed, *lines[number + 1 :]]) + "\n")
        try:
            found = outcomes(journal)
        except Exception as error:
            raise AssertionError(changed) from error
        refused += any(found.values())
        answered += not all(found.values())
    assert refused >= 5
    assert answered >= 2


@pytest.mark.parametrize("key", ["hpsoft", "hpsoft_test_uses", "hpsoft_confirmation"])
def test_each_attribute_of_a_database_may_be_of_another_type(database, key):
    """Itself, and its fields; an error names the study."""
    connection = open_storage(database)  # opened once: it takes most of the time
    study = load(connection, "s")
    whole = study.user_attrs[key]
    for value in (*VALUES, *top(whole)):
        study.set_user_attr(key, value)
        for error in filter(None, outcomes(connection).values()):
            assert isinstance(error, StudyError), value
            assert "'s'" in str(error), value
    study.set_user_attr(key, whole)
    assert not any(outcomes(connection).values())


def top(value):
    """Yield an attribute with each field of its own replaced, by fewer values: it takes longer."""
    if isinstance(value, dict):
        yield from ({**value, name: new} for name in value for new in (7, VALUES[-1]))


WRONG = {
    "val_fraction": "absent", "n_grid": "12", "source": None, "later_versions": [7],
    "grown_from": [{"space": {"alpha": 1}}], "dtype": "float16", "seed": 1.5, "versions": {"a": 1},
    "space": {"alpha": {"low": 1, "high": 2, "width": 3}}, "repeats": float("nan"), "folds": True,
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_description_is_said_with_its_field(journal, name):
    """By every way in, and so by every command."""
    study = load(open_storage(journal), "s")
    about = {**study.user_attrs["hpsoft"], name: WRONG[name]}
    if WRONG[name] == "absent":
        del about[name]
    study.set_user_attr("hpsoft", about)
    found = outcomes(journal)
    for reading in ("studies", "trials", "description"):
        assert isinstance(found[reading], StudyError), reading
        assert "What study 's' says about itself" in str(found[reading])
        assert "is not what hpsoft writes: " in str(found[reading])


def test_what_a_later_release_adds_is_no_fault(journal):
    """To the description, and to what says where the data is."""
    study = load(open_storage(journal), "s")
    about = study.user_attrs["hpsoft"]
    source = {**about["source"], "mirror": "elsewhere"}
    study.set_user_attr("hpsoft", {**about, "later": 1, "source": source})
    assert not any(outcomes(journal).values())
    assert find_study(journal, "s").description.identity.source == DataSpec()


@pytest.mark.parametrize(
    "kept",
    [None, True, [], {"spec": 7}, {"keep": "a"}, {"drop": [1]}, {"feature_sets": {"a": 1}}],
    ids=str,
)
def test_a_source_that_was_not_kept_is_refused(kept):
    with pytest.raises(TypeError, match="source"):
        DataSpec.from_attribute(kept)


@pytest.mark.parametrize(
    "plain", [None, 7, "12", [], [True], ["x", 1], [["x"]], {}, {"low": "1", "high": 2}], ids=str
)
def test_candidates_that_were_not_kept_are_refused(plain):
    with pytest.raises(TypeError):
        from_plain(plain)


@pytest.mark.parametrize("kind", ["journal", "database"])
def test_a_trial_whose_grid_id_is_not_its_own_is_foreign(request, identity, kind):
    """It counts for no point, which is run again; 5 is that of another point."""
    wrong = ("x", None, 3.5, True, [], float("nan"), float("inf"), -1, 12, 5)
    path = request.getfixturevalue(kind)
    study = load(open_storage(path), "s")
    trial = study.get_trials()[3]
    best = studies(path)[0].best_trial
    for grid_id in wrong:
        trial.system_attrs["grid_id"] = grid_id
        study.add_trial(trial)
    found = [t.grid_id for t in trials(path, "s", sort="number")]
    assert found == [0, 1, 2, 3, *[NOT_IN_GRID] * len(wrong)]
    assert (studies(path)[0].n_finished, studies(path)[0].best_trial) == (4, best)
    with open_study(path, "s", identity, versions=VERSIONS) as store:
        assert sorted(store.finished()) == [0, 1, 2, 3]


def test_a_wrong_line_ends_a_command_with_exit_2(journal):
    """As a process of its own: a sentence, and no traceback."""
    study = load(open_storage(journal), "s")
    study.set_user_attr("hpsoft_test_uses", 7)
    process = warm.run("studies", "--storage", journal)
    assert process.returncode == 2
    said = " ".join(process.stderr.split())
    assert "The user attribute 'hpsoft_test_uses' of study 's' is not what hpsoft writes" in said
    assert "Traceback" not in said
