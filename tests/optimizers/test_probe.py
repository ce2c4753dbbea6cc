"""Plugins whose import is dangerous, really installed, and `hpsoft optimizers` among them."""

import json
import os
import signal
import subprocess
import time
from importlib.metadata import EntryPoint

import pytest
import warm
from fake_plugins import HERE, NOISY, SOUND, having, hpsoft, install
from hpsoft_sgd import SGD

from hpsoft.errors import OptimizerError
from hpsoft.optimizers import probe, registry
from hpsoft.optimizers.probe import Description, describe, describe_all

SECONDS = "6"  # what a sound plugin takes on a busy machine, several times
TINY = (
    "search", "--data", "digits", "--cv", "none", "--set", "epochs=1", "--set", "batch_size=256",
)  # fmt: skip
RAISED = {
    "exits": ("raise SystemExit('no licence')", "does not load: SystemExit: no licence."),
    "base": ("raise BaseException('below all')", "does not load: BaseException: below all."),
    "generator": ("raise GeneratorExit", "does not load: GeneratorExit."),
    "interrupt": ("raise KeyboardInterrupt", "does not load: KeyboardInterrupt."),
    "mute": (
        "class Mute(Exception):\n    def __str__(self): raise OSError\nraise Mute",
        "does not load: Mute.",
    ),
}
LETHAL = {
    "quits": ("import os; os._exit(3)", "its import ended the process, exit code 3."),
    "quits-well": ("import os; os._exit(0)", "its import ended the process, exit code 0."),
    "aborts": ("import os; os.abort()", "its import ended the process, signal 6 (Aborted)."),
    "sleeps": (
        "import time; time.sleep(10_000)",
        "did not end within 6 seconds (for more, set HPSOFT_PLUGIN_SECONDS).",
    ),
    "regex": (  # in C, and never lets go of the interpreter's lock
        "import re; re.match('(a*)*b', 'a' * 60)",
        "did not end within 6 seconds (for more, set HPSOFT_PLUGIN_SECONDS).",
    ),
}
ALIVE = {"a-sound": SOUND, "sound": SOUND, "z-sound": SOUND, "noisy": NOISY}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A machine with sound plugins before, between and after all the bad ones."""
    folder = tmp_path_factory.mktemp("installed")
    for name, source in ALIVE.items():
        install(folder, f"x-{name}", name, source)
    for name, (source, _) in (RAISED | LETHAL).items():
        install(folder, f"x-{name}", name, source)
    return folder


@pytest.fixture(scope="module")
def listed(folder):
    done = hpsoft(folder, "optimizers", "--json", HPSOFT_PLUGIN_SECONDS=SECONDS)
    assert done.returncode == 0, done.stderr
    assert "And for reading." in done.stderr
    return {o["name"]: o for o in json.loads(done.stdout)["optimizers"]}


@pytest.mark.parametrize("name", RAISED | LETHAL)
def test_a_dangerous_import_is_listed_with_the_reason(listed, name):
    found = listed[name]
    assert (found["status"], found["distribution"]) == ("unusable", f"x-{name}")
    assert found["error"].startswith(f"The optimizer '{name}' from x-{name} 1.2 does not load: ")
    assert (RAISED | LETHAL)[name][1] in found["error"]
    assert found["error"].endswith(" Reinstall or uninstall that distribution.")


@pytest.mark.parametrize("name", ALIVE)
def test_sound_plugins_beside_them_are_described(listed, name):
    found = listed[name]
    assert (found["status"], found["summary"]) == ("ok", "Momentum by another name.")
    momentum = next(h for h in found["hyperparameters"] if h["name"] == "momentum")
    assert (momentum["role"], momentum["kind"]) == ("columnar", "float")
    assert set(listed) == {*ALIVE, *RAISED, *LETHAL, "newton", "sgd"}


@pytest.mark.parametrize("command", [TINY, ("optimizers", "show", "sgd"), ("data", "list")])
def test_commands_that_do_not_use_them_import_none(folder, command):
    done = hpsoft(folder, *command)
    assert done.returncode == 0, done.stderr
    assert not any(name in done.stderr for name in RAISED | LETHAL)
    assert "And for reading." not in done.stderr


@pytest.mark.parametrize("name", RAISED)
@pytest.mark.parametrize("command", [(*TINY, "--dry-run", "--optimizer"), ("optimizers", "show")])
def test_using_one_that_raises_is_one_paragraph(folder, name, command):
    done = hpsoft(folder, *command, name)
    assert (done.returncode, done.stdout) == (2, "")
    assert RAISED[name][1] in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("raised", ["BaseException('b')", "SystemExit(0)"])
def test_what_one_raises_at_work_is_one_paragraph(tmp_path, raised):
    install(tmp_path, "x-late", "late", having(f"def step(self, *given): raise {raised}"))
    done = hpsoft(tmp_path, *TINY, "--optimizer", "late", "--quiet")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"The optimizer Sound of x_late failed: {raised.partition('(')[0]}: " in done.stderr
    assert done.stderr.count("\n") == 1


def _signalled(folder, to, number):
    """Start the list beside a plugin that hangs, and send a signal once its import has begun."""
    install(folder, "x-hangs", "hangs", "import time, os; os.write(2, b'!'); time.sleep(10_000)")
    process = warm.start(
        "optimizers",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{HERE}"},
        start_new_session=True,
    )
    assert process.stderr.read(1) == b"!"
    to(process.pid, number)
    return process


def _is_empty(group, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("to", [os.kill, os.killpg], ids=["process", "group"])
def test_ctrl_c_ends_the_list_and_the_import(tmp_path, to):
    process = _signalled(tmp_path, to, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert err == b"Interrupted.\n"
    assert _is_empty(process.pid, 10)


def test_kill_of_the_list_ends_the_import(tmp_path):
    process = _signalled(tmp_path, os.kill, signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert _is_empty(process.pid, 10)


@pytest.mark.parametrize("given", ["soon", "0", "-1", "inf", "nan"])
def test_a_time_limit_that_is_none(monkeypatch, given):
    monkeypatch.setenv(probe.SECONDS, given)
    with pytest.raises(OptimizerError, match="HPSOFT_PLUGIN_SECONDS is a number of seconds, not"):
        describe_all({})


def test_the_users_interrupt_is_no_fault_of_the_plugin(tmp_path, monkeypatch):
    """In programs without hpsoft's handler of Ctrl-C."""
    (tmp_path / "slow_plugin.py").write_text(
        "import signal\nsignal.raise_signal(signal.SIGINT)\nSound = 5\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        registry.instance(EntryPoint("slow", "slow_plugin:Sound", registry.GROUP), "x")
    assert signal.getsignal(signal.SIGINT) is before


def test_built_ins_cost_no_process(monkeypatch):
    monkeypatch.setattr(probe, "_ask_elsewhere", lambda *_: pytest.fail("a process"))
    told = describe_all({name: registry.installed()[name] for name in ("newton", "sgd")})
    assert [description.error for description in told] == [None, None]
    assert all(description.hyperparameters for description in told)


class _Unreadable:
    def __get__(self, *_):
        raise AttributeError


class Odd(SGD):  # sound but for what it says of itself
    __doc__ = _Unreadable()


def test_a_plugin_that_cannot_be_looked_at():
    """Its class loads; whatever it then raises is told of it alone."""
    point = EntryPoint("odd", f"{__name__}:Odd", registry.GROUP)
    assert describe(point) == Description(error="It cannot be described: AttributeError.")


def test_what_is_written_is_read_back():
    """Without pickle; numbers may be infinite, or NumPy's."""
    found = describe(next(iter(registry.installed()["sgd"])))
    assert found.hyperparameters
    assert probe._read(probe._written(found)) == found
