"""Names and texts of others that would drive a terminal: they reach none, and JSON stays JSON."""

import json
import os
import pty
import re
import warnings

import optuna
import pytest
import warm
from fake_plugins import SOUND, environment_of, having, install

EVIL = "\x1b]0;title\x07\x1b[2J\x9b31m\x08\x7f"
SHOWN = r"\x1b]0;title\x07\x1b[2J\x9b31m\x08\x7f"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
PLUGINS = {
    f"name{EVIL}": "import no_such_library",
    "error": f"raise ValueError({EVIL!r})",
    "base": f"raise BaseException({EVIL!r})",
    "doc": SOUND.replace("Momentum by another name.", repr(EVIL)[1:-1]),
    "summary": (
        "from hpsoft.optimizers import Hyperparameter, Role\nfrom step_optimizers import Momentum\n"
        "class Sound(Momentum):\n    hyperparameters = (*Momentum.hyperparameters,"
        f" Hyperparameter('x', Role.COLUMNAR, float, 0, summary={EVIL!r}))"
    ),
    "late": having(f"def step(self, *given): raise ValueError({EVIL!r})"),
    "warns": f"import warnings; warnings.warn({EVIL!r})\n" + SOUND,
}
SMALL = ("--set", "epochs=1", "--set", "batch_size=8", "--set", "alpha=0,1", "--jobs", "1")


@pytest.fixture
def evil(folder):
    """A folder where nothing has a harmless name."""
    for i, (name, source) in enumerate(PLUGINS.items()):
        install(folder, f"x-{i}", name, source)
    rows = [f"{i % 7},{i % 5},{'ab'[i % 2]}{EVIL}" for i in range(60)]
    header = f"a{EVIL},b,y{EVIL}"
    (folder / f"d{EVIL}.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    (folder / "bad.csv").write_text(f"a{EVIL},y\n1,x\nfoo{EVIL},z\n3,x\n", encoding="utf-8")
    return folder


def _environment(folder, **extra):
    return environment_of(folder, PYTHONIOENCODING="utf-8", **extra)


def _run(folder, *args, code=0, **extra):
    done = warm.run(*args, text=False, cwd=folder, env=_environment(folder, **extra))
    out, err = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == code, err
    assert not CONTROL.search(out)
    assert not CONTROL.search(err)
    return out, err


def _strings(document):
    if isinstance(document, str):
        return {document}
    items = document.values() if isinstance(document, dict) else document
    return (
        set().union(*(_strings(i) for i in items)) if isinstance(document, dict | list) else set()
    )


def _foreign_study(storage):
    """Make a study with a parameter as no study of hpsoft has it."""
    study = optuna.create_study(study_name=f"s{EVIL}", storage=storage)
    study.add_trial(
        optuna.trial.create_trial(
            value=1.0,
            params={f"p{EVIL}": 0.5},
            distributions={f"p{EVIL}": optuna.distributions.FloatDistribution(0, 1)},
        )
    )


def test_plugins_are_listed(evil):
    out, _ = _run(evil, "optimizers")
    assert out.count(SHOWN) == 6  # a name and its error, two more errors, a docstring, a summary
    out, _ = _run(evil, "optimizers", "--json")
    listed = {o["name"]: o for o in json.loads(out)["optimizers"]}
    assert listed[f"name{EVIL}"]["error"]
    assert EVIL in listed["error"]["error"]
    assert listed["doc"]["summary"] == EVIL


@pytest.mark.parametrize("name", ["error", "base", "late"])
@pytest.mark.parametrize("debug", ["0", "1"])
def test_what_a_plugin_raises(evil, name, debug):
    """Its traceback too."""
    _, err = _run(
        evil, "search", "--data", "digits", *SMALL, "--optimizer", name, code=2, HPSOFT_DEBUG=debug
    )
    assert SHOWN in err
    assert ("Traceback" in err) == (debug == "1")


def test_what_a_plugin_warns_of(evil):
    _, err = _run(evil, "optimizers", "show", "warns")
    assert SHOWN in err


def test_classes_columns_and_files(evil):
    data = ("--data", f"d{EVIL}.csv", "--target", f"y{EVIL}")
    assert SHOWN in _run(evil, "data", "info", *data[1:])[0]
    assert "grid points" in _run(evil, "search", *data, *SMALL, "--study", "s")[0]
    out, _ = _run(evil, "final", "--study", "s")
    assert SHOWN in out
    out, _ = _run(evil, "final", "--study", "s", "--json")
    assert f"a{EVIL}" in _strings(json.loads(out))
    for args in (("--data", "bad.csv"), ("--data", f"no{EVIL}.csv"), ("--data", f"d{EVIL}")):
        assert SHOWN in _run(evil, "search", *args, code=2)[1]
    assert SHOWN in _run(evil, "search", *data[:2], "--target", f"z{EVIL}", code=2)[1]


@pytest.mark.parametrize("storage", [f"t{EVIL}.journal", f"t{EVIL}.db"], ids=["journal", "db"])
def test_studies_of_another_tool(evil, storage):
    made = (
        optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(storage))
        if storage.endswith(".journal")
        else f"sqlite:///{storage}"
    )
    _foreign_study(made)
    where = ("--storage", storage)
    assert SHOWN in _run(evil, "studies", *where)[0]
    found = json.loads(_run(evil, "studies", *where, "--json")[0])
    assert found["studies"][0]["name"] == f"s{EVIL}"
    assert SHOWN in _run(evil, "trials", *where, "--study", f"s{EVIL}")[0]
    assert SHOWN in _run(evil, "trials", *where, "--study", f"t{EVIL}", code=2)[1]
    out, _ = _run(evil, "export", *where, "--format", "json", "--study", f"s{EVIL}")
    assert f"p{EVIL}" in json.loads(out)["trials"][0]["params"]


