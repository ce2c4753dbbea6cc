"""`hpsoft optimizers new`: a project that is ready as it is written."""

import tomllib

import pytest
from fake_plugins import SOUND, hpsoft, install, python

from hpsoft.errors import OptimizerError
from hpsoft.testing import CHECKS
from hpsoft.testing.project import write_project


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("mine", "Mine"),
        ("my-2nd-way", "My2ndWay"),
        ("none", "NoneOptimizer"),  # a word of Python's
        ("true", "TrueOptimizer"),
        ("optimizer-contract", "OptimizerContractOptimizer"),  # what its files import
    ],
)
def test_the_project_names_things_alike(tmp_path, name, kind):
    folder = write_project(name, tmp_path / "a" / "b")
    module = "hpsoft_" + name.replace("-", "_")
    files = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert files == {
        ".gitignore", "README.md", "pyproject.toml", f"{module}.py", "tests/test_contract.py",
    }  # fmt: skip
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["name"] == f"hpsoft-{name}"
    assert project["entry-points"]["hpsoft.optimizers"] == {name: f"{module}:{kind}"}
    assert f"class {kind}(StepOptimizer):" in (folder / f"{module}.py").read_text()
    for source in folder.rglob("*.py"):
        compile(source.read_text(), source, "exec")
    assert "api_version = 1 " in (folder / f"{module}.py").read_text()
    assert not any("$" in p.read_text() for p in folder.rglob("*") if p.is_file())


def test_it_goes_into_this_folder_by_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(write_project("mine")) == "hpsoft-mine"
    assert (tmp_path / "hpsoft-mine" / "pyproject.toml").exists()


@pytest.mark.parametrize("name", ["", "Mine", "2nd", "a_b", "a--b", "a-", "../a", "a b"])
def test_a_name_that_cannot_be_typed_is_refused(tmp_path, name):
    with pytest.raises(OptimizerError, match="is no name for an optimizer"):
        write_project(name, tmp_path)


def test_a_name_that_is_taken_is_refused(tmp_path):
    with pytest.raises(OptimizerError, match="There is an optimizer called 'sgd', from hpsoft 0"):
        write_project("sgd", tmp_path)


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(OptimizerError, match="has something in it"):
        write_project("mine", tmp_path)


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OptimizerError, match="The project cannot be written: "):
        write_project("mine", tmp_path / "file" / "below")


@pytest.mark.slow  # a build, an installation and a run of pytest
def test_the_project_installs_and_passes_its_contract_test(tmp_path):
    """pip builds and installs it; pytest, the check, and a search run on what was installed."""
    project, site = write_project("mine", tmp_path / "project"), tmp_path / "site"
    site.mkdir()
    command = ("pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--no-index")
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    done = python(site, "-m", *command, "--target", site, project, **quiet)
    assert done.returncode == 0, done.stderr
    tests = python(site, "-m", "pytest", "-q", "-p", "no:cacheprovider", project)
    assert tests.returncode == 0, tests.stdout
    assert f"{len(CHECKS)} passed" in tests.stdout
    assert hpsoft(site, "optimizers", "check", "mine").returncode == 0
    grid = ("--set", "epochs=5", "--set", "momentum=0.9", "--json", "--quiet")
    searched = hpsoft(site, "search", "--data", "digits", "--optimizer", "mine", *grid)
    assert '"complete": true' in searched.stdout


def test_the_check_runs_without_pytest(tmp_path):
    """A plugin's users have no pytest: neither the report nor importing the class needs it."""
    install(tmp_path, "x-sound", "sound", SOUND)
    code = (
        "import sys; sys.modules['pytest'] = None\n"
        "from hpsoft.testing import OptimizerContract\n"
        "from hpsoft.cli.app import app; app(['optimizers', 'check', 'sound'])"
    )
    done = python(tmp_path, "-c", code)
    assert done.stdout.endswith(f"All {len(CHECKS)} checks passed.\n"), done.stderr
