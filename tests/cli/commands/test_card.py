"""`hpsoft card` as it is typed: what it says, and that its commands make the same study again."""

import json
import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hpsoft.assess.card.card import make_card
from hpsoft.report.card.formats import card_text
from hpsoft.study.find import Choice
from hpsoft.study.storage.location import Backend, Location
from hpsoft.study.study import Study, find_study

BEFORE = Path(__file__).parents[2] / "study" / "before"
NAME = "a|b [x] 'q'"  # of a study, and of a column
SPACE = ("--set", "epochs=1,20", "--set", "batch_size=32", "--set", "learning_rate=0.5,1",
         "--set", "alpha=0,0.01", "--set", "averaging=0", "--set", "class_weight=none,balanced")  # fmt: skip


@pytest.fixture
def table(folder):
    """A table of 90 samples of 3 classes, with groups and a column of another name."""
    rng = np.random.default_rng(0)
    lines = [f'x,"{NAME}",group,label']
    for i in range(90):
        label = i % 3
        x, z = rng.normal(label), rng.normal(-label)
        lines.append(f"{x:.3f},{z:.3f},g{i // 5},{'abc'[label]}")
    (folder / "t.csv").write_text("\n".join(lines))
    return folder / "t.csv"


def card(run, *options):
    return json.loads(run("card", "--format", "json", *options).stdout)


def repeat(run, folder, monkeypatch, document):
    """Run what a card says in an empty folder, and return the card of what it makes."""
    empty = folder / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    assert document["again"]["language"] == "sh"
    for line in document["again"]["lines"]:
        program, *words = shlex.split(line)
        assert program == "hpsoft"
        run(*words, "--quiet", *(["--jobs", "1"] if "--set" in words else []))
    return card(run)


def test_its_commands_make_the_same_study_again(run, table, folder, monkeypatch):
    """With all that was done with it; two cards of one study are the same bytes."""
    run("search", "--data", "t.csv", "--groups", "group", "--drop", NAME, "--cv", "3", "--metric",
        "macro-f1", "--study", NAME, "--seed", "3", "--jobs", "1", *SPACE, "--quiet")  # fmt: skip
    run("confirm", "--top", "3", "--seeds", "2", "--quiet")
    run("optimum", "--top", "2", "--quiet")
    run("final", "--quiet", "--model-out", "my model.npz", "--calibrate")
    run("final", "--trial", "1", "--seed", "5", "--quiet")
    page = run("card").stdout
    assert page == run("card").stdout
    first = card(run)
    again = repeat(run, folder, monkeypatch, first)
    for key in ("space", "neighbourhood", "again", "search"):
        assert again[key] == first[key]
    timed = {"seconds": 0}
    assert again["winner"] | timed == first["winner"] | timed
    assert again["data"] == first["data"]
    assert (first["data"]["samples"], first["data"]["classes"]) == (70, 3)
    for key in ("confirmation", "optimum"):
        assert first[key]["when"]
        assert {**again[key], "when": ""} == {**first[key], "when": ""}
    results = [[use["result"] for use in document["test_uses"]] for document in (first, again)]
    assert results[0] == results[1]
    assert [use["seed"] for use in first["test_uses"]] == [None, 5]
    final = first["again"]["lines"][-2]
    assert final.endswith("--calibrate --model-out 'my model.npz'")
    assert (folder / "empty" / "my model.npz").read_bytes()
    assert "| test part | 20 samples held out, 20 % by seed 3 |" in page
    assert first["finished"]
    assert first["used"]["trial"] == 1
    winner = first["winner"]["trial"]
    assert winner != 1
    assert (
        f"Chosen by its number; of all 16 points of the grid trial {winner} is the best." in page
    )
    assert "a\\|b \\[x\\] 'q'" in page
    made = make_card(find_study(None, NAME))
    for name in ("confirmed", "one_se"):
        chosen = replace(made, luck=replace(made.luck, **{name: made.used.number}))
        text = f"Chosen by hpsoft confirm ({name.replace('_', '-')}); of all 16 points"
        assert text in card_text(chosen)
    word = {0: "none", 1: "balanced"}[first["used"]["params"]["class_weight"]]
    assert f", class_weight {word}, averaging 0 (trial 1 of study" in page
    assert "The test set was used twice in all" in page


