"""Storages that something else has changed: every command says where, and what to do."""

import fcntl
import json
import signal
import subprocess
import time

import pytest
import warm

STUDY = ("--study", "digits-sgd-grid")
SMALL = ("--set", "epochs=1,2", "--set", "batch_size=256", "--set", "learning_rate=0.1,0.2",
         "--set", "alpha=0.001,0.01")  # fmt: skip
SEARCH = ("search", "--data", "digits", "--cv", "none", *SMALL)
LARGER = tuple(option.replace("0.001,0.01", "0.001,0.01,0.1") for option in SEARCH)
COMMANDS = {
    "search": SEARCH,
    "extend": LARGER,
    "dry run": (*SEARCH, "--dry-run"),
    "final": ("final", *STUDY),
    "studies": ("studies",),
    "trials": ("trials", *STUDY),
    "latest": ("trials",),
    "export": ("export", *STUDY),
    "confirm": ("confirm", *STUDY),
    "optimum": ("optimum", *STUDY),
    "regret": ("regret", *STUDY, "--seeds", "1"),
}


def changed(**fields):
    return lambda record: {**record, **fields}


def without(name):
    return lambda record: {key: value for key, value in record.items() if key != name}


def deep(name, value):
    """Change one value of an object in the record."""
    return lambda record: {**record, name: dict.fromkeys(record[name], value)}


KINDS = {
    "no object": lambda record: [record],
    "op_code missing": without("op_code"),
    "op_code text": changed(op_code="4"),
    "op_code unknown": changed(op_code=77),
    "worker_id missing": without("worker_id"),
    "study_id missing": without("study_id"),
    "study_id text": changed(study_id="0"),
    "study_id unknown": changed(study_id=9),
    "trial_id text": lambda r: {**trial_level(r), "trial_id": "0"},
    "trial_id unknown": lambda r: {**trial_level(r), "trial_id": 999},
    "state wrong": changed(state=9),
    "state text": changed(state="COMPLETE"),
    "value text": changed(value="low"),
    "values text": changed(values="low"),
    "distribution no JSON": deep("distributions", "alpha in 0..1"),
    "distribution unknown": deep("distributions", '{"name": "Other", "attributes": {}}'),
    "param text": deep("params", "x"),
    "param no choice": deep("params", 99),
    "user_attrs no object": changed(user_attrs=5),
    "intermediate text": deep("intermediate_values", "x"),
    "date broken": changed(datetime_complete="yesterday"),
    "date impossible": changed(datetime_start="2026-13-77T99:00:00.000000+00:00"),
}


def trial_level(record):
    return {"op_code": 8, "worker_id": record["worker_id"], "user_attr": {"a": 1}}


def damage(journal, number, change):
    """Change a line, counted from 1; return its place for a message."""
    lines = journal.read_text().splitlines()
    lines[number - 1] = json.dumps(change(json.loads(lines[number - 1])), separators=(",", ":"))
    journal.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_that_is_no_record_is_named_by_every_command(study, folder, run, kind):
    """Exit 2, the file, the line and the way out; the file is left as it is."""
    journal = folder / "hpsoft.journal"
    damage(journal, 5, KINDS[kind])
    before = journal.read_bytes()
    for name, command in COMMANDS.items():
        if name == "studies" and kind in {"param no choice", "date impossible"}:
            continue  # a glance reads no choices; see the test below
        said = " ".join(run(*command, code=2).stderr.split())
        assert f"Line 5 of the journal {journal} is damaged" in said, name
        assert f"sed -i.bak 5d {journal}" in said
    assert journal.read_bytes() == before


FIRST_LINES = {
    "name": (1, changed(study_name=7)),
    "directions": (1, changed(directions=["up"])),
    "created by nobody": (1, without("worker_id")),
    "first of no kind": (1, changed(op_code=None)),
    "attribute": (2, changed(user_attr=[])),
    "second of no kind": (2, changed(op_code=None)),
}


@pytest.mark.parametrize("kind", FIRST_LINES)
def test_a_line_of_a_study_that_is_no_record_is_named(study, folder, run, kind):
    """Its first lines create it and describe it."""
    number, change = FIRST_LINES[kind]
    damage(folder / "hpsoft.journal", number, change)
    for command in COMMANDS.values():
        said = run(*command, code=2).stderr
        assert f"Line {number} of the journal" in " ".join(said.split())


@pytest.mark.parametrize("about", [5, {}, {"format": 1}], ids=str)
def test_a_study_that_describes_itself_wrongly_is_said(study, folder, run, about):
    """Another program has changed its attribute."""
    journal = folder / "hpsoft.journal"
    damage(journal, 2, changed(user_attr={"hpsoft": about}))
    for name in ("search", "final", "export"):
        said = " ".join(run(*COMMANDS[name], code=2).stderr.split())
        assert "not what hpsoft writes" in said, name


@pytest.fixture
def database(folder, run, monkeypatch):
    """The finished small search in SQLite, where every command looks."""
    path = folder / "s.db"
    run(*SEARCH, "--storage", path, "--quiet")
    monkeypatch.setenv("OPTUNA_STORAGE", str(path))
    return path


def test_a_database_that_was_cut_is_said_by_every_command(database, run):
    content = database.read_bytes()
    database.write_bytes(content[:-10])
    for name, command in COMMANDS.items():
        said = " ".join(run(*command, code=2).stderr.split())
        assert f"SQLite file {database} is damaged: 10 bytes are missing" in said, name
    assert database.read_bytes() == content[:-10]


def test_a_database_with_zeros_in_its_middle_ends_every_command(database, run):
    content = bytearray(database.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = bytes(third)
    database.write_bytes(content)
    for name, command in COMMANDS.items():
        said = " ".join(run(*command, code=2).stderr.split())
        assert "damaged" in said, name


LONG = ("search", "--data", "digits", "--jobs", "1", "--set", "epochs=1,2,3,4,5,2000")


def started(*args, grown):
    """Start a long search; return it once its storage has grown."""
    process = warm.start(*LONG, *args, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not grown():
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.01)
    return process


def test_zeros_that_come_into_a_database_during_a_search_end_it(folder):
    """Optuna would try again and again."""
    path = folder / "s.db"
    process = started(
        "--storage", path, grown=lambda: path.exists() and path.stat().st_size > 150_000
    )
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 4)
        file.write(bytes(size // 2))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "is damaged" in said
    assert "Traceback" not in said


def test_ctrl_c_ends_the_wait_for_a_lock_that_a_frozen_process_holds(folder):
    """At once, and nothing is written any more."""
    journal = folder / "hpsoft.journal"
    process = started(grown=lambda: journal.exists() and journal.stat().st_size > 5_000)
    with journal.open("ab") as held:
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.0005)
        time.sleep(2)  # it ends a few passes, and wants to store them
        began, size = time.monotonic(), journal.stat().st_size
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert time.monotonic() - began < 5
        assert journal.stat().st_size == size
    assert process.returncode == 130, said
    assert "Traceback" not in said