@pytest.mark.parametrize(
    "args",
    [
        (f"serch{EVIL}",),
        (f"--opt{EVIL}",),
        ("search", f"--opt{EVIL}"),
        ("search", EVIL),
        ("search", "--data", "digits", "--set", f"alpha={EVIL}"),
        ("search", "--data", "digits", "--optimizer", EVIL),
        ("data", EVIL),
    ],
    ids=str,  # pytest escapes it
)
def test_usage_errors(evil, args):
    assert SHOWN.replace("\\", "") in _run(evil, *args, code=2)[1].replace("\\", "")


def test_usage_errors_without_a_process(run):
    """Not only where standard error is ours."""
    with warnings.catch_warnings():
        assert not CONTROL.search(run(f"serch{EVIL}", code=2).stderr)


def _shown(folder, *args):
    """Return what a terminal gets from a command that ends well."""
    ours, theirs = pty.openpty()
    process = warm.start(
        *args, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder,
        env=_environment(folder, TERM="xterm-256color", COLUMNS="200"),
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # Linux says so when the other end has closed
        pass
    os.close(ours)
    assert process.wait(60) == 0
    return shown.decode()


def test_on_a_terminal(evil):
    """Standard output and error are one, with live display, colours and an export."""
    _foreign_study("sqlite:///other.db")
    data = ("--data", f"d{EVIL}.csv", "--target", f"y{EVIL}")
    small = ("--cv", "none", "--set", "epochs=1,2,100", "--set", "batch_size=4,8", "--jobs", "1")
    text = "".join(
        _shown(evil, *command)
        for command in (
            ("search", *data, *small, "--study", "s"),
            ("confirm", "--study", "s", "--top", "2", "--seeds", "2"),
            ("final", "--study", "s"),
            ("optimizers",),
            ("final", "--study", "s", "--json"),
            ("export", "--storage", "other.db", "--study", f"s{EVIL}"),
        )
    )
    assert "\x1b[" in text  # rich's own
    assert SHOWN in text
    for evil_part in ("\x1b]", "\x1b[2J", "\x9b", "\x08", "\x7f", "\x07"):
        assert evil_part not in text
