"""Commands that are offered run, and mean the same data, metric, weights, splits and space."""

import shlex
from dataclasses import replace

import numpy as np
import pytest

from hpsoft.report.text.commands import (
    accuracy_command,
    asked_options,
    beside,
    newton_command,
    wider_command,
)
from hpsoft.space.ranges import Range
from hpsoft.study.study import find_study
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.repeat import config_of

SPACE = ("--set", "epochs=1,2", "--set", "batch_size=32", "--set", "alpha=0.01,0.1",
         "--set", "learning_rate=0.05,0.1", "--set", "averaging=0")  # fmt: skip
WEIGHTS = (
    "--groups",
    "patient",
    "--sample-weight",
    "w",
    "--set",
    "class_weight=none,0.5,balanced",
)


@pytest.fixture
def table(folder):
    """A table of 120 samples of 12 patients, with weights and a text column."""
    rng = np.random.default_rng(0)
    lines = ["a,b,site,patient,w,label"]
    for i in range(120):
        label, patient = i % 3, i // 10
        a, b = rng.normal(label), rng.normal(-label)
        lines.append(f"{a:.3f},{b:.3f},s{patient % 4},p{patient},{1 + i % 2},{'xyz'[label]}")
    (folder / "a b.csv").write_text("\n".join(lines))
    return "a b.csv"


def identity(study):
    return find_study(None, study).description.identity


def typed(command):
    """Return the arguments of a command as a shell hands them on."""
    program, *rest = shlex.split(command)
    assert program == "hpsoft"
    return rest


OPTIONS = (
    (*WEIGHTS, "--cv", "3x2", "--metric", "macro-f1", "--categories", "drop", "--pruner",
     "percentile", "--pruner-option", "percentile=30.0"),
    ("--drop", "patient", "--val-fraction", "0.25", "--seed", "3", "--dtype", "float64",
     "--test-fraction", "0.3", "--scale", "raw"),
    ("--keep", "patient", "--sampler", "tpe", "--sampler-option", "multivariate=true", "--trials", "3",
     "--set", "class_weight=uniform:0:1", "--feature-set", "one=a", "--feature-set", "two=a,b",
     "--wave", "2", "--cv", "2"),
)  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS)
def test_a_study_repeats_itself_by_its_own_words(run, table, options):
    """What it is becomes a command, whose study is the same but for what was to be other."""
    run("search", "--data", table, "--target", "label", *SPACE, *options, "--study", "s", "-q")
    first = identity("s")
    limits = {"trials": 3, "wave": 2} if "--wave" in options else {}
    config = replace(config_of(first), **limits)
    asked = asked_options(config, first.source, first.space)
    run(*typed(accuracy_command(asked, "s", None)), "-q")
    second = identity("s-accuracy")
    assert second == replace(first, metric="accuracy", source=second.source)
    assert second.source.load().fingerprint == first.fingerprint
    values = {"learning_rate": (0.05, 0.1, 0.2)}
    run(*typed(wider_command(asked, values, "s", None)), "-q")
    wider = identity("s-wider")
    assert wider == replace(first, space={**first.space, **values}, source=wider.source)
    run(*typed(newton_command(asked, first.space, "s", None)), "-q")
    exact = identity("s-newton")
    powers = first.space.get("class_weight", ())
    assert exact.space.get("class_weight", ()) == (
        (powers.low, powers.high) if isinstance(powers, Range) else powers
    )
    assert exact.space["alpha"] == first.space["alpha"]
    for name in ("fingerprint", "metric", "folds", "repeats", "val_fraction", "seed", "scale"):
        assert getattr(exact, name) == getattr(first, name), name


def test_presets_files_and_limits_are_repeated(run, table):
    space = {"alpha": (0.1,), "class_weight": (0.0,), "epochs": (1, 2)}
    config = SearchConfig(preset="fashion-mnist-small", trials=7, timeout=90.0, sampler="tpe")
    asked = asked_options(config, identity_source(), space)
    assert "--trials 7 --timeout 90s --preset fashion-mnist-small" in accuracy_command(
        asked, "s", None
    )
    newton = newton_command(asked, space, "s", "x.db")
    assert newton == (
        "hpsoft search --set class_weight=none --set alpha=0.1 --optimizer newton "
        "--study s-newton --storage x.db"
    )