def test_a_sampled_study_is_made_again(run, folder, monkeypatch):
    run("search", "--data", "digits", "--cv", "none", "--sampler", "random", "--trials", "6",
        "--set", "epochs=1,2", "--set", "batch_size=256", "--set", "alpha=log:1e-5:1",
        "--pruner", "hyperband", "--jobs", "1", "--quiet")  # fmt: skip
    first = card(run)
    assert first["search"]["wave"]
    assert first["finished"]
    assert "inexact" in first["state"]
    assert first["certificate"]["n_grid"] is None
    again = repeat(run, folder, monkeypatch, first)
    assert again["winner"]["params"] == first["winner"]["params"]
    assert again["winner"]["value"] == first["winner"]["value"]
    page = run("card").stdout
    assert "ranges, without end" in page
    assert "Not confirmed." in page
    assert f"alpha {first['winner']['params']['alpha']!r}" in page


def test_the_datas_own_test_part_is_told(run, folder):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 2)), np.arange(60) % 2
    np.savez(folder / "a.npz", x_train=X, y_train=y, x_test=X[:9] + 1, y_test=y[:9])
    run("search", "--data", "a.npz", "--optimizer", "newton", "--set", "alpha=1", "--cv", "none",
        "--jobs", "1", "--quiet")  # fmt: skip
    assert "| test part | the data's own |" in run("card").stdout
    assert card(run)["data"]["held_out"] == 0


def test_studies_of_before_and_unfinished_ones(run, folder):
    file = "before.journal"
    shutil.copy(BEFORE / file, folder)
    page = run("card", "--study", "old", "--storage", file).stdout
    assert "Not finished: 10/16" in page
    assert "not kept by the release" in page
    document = card(run, "--study", "old", "--storage", file)
    assert not document["finished"]
    assert document["winner"]["value"] == pytest.approx(1.331673)
    assert "--val-fraction 0.2" in document["again"]["lines"][0]
    statuses = {row["status"] for row in document["neighbourhood"]}
    assert "not run" in statuses


def test_a_study_without_a_winner_and_a_use_by_another(run, study):
    run("search", "--data", "digits", "--cv", "none", "--set", "epochs=1", "--set",
        "batch_size=256", "--set", "learning_rate=1e300", "--set", "alpha=0", "--dtype", "float32",
        "--study", "lost", "--jobs", "1", "--quiet")  # fmt: skip
    find_study(None, study).record_test_use(0, {"accuracy": 0.5, "n": 360})
    document = card(run, "--study", "lost")
    assert document["winner"] is document["used"] is None
    assert [use["study"] for use in document["test_uses"]] == [study]
    page = run("card", "--study", "lost").stdout
    assert "No trial has a value." in page
    assert "None yet: no trial" in page


def test_it_grew_and_its_confirmation_recommends_none(run, study):
    run("search", "--study", study, "--extend", "--jobs", "1", "--quiet")
    found = find_study(None, study)
    found.record_confirmation({"seeds": [1], "means": {}, "confirmed": None, "one-se": None})
    page = run("card").stdout
    assert "It grew from 8 points" in page
    assert "none is recommended" in page
    assert "was not among the trials" in page


def test_what_cannot_be_written_is_refused(run, study, folder):
    assert "Did you mean 'json'" in run("card", "--format", "jsn", code=2).stderr
    run("card", "--format", "html", "--out", "a.html", code=2)
    error = " ".join(run("card", "--out", "a.html", code=2).stderr.split())
    assert "a.html does not end in .md or .markdown or .txt, and a card of format md" in error
    error = " ".join(run("card", "--out", "a.json", code=2).stderr.split())
    assert "Choose --format json, or name the file a.md." in error
    run("card", "--format", "json", "--out", "a", code=2)
    assert "no folder" in run("card", "--out", "absent/a.md", code=2).stderr
    assert "is a folder" in run("card", "--out", ".", code=2).stderr
    assert [path.name for path in folder.iterdir()] == ["hpsoft.journal"]
    run("card", "--out", "a.md")
    assert (folder / "a.md").read_text("utf-8") == run("card").stdout
    assert [path.name for path in sorted(folder.iterdir())] == ["a.md", "hpsoft.journal"]


def test_no_password_is_shown(study):
    found = find_study(None, study)
    url = "postgresql://me:s3cr3t@host/db?sslpassword=t0k3n"
    open_one = found.connection
    made = make_card(found)
    hidden = Study(open_one, Choice(study))
    object.__setattr__(hidden.connection, "location", Location(Backend.DATABASE, url, None))
    secret = make_card(hidden)
    assert secret.winner == made.winner
    for fmt in ("md", "json"):
        text = card_text(secret, fmt)
        assert "@host/db" in text
        assert "s3cr3t" not in text
        assert "t0k3n" not in text


def test_what_another_program_has_changed_is_told(run, study):
    find_study(None, study).record_optimum("changed")
    assert "'hpsoft_optimum'" in run("card", code=2).stderr
