"""Plugins that are really installed, in real processes: each harms nobody but itself."""

import json

import pytest
from fake_plugins import (
    BROKEN,
    EXITS,
    NEWER,
    NOISY,
    ODD,
    SOUND,
    declaring,
    having,
    hpsoft,
    install,
    python,
)

TINY = ("--data", "digits", "--cv", "none", "--set", "epochs=1", "--set", "batch_size=256")
BAD = {
    "broken": (BROKEN, "does not load: ModuleNotFoundError: No module named 'no_such_library'"),
    "exits": (EXITS, "does not load: SystemExit: no licence found"),
    "odd": (ODD, "lacks hyperparameters, default_space, init, epoch or step"),
    "newer": (NEWER, "speaks version 99 of the plugin protocol, this hpsoft speaks 1"),
    "nothing": ("", "does not load: AttributeError"),
    "clash": (SOUND, "Two optimizers are called 'clash': from x-clash 1.2 and y-clash 1.2"),
    "low": (
        declaring("Hyperparameter('x', Role.COLUMNAR, float, '0')"),
        "SpaceError: Hyperparameter x: low and high are ascending numbers, not '0' and inf.",
    ),
    "kind": (
        declaring("Hyperparameter('x', Role.COLUMNAR, 'float', 0)"),
        "SpaceError: Hyperparameter x: the kind is int or float.",
    ),
    "role": (
        declaring("Hyperparameter('x', 'columns', float, 0)"),
        "x: the role is horizon, columnar, structural, not 'columns'.",
    ),
    "summary": (
        declaring("Hyperparameter('x', Role.COLUMNAR, float, 0, summary=None)"),
        "Hyperparameter 'x': None is no text.",
    ),
    "method": (having("init = 5"), "has init = 5, which must be a method"),
    "switch": (having("answer = None"), "has answer = None, which must be a str"),
    "shy": (
        having("hyperparameters = property(lambda self: 1 / 0)"),
        "does not load: ZeroDivisionError",
    ),
}
# Nothing is wrong with these until they are used.
FAILING = {
    "no-space": (having("def default_space(self, facts): 1 / 0"), "ZeroDivisionError: division"),
    "list-space": (
        having("def default_space(self, facts): return [1, 2]"),
        "TypeError: default_space must return a dict from name to values, not [1, 2].",
    ),
    "exit-space": (having("def default_space(self, facts): raise SystemExit(0)"), "SystemExit: 0"),
    "no-init": (having("def init(self, problem, models): raise ValueError('i')"), "ValueError: i"),
    "no-state": (having("def init(self, problem, models): pass"), "init must return a dict"),
    "answer": (having("answer = 'mean'"), "the state has no 'mean', which is to be the model"),
    "exit-step": (having("def step(self, *given): raise SystemExit(0)"), "SystemExit: 0"),
    "few-arguments": (having("def step(self, state): pass"), "TypeError: "),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A machine with one sound plugin, a talkative one, and one of every bad kind."""
    folder = tmp_path_factory.mktemp("installed")
    install(folder, "x-sound", "sound", SOUND)
    install(folder, "x-noisy", "noisy", NOISY)
    for name, (source, _) in BAD.items():
        install(folder, f"x-{name}", name, source)
    install(folder, "y-clash", "clash", SOUND)
    install(folder, "x-odd-doc", "odd-doc", having("__doc__ = 5"))
    for name, (source, _) in FAILING.items():
        install(folder, f"x-{name}", name, source)
    done = hpsoft(folder, "search", *TINY, "--study", "done", "--quiet")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def listed(folder):
    done = hpsoft(folder, "optimizers", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["optimizers"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_plugin_is_listed_with_its_distribution_and_the_reason(listed, name):
    for optimizer in (o for o in listed if o["name"] == name):
        assert optimizer["distribution"] in {f"x-{name}", f"y-{name}"}
        assert optimizer["version"] == "1.2"
        assert (optimizer["status"], optimizer["builtin"]) == ("unusable", False)
        assert BAD[name][1] in optimizer["error"]


def test_sound_plugins_are_listed_beside_them(listed):
    sound = {o["name"]: o["builtin"] for o in listed if o["status"] == "ok"}
    third_party = dict.fromkeys(["sound", "noisy", "odd-doc", *FAILING], False)
    assert sound == {"newton": True, "sgd": True, **third_party}


def test_a_role_may_be_a_name_and_no_summary_hides_a_plugin(tmp_path):
    declared = declaring("Hyperparameter('x', 'columnar', float, 0)")
    install(tmp_path, "x-named", "named", declared)
    found = json.loads(hpsoft(tmp_path, "optimizers", "--json").stdout)["optimizers"]
    (named,) = [o for o in found if o["name"] == "named"]
    assert named["hyperparameters"][-1]["role"] == "columnar"


def test_both_of_one_name_are_listed(listed):
    assert [o["distribution"] for o in listed if o["name"] == "clash"] == ["x-clash", "y-clash"]


def test_the_list_for_people(folder):
    out = hpsoft(folder, "optimizers").stdout
    assert "sound, from x-sound 1.2, third-party\n  Momentum by another name." in out
    assert "broken, from x-broken 1.2, third-party, unusable" in out
    assert "sgd, from hpsoft 0" in out


@pytest.mark.parametrize(
    "command",
    [
        ("search", *TINY),
        ("trials", "--study", "done"),
        ("optimizers", "show", "sgd"),
        ("optimizers", "check", "sgd"),
        ("gradcheck", "--optimizer", "sgd", "--no-symbolic", "--trials", "1"),
        ("data", "list"),
        ("presets",),
    ],
)
def test_commands_that_do_not_use_them_do_not_notice(folder, command):
    done = hpsoft(folder, *command)
    assert done.returncode == 0, done.stderr
    assert not any(name in done.stderr for name in BAD)


@pytest.mark.parametrize("name", BAD)
def test_using_a_bad_plugin_is_one_paragraph(folder, name):
    done = hpsoft(folder, "search", "--data", "digits", "--optimizer", name, "--dry-run")
    assert (done.returncode, done.stdout) == (2, "")
    assert BAD[name][1] in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", FAILING)
def test_what_a_plugin_raises_when_it_is_used_is_one_paragraph(folder, name):
    options = ("--optimizer", name, "--study", name, "--quiet")
    done = hpsoft(folder, "search", *TINY, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"The optimizer Sound of x_{name.replace('-', '_')} failed: " in done.stderr
    assert FAILING[name][1] in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_default_space_that_raises_is_one_paragraph_in_show(folder):
    done = hpsoft(folder, "optimizers", "show", "no-space")
    assert (done.returncode, done.stdout) == (2, "")
    assert "failed: ZeroDivisionError" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [("optimizers", "check"), ("gradcheck", "--no-symbolic", "--trials=1", "--optimizer")],
)
def test_a_plugin_that_exits_fails_its_checks(folder, command):
    done = hpsoft(folder, *command, "exit-step")
    assert done.returncode == 1
    assert "SystemExit: 0" in done.stdout


def test_a_plugin_that_prints_does_not_spoil_the_document(folder):
    done = hpsoft(folder, "optimizers", "show", "noisy", "--json")
    assert json.loads(done.stdout)["name"] == "noisy"
    assert "Thank you" in done.stderr
    assert "for reading" in done.stderr


def test_a_closed_standard_output_is_no_fault_of_the_optimizer(folder):
    code = (
        "import os; os.close(1); from hpsoft.optimizers.registry import load;"
        "assert type(load('sound')).__name__ == 'Sound'"
    )
    done = python(folder, "-c", code)
    assert done.returncode == 0, done.stderr


WORKERS = """
from dataclasses import replace
from small_problem import make_setup
from hpsoft.engine.plan import make_plan
from hpsoft.engine.schedule import run
from hpsoft.engine.train import Snapshot
from hpsoft.engine.workers import Processes
from hpsoft.optimizers.registry import load

if __name__ == "__main__":
    setting = replace(make_setup(), optimizer=load("sound"))
    params = {"batch_size": 8, "learning_rate": 0.1, "momentum": 0.5, "alpha": 0.0}
    trials = [(i, {**params, "epochs": 1 + i}) for i in range(2)]
    with Processes(setting, 1) as workers:
        events = list(run(make_plan(setting.optimizer.hyperparameters, trials), workers))
    print([e.horizon for e in events if isinstance(e, Snapshot)])
"""


def test_a_sound_plugin_runs_in_worker_processes(folder):
    (folder / "workers.py").write_text(WORKERS)
    done = python(folder, "workers.py")
    assert (done.stdout, done.stderr) == ("[1, 2]\n", "")


def test_a_sound_plugin_is_searched(folder):
    done = hpsoft(folder, "search", *TINY, "--optimizer", "sound", "--json", "--quiet")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["certificate"]["complete"]


@pytest.mark.parametrize(
    ("before", "environment"),
    [((), {"HPSOFT_PLUGINS": "builtin"}), (("--builtin-plugins",), {})],
)
def test_without_third_parties_none_is_listed_or_loaded(folder, before, environment):
    done = hpsoft(folder, *before, "optimizers", "--json", **environment)
    assert [o["name"] for o in json.loads(done.stdout)["optimizers"]] == ["newton", "sgd"]
    assert "Thank you" not in done.stderr
    done = hpsoft(folder, *before, "search", *TINY, "--optimizer", "sound", **environment)
    assert "The optimizer 'sound' is not built in, and others are not loaded" in done.stderr


def test_a_built_in_whose_name_is_taken_works_without_third_parties(folder, tmp_path):
    install(tmp_path, "x-impostor", "sgd", SOUND)
    done = hpsoft(tmp_path, "search", *TINY)
    assert done.returncode == 2
    assert "Two optimizers are called 'sgd': from x-impostor 1.2 and hpsoft 0" in done.stderr
    assert hpsoft(tmp_path, "--builtin-plugins", "search", *TINY, "--dry-run").returncode == 0


def test_the_variable_has_two_values(folder):
    done = hpsoft(folder, "optimizers", HPSOFT_PLUGINS="none")
    assert done.returncode == 2
    assert "HPSOFT_PLUGINS is all or builtin, not 'none'." in done.stderr


def test_damaged_metadata_is_an_unknown_distribution(tmp_path):
    install(tmp_path, "x-damaged", "damaged", SOUND)
    next(tmp_path.glob("*.dist-info/METADATA")).unlink()
    done = hpsoft(tmp_path, "optimizers")
    assert done.returncode == 0, done.stderr
    assert "damaged, from an unknown distribution, third-party" in done.stdout


def test_what_a_plugin_prints_at_work_is_kept_out_of_results(folder):
    """In a search, in the final training and in its contract: the document stands alone."""
    study = ("--study", "noise", "--storage", "noise.journal")
    for command in (
        ("search", *TINY, *study, "--optimizer", "noisy", "--json"),
        ("final", *study, "--json"),
        ("optimizers", "check", "noisy", "--json"),
    ):
        done = hpsoft(folder, *command)
        assert json.loads(done.stdout)
        assert "A step." in done.stderr


@pytest.mark.parametrize("name", ["hang", "os-exit"])
def test_a_search_survives_what_hangs_or_ends_the_process(tmp_path, name):
    """As the list does: it is imported in a process of its own first."""
    sources = {"hang": "import time; time.sleep(1e6)", "os-exit": "import os; os._exit(3)"}
    install(tmp_path, f"x-{name}", name, sources[name])
    arguments = ("search", "--data", "digits", "--optimizer", name, "--dry-run")
    done = hpsoft(tmp_path, *arguments, HPSOFT_PLUGIN_SECONDS="2")
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert {"hang": "2 s", "os-exit": "exit code 3"}[name] in done.stderr