def test_the_strengths_of_another_unit_are_repeated_as_alpha():
    """As the study keeps it, and of the very same strengths."""
    asked = asked_options(
        SearchConfig(space={"C": [1.0, 0.5]}), identity_source(), {"alpha": (0.1, 0.2)}
    )
    assert " --set alpha=0.1,0.2 " in accuracy_command(asked, "s", None)


def identity_source():
    from hpsoft.data.spec import DataSpec

    return DataSpec()


def test_a_long_name_stays_one_that_a_study_may_have():
    assert beside("s" * 200, "newton") == "s" * 193 + "-newton"


def test_extend_takes_what_is_not_given_from_its_study(run, run_json, table):
    """Elsewhere the table would be read, divided, weighted and ranked otherwise."""
    options = (*WEIGHTS, "--metric", "accuracy", "--cv", "2", "--feature-set", "one=a")
    run("search", "--data", table, "--target", "label", *SPACE, *options, "--study", "s", "-q")
    first = identity("s")
    grown = run_json("search", "--study", "s", "--extend")
    second = identity("s")
    assert (grown["metric"], grown["n_run"]) == ("accuracy", grown["n_grid"] - 24)
    assert replace(second, space=first.space) == first
    assert run_json("search", "--study", "s", "--data", table, "--cv", "2", "--extend")
    for wrong, text in (
        (("--metric", "macro-f1"), "metric accuracy there, macro-f1 here"),
        (("--cv", "3"), "folds of the cross-validation 2 there, 3 here"),
        (("--seed", "1"), "seed 0 there, 1 here"),
        (("--groups", "site"), "--groups patient there, site here"),
        (("--missing", "median", "--drop", "a"), "data set"),
        (("--feature-set", "one=b"), "feature set one: 0:1 there, 1:2 here"),
    ):
        error = run("search", "--study", "s", "--extend", *wrong, code=2).stderr
        assert text in " ".join(error.split())


def test_extend_without_a_name_means_the_study_that_the_options_name(run, run_json, table):
    run("search", "--data", table, "--target", "label", *SPACE, "--scale", "raw", "-q")
    assert run_json("search", "--data", table, "--target", "label", "--extend")["n_grid"] > 8


NEWER = "momentum", "mine"


@pytest.mark.parametrize(
    ("optimizer", "whose", "text"),
    [
        ("momentum", "hpsoft-momentum 0.1.0", "`pip install ./plugins/momentum` in hpsoft's"),
        ("mine", "hpsoft-mine 2.0", "`pip install hpsoft-mine`"),
        ("mine", "", "Install the plugin that brings it."),
    ],
)
def test_a_study_whose_optimizer_is_gone_says_how_to_get_it(run, gone, optimizer, whose, text):
    study = gone(optimizer, whose)
    for command in (
        ("final",),
        ("confirm",),
        ("optimum",),
        ("search", "--study", study, "--extend"),
    ):
        error = " ".join(run(*command, code=2).stderr.split())
        assert f"Study '{study}' was searched by the optimizer '{optimizer}'" in error
        assert f"of {whose}" in error or not whose
        assert text in error
    assert run("trials").stdout  # which needs none


def test_optimizers_that_are_not_to_be_loaded_are_said(run, gone, monkeypatch):
    gone("mine", "hpsoft-mine 2.0")
    monkeypatch.setenv("HPSOFT_PLUGINS", "builtin")
    error = run("final", code=2).stderr
    assert "others are not loaded: leave out --builtin-plugins" in " ".join(error.split())


def test_search_says_so_of_hpsofts_own_plugins(run):
    error = " ".join(
        run("search", "--data", "digits", "--optimizer", "absent", code=2).stderr.split()
    )
    assert error == "Error: No optimizer 'absent'. Known: newton, sgd."


@pytest.fixture
def gone(searched, folder):
    """Return what makes a study by an optimizer that is not installed."""
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    def make(optimizer, whose):
        storage = JournalStorage(JournalFileBackend(str(folder / "hpsoft.journal")))
        source = JournalStorage(JournalFileBackend(str(searched)))
        study = optuna.load_study(study_name="digits-sgd-grid", storage=source)
        about = study.user_attrs["hpsoft"]
        versions = {**about["versions"], "optimizer": whose}
        twin = optuna.create_study(study_name="twin", storage=storage, direction="minimize")
        twin.set_user_attr("hpsoft", {**about, "optimizer": optimizer, "versions": versions})
        twin.add_trials(study.trials)
        return "twin"

    return make
