"""`--groups`, `--split`, `--time` and `--dedupe` as they are typed."""

import shlex
from pathlib import Path

import numpy as np
import pytest

SPACE = (
    *("--set", "epochs=1,2", "--set", "batch_size=8", "--set", "learning_rate=0.1,0.2"),
    *("--set", "alpha=0.01", "--study", "s"),
)


@pytest.fixture
def table(tmp_path):
    """Write samples of 12 patients on 60 days, in three parts, the last ten equal to the first."""
    X = np.random.default_rng(0).normal(size=(60, 2)).round(3)
    X[50:] = X[:10]
    path = tmp_path / "t.csv"
    rows = [
        f"{a},{b},p{i % 12},2024-{i // 28 + 1:02}-{i % 28 + 1:02},{['train', 'val', 'test'][i % 3]},{i // 6 % 2}"
        for i, (a, b) in enumerate(X)
    ]
    path.write_text("\n".join(["a,b,patient,day,part,label", *rows]))
    return path


def options(table, *wanted):
    """Return the options that read the table without the columns that are not wanted."""
    found = ["--data", str(table)]
    for option in wanted:
        found += option.split("=")
    others = [name for name in ("patient", "day", "part") if not any(name in o for o in wanted)]
    return (*found, *(word for name in others for word in ("--drop", name)))


@pytest.mark.parametrize(
    ("wanted", "compared", "divided"),
    [
        ("--groups=patient", "5-fold cross-validation, repeated 2 times", "the groups of column 'patient'"),
        ("--split=part", "the validation part of the data", "the parts of column 'part'"),
        ("--time=day", "a later validation part of 20 %", "the time of column 'day'"),
        ("--dedupe", "5-fold cross-validation", "equal samples on one side"),
    ],
)  # fmt: skip
def test_from_search_to_final(run, run_json, table, wanted, compared, divided):
    """The study remembers what divides its data, and says so."""
    given = options(table, wanted)
    result = run("search", *given, *SPACE)
    assert f"Compared by {compared}" in result.stderr
    assert f"Divided by {divided}." in result.stdout
    role, _, column = wanted[2:].partition("=")
    document = run_json("search", *given, *SPACE)
    expected = {role: column} if column else {}
    assert document["certificate"]["side"] == expected
    assert document["certificate"]["dedupe"] is not column
    final = run_json("final", "--study", "s", "--model-out", str(table.with_name("m.npz")))
    assert final["test"]["n"] > 0
    _check_predicted(run, run_json, table, final, has_parts=role == "split")
    other = run("search", *options(table), *SPACE, code=2).stderr
    there = f"--{role} {column or 'given'} there, not given here"
    assert there in other


def _check_predicted(run, run_json, table, final, *, has_parts):
    """Check that `predict` finds the test rows again, unasked where a column names them."""
    known = ("predict", str(table.with_name("m.npz")), str(table))
    if not has_parts:
        document = run_json(*known, "--part", "test")  # the one that the search made
        assert document["n"] == final["test"]["n"]
        assert document["test"]["cross_entropy"] == pytest.approx(final["test"]["cross_entropy"])
        assert run_json(*known)["n"] == 60
        return
    for part in ((), ("--part", "test")):
        document = run_json(*known, *part)
        assert document["n"] == 20
        assert document["test"]["cross_entropy"] == pytest.approx(final["test"]["cross_entropy"])
        assert not any("trained on data called" in note for note in document["notes"])
    assert run_json(*known, "--part", "all")["n"] == 60
    assert any("trained on data called" in n for n in run_json(*known, "--part=val")["notes"])


def test_a_later_part_is_confirmed_by_folds_in_time(run, run_json, table):
    """Of which there is one division, trained in several orders."""
    run("search", *options(table, "--time=day"), *SPACE, "--quiet")
    document = run_json("confirm", "--top", "2", "--seeds", "2")
    assert [len(row["costs"]) for row in document["trials"]] == [5, 5]
    said = run("confirm", "--top", "2", "--cv", "3").stdout
    assert "Over 3 folds in time, with 3 orders of the samples each" in said


def test_data_info_counts_groups_and_equal_samples(run, run_json, table):
    """As text and as JSON."""
    spec, *given = options(table, "--groups=patient")[1:]
    document = run_json("data", "info", spec, *given)
    assert document["groups"]["training"] + document["groups"]["test"] == 12
    assert document["side"] == {"groups": "patient"}
    assert document["twins"]["n_samples"] == 20
    text = run("data", "info", spec, *given).stdout
    assert "divided by the groups: column 'patient'" in text
    assert "equal samples: 20 of 60 have one" in text


def test_offered_commands_divide_the_same(run, table):
    """To look beyond an edge, say."""
    result = run("search", *options(table, "--groups=patient"), *SPACE)
    offered = [line for line in result.output.splitlines() if "--extend" in line]
    assert len(offered) == 1
    grown = run(*shlex.split(offered[0])[1:])  # the study knows its data, and their groups
    assert "Divided by the groups of column 'patient'." in grown.stdout


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (("--groups=patient", "--time=day"), "--time day divides samples by time, and --groups"),
        (("--time=day", "--dedupe"), "and --dedupe keeps some together"),
        (("--split=patient",), "names no part in 60 of 60 rows"),
        (("--time=part",), "holds train in row 1 (from 1)"),
        (("--groups=patient", "--split=part", "--cv=9"), "which --cv 9 would pool"),
        (("--groups=patient", "--drop=part", "--cv=11"), "11 folds of 10 groups cannot be made"),
    ],
)
def test_bad_wishes_write_nothing(run, table, wanted, message):
    """One paragraph, and no study."""
    result = run("search", *options(table, *wanted), *SPACE, code=2)
    assert message in result.stderr
    assert result.stderr.count("Error") == 1
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["t.csv"]


def test_a_trial_that_waits_is_told(run, run_json, table):
    """Stock Optuna enqueues one; hpsoft does not run it, and says so."""
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    run("search", *options(table), *SPACE, "--quiet")
    storage = JournalStorage(JournalFileBackend("hpsoft.journal"))
    study = optuna.load_study(study_name="s", storage=storage)
    study.enqueue_trial({"epochs": 2, "batch_size": 8, "learning_rate": 0.15, "alpha": 0.01})
    assert "1 enqueued trial of the study waits" in run("search", *options(table), *SPACE).stderr
    document = run_json("search", *options(table), *SPACE)
    assert document["certificate"]["n_waiting"] == 1
    assert document["certificate"]["complete"]
