"""Finding optimizers through entry points, and saying which of them cannot be used."""

from importlib import metadata
from importlib.metadata import EntryPoint

import pytest
from hpsoft_sgd import SGD

from hpsoft.errors import OptimizerError
from hpsoft.optimizers import registry
from hpsoft.optimizers.protocol import API_VERSION, Hyperparameter, Optimizer, Role


class Distribution:
    """As much of a distribution as an entry point tells of."""

    def __init__(self, name):
        self.name, self.version = name, "1.2"


class Point:
    """An entry point whose object is at hand."""

    def __init__(self, name, target, dist="hpsoft-x"):
        self.name, self.target, self.dist = name, target, dist and Distribution(dist)

    def load(self):
        if isinstance(self.target, Exception):
            raise self.target
        return self.target


@pytest.fixture
def install(monkeypatch):
    """Make these the only entry points of the group."""

    def install(*points):
        monkeypatch.setattr(
            registry, "entry_points", lambda *, group: points if group == registry.GROUP else ()
        )

    return install


def test_sgd_comes_through_the_entry_points():
    optimizer = registry.load("sgd")
    assert isinstance(optimizer, Optimizer)
    assert isinstance(optimizer, SGD)
    assert registry.owner("sgd").startswith("hpsoft ")


def test_finding_imports_nothing(install):
    install(Point("b", ImportError("not now")), Point("a", ImportError("not now")))
    assert list(registry.installed()) == ["a", "b"]
    assert registry.owner("a") == "hpsoft-x 1.2"
    assert registry.owner("c") == ""


def test_unknown_name_is_answered_with_what_was_meant(install):
    install(Point("sgd", SGD), Point("adam", SGD))
    with pytest.raises(OptimizerError, match=r"No optimizer 'adm'.*adam, sgd.*mean 'adam'"):
        registry.load("adm")


def test_no_optimizer_at_all(install):
    install()
    with pytest.raises(OptimizerError, match="Known: none"):
        registry.load("sgd")


def test_two_of_one_name_clash_only_when_it_is_used(install):
    install(Point("sgd", SGD, "one"), Point("sgd", SGD, "other"), Point("adam", SGD))
    assert isinstance(registry.load("adam"), SGD)
    with pytest.raises(OptimizerError, match=r"Two .*'sgd'.* one 1.2 and other 1.2"):
        registry.load("sgd")


@pytest.mark.parametrize("error", [ImportError("no numpy 3"), SyntaxError("bad"), KeyError("x")])
def test_plugin_that_does_not_load(install, error):
    install(Point("broken", error))
    with pytest.raises(
        OptimizerError, match=f"hpsoft-x 1.2 does not load: {type(error).__name__}"
    ):
        registry.load("broken")


def test_plugin_that_cannot_be_made(install):
    install(Point("broken", lambda: 1 / 0, None))
    with pytest.raises(
        OptimizerError, match="an unknown distribution does not load: ZeroDivision"
    ):
        registry.load("broken")


class Lost:
    """A distribution whose metadata is damaged."""

    name = "hpsoft"

    @property
    def version(self):
        raise KeyError("Version")


def test_damaged_metadata_is_nobodys():
    point = Point("sgd", SGD)
    point.dist = Lost()
    assert registry.origin(point) == "an unknown distribution"
    assert not registry.is_builtin(point)


def test_third_parties_can_be_left_out(install, monkeypatch):
    install(Point("sgd", SGD, "hpsoft"), Point("sgd", SGD, "other"), Point("adam", SGD))
    monkeypatch.setenv("HPSOFT_PLUGINS", "builtin")
    assert registry.owner("sgd") == "hpsoft 1.2"
    assert isinstance(registry.load("sgd"), SGD)
    with pytest.raises(OptimizerError, match=r"'adam' is not built in.*--builtin-plugins"):
        registry.load("adam")


def test_the_variable_has_two_values(install, monkeypatch):
    install(Point("sgd", SGD))
    monkeypatch.setenv("HPSOFT_PLUGINS", "mine")
    with pytest.raises(OptimizerError, match="HPSOFT_PLUGINS is all or builtin, not 'mine'"):
        registry.installed()


def test_each_one_made_is_another(install):
    install(Point("sgd", SGD))
    make = registry.make("sgd")
    assert isinstance(make(), SGD)
    assert make() is not make()


class OtherVersion(SGD):
    api_version = API_VERSION + 1


class NoVersion:
    pass


class NoEpoch:
    api_version = API_VERSION
    hyperparameters = SGD.hyperparameters
    default_space = SGD.default_space
    init = SGD.init


class NotSubclassed:
    api_version = API_VERSION
    hyperparameters = SGD.hyperparameters
    init = SGD.init

    def step(self, state, gradient, values):
        """Do nothing."""


class NoHorizon(SGD):
    hyperparameters = SGD.hyperparameters[1:]


class TwoHorizons(SGD):
    hyperparameters = (*SGD.hyperparameters, Hyperparameter("rounds", Role.HORIZON, int, 1))


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (OtherVersion, "speaks version 2 .* speaks 1: upgrade"),
        (NoVersion, "speaks version None"),
        (NoEpoch, "lacks epoch or step: see EpochOptimizer and StepOptimizer"),
        (NotSubclassed, "lacks default_space, elementwise, decoupled, answer, values: see"),
        (NoHorizon, "one horizon.*declares none"),
        (TwoHorizons, "one horizon.*declares epochs, rounds"),
    ],
)
def test_plugin_that_breaks_the_protocol(install, kind, message):
    install(Point("odd", kind))
    with pytest.raises(OptimizerError, match=f"'odd' from hpsoft-x 1.2 .*{message}"):
        registry.load("odd")


def test_fakes_have_what_an_entry_point_has():
    """What the tests above monkeypatch is what importlib.metadata really hands over."""
    (point,) = [p for points in registry.installed().values() for p in points if p.name == "sgd"]
    assert isinstance(point, EntryPoint)
    assert point.load() is SGD
    assert {point.dist.name, point.dist.version} == set(registry.origin(point).split())


def test_a_distribution_with_damaged_metadata_harms_no_other(tmp_path, monkeypatch):
    """A line without an equals sign; importlib.metadata then gives no entry point of anybody."""
    info = tmp_path / "x_damaged-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: x-damaged\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hpsoft.optimizers]\nno equals sign\n")
    before = {name: len(points) for name, points in registry.installed().items()}
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(TypeError):
        metadata.entry_points(group=registry.GROUP)
    assert {name: len(points) for name, points in registry.installed().items()} == before
