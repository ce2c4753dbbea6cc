"""Bad input: one clear paragraph, exit code 2, no traceback, nothing written."""

import errno

import optuna
import pytest
from typer.testing import CliRunner

from hpsoft.cli.app import app

SMALL = ("--set", "epochs=1", "--set", "batch_size=256", "--set", "alpha=1")
BAD = {
    "no such data": (("search", "--data", "digit"), "Did you mean 'digits'?"),
    "case": (("search", "--data", "FASHION-MNIST"), "Did you mean 'fashion-mnist'?"),
    "empty data": (("search", "--data", ""), "--data is empty"),
    "folder": (("search", "--data", "dir.csv"), "is a folder"),
    "study name": (("search", "--data", "digits", "--study", "a\nb"), "printable"),
    "empty study name": (("search", "--data", "digits", "--study", " "), "1 to 200"),
    "long study name": (("search", "--data", "digits", "--study", "x" * 201), "1 to 200"),
    "in memory": (("search", "--data", "digits", "--storage", "sqlite://"), "in memory"),
    "no time": (("search", "--data", "digits", "--timeout", "1x"), "1h30m"),
    "endless": (("search", "--data", "digits", "--timeout", "9" * 400), "--timeout takes"),
    "preset of sgd": (
        ("search", "--data", "digits", "--optimizer", "newton", "--preset", "fashion-mnist"),
        "made for sgd",
    ),
    "no such file": (("search", "--data", "no/such.csv"), "no/such.csv"),
    "truncated": (("search", "--data", "cut.npz"), "cut.npz"),
    "one class": (("search", "--data", "one.csv"), "class"),
    "not a number": (("search", "--data", "text.csv"), "text.csv"),
    "no such column": (("search", "--data", "one.csv", "--target", "z"), "z"),
    "no such scale": (("search", "--data", "digits", "--scale", "unti"), "Did you mean 'unit'?"),
    "no such optimizer": (("search", "--data", "digits", "--optimizer", "sgdd"), "'sgd'?"),
    "no optimizer to check": (("gradcheck", "--optimizer", "newtn"), "Did you mean 'newton'?"),
    "no such sampler": (("search", "--data", "digits", "--sampler", "gird"), "'grid'?"),
    "no such dtype": (("search", "--data", "digits", "--dtype", "float3"), "'float32'?"),
    "no such preset": (("search", "--data", "digits", "--preset", "x"), "preset"),
    "no such name": (("search", "--data", "digits", "--set", "alhpa=1"), "'alpha'?"),
    "no values": (("search", "--data", "digits", "--set", "alpha"), "NAME=VALUE"),
    "epochs 0": (("search", "--data", "digits", "--set", "epochs=0"), "epochs = 0"),
    "batch 0": (("search", "--data", "digits", "--set", "batch_size=0"), "batch_size = 0"),
    "batch > n": (("search", "--data", "digits", "--set", "batch_size=8,99999"), "batch_size"),
    "negative alpha": (("search", "--data", "digits", "--set", "alpha=-1"), "alpha = -1"),
    "jobs 0": (("search", "--data", "digits", "--jobs", "0"), "--jobs"),
    "val fraction 1": (("search", "--data", "digits", "--val-fraction", "1"), "fraction"),
    "bad toml": (("search", "--data", "digits", "--space", "bad.toml"), "not valid TOML"),
    "no toml": (("search", "--data", "digits", "--space", "none.toml"), "none.toml"),
    "storage kind": (("search", "--data", "digits", "--storage", "x.txt"), ".journal"),
    "no folder": (("search", "--data", "digits", *SMALL, "--storage", "no/x.journal"), "no"),
    "no storage": (("studies",), "hpsoft.journal"),
    "no study": (("trials", "--study", "x", "--storage", "other.db"), "No study 'x'"),
    "nothing to take": (("final", "--storage", "other.db"), "hpsoft search"),
    "foreign": (("search", "--data", "digits", *SMALL, "--study", "alien", "--storage", "other.db"),
                "another tool"),
    "sort": (("trials", "--study", "alien", "--storage", "other.db", "--sort", "vlue"), "'value'?"),
    "format": (("export", "--study", "alien", "--storage", "other.db", "--format", "cvs"), "'csv'?"),
    "fetch": (("data", "fetch", "fashion"), "fashion-mnist"),
    "model suffix": (("final", "--model-out", "m.pkl"), ".safetensors"),
}  # fmt: skip


@pytest.fixture(scope="session")
def alien(tmp_path_factory):
    """A study of another tool."""
    path = tmp_path_factory.mktemp("alien") / "other.db"
    study = optuna.create_study(study_name="alien", storage=f"sqlite:///{path}")
    study.add_trial(optuna.trial.create_trial(value=1.0))
    return path


@pytest.fixture
def inputs(folder, alien):
    """Files that are no good."""
    (folder / "cut.npz").write_bytes(b"PK\x03\x04 cut")
    (folder / "one.csv").write_text("a,y\n1,x\n2,x\n3,x\n")
    (folder / "text.csv").write_text("a,y\n1,x\nfoo,z\n3,x\n")
    (folder / "bad.toml").write_text("alpha = [1,\nepochs 3")
    (folder / "dir.csv").mkdir()
    (folder / "other.db").write_bytes(alien.read_bytes())


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name, run, inputs, folder):
    args, told = BAD[name]
    before = {path: path.stat().st_size for path in folder.iterdir()}
    result = run(*args, code=2)
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert told in line
    assert {path: path.stat().st_size for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("serch",), "No such command 'serch'. Did you mean 'search'?"),
        (("search", "--optimizr", "sgd"), "Did you mean '--optimizer'?"),
        (("search", "--seed", "x"), "--seed"),
        (("search", "--zzzz"), "No such option: --zzzz"),
        (("data", "lst"), "Did you mean 'list'?"),
    ],
)
def test_bad_usage(args, told, run):
    result = run(*args, code=2)
    assert told in result.stderr
    assert result.stdout == ""


def test_another_search_under_the_same_name_is_refused(run, study):
    other = ("search", "--data", "digits", *SMALL)
    assert "Error: " in run(*other, code=2).stderr
    assert "8/8" in run("studies").stdout


@pytest.mark.parametrize("how", ["--debug", "HPSOFT_DEBUG"])
def test_a_traceback_on_demand(how, run, monkeypatch, inputs):
    monkeypatch.setenv("HPSOFT_DEBUG", "1" if how == "HPSOFT_DEBUG" else "0")
    option = ("--debug",) if how == "--debug" else ()
    err = run(*option, "trials", "--study", "x", "--storage", "other.db", code=2).stderr
    assert "Traceback" in err
    assert "Error: No study 'x'" in err


def _failing(monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setattr("hpsoft.space.presets.presets", fail)


def test_memory_that_runs_out(run, monkeypatch):
    _failing(monkeypatch, MemoryError())
    assert "not enough memory" in run("presets", code=2).stderr


def test_an_interrupt_outside_of_a_search(run, monkeypatch):
    _failing(monkeypatch, KeyboardInterrupt())
    assert run("presets", code=130).stderr == "Error: Interrupted.\n"


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), ZeroDivisionError()])
def test_bugs_are_not_hidden(error, monkeypatch):
    _failing(monkeypatch, error)
    assert CliRunner().invoke(app, ["presets"]).exception is error
