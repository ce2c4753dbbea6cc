"""`hpsoft studies`, `trials`, `export`, `presets`, `optimizers` and `data`."""

import csv
import io
import json
from dataclasses import replace

import pytest
from fake_plugins import BROKEN, install

from hpsoft.optimizers import registry


def test_studies_lists_a_row_a_study(run, study):
    header, row = run("studies").stdout.splitlines()
    assert header.split()[:4] == ["study", "data", "optimizer", "trials"]
    assert row.split()[:4] == [study, "digits", "sgd", "8/8"]


def test_studies_as_json(run_json, study, folder):
    document = run_json("studies")
    assert document["storage"] == f"{folder}/hpsoft.journal"
    assert document["studies"][0]["name"] == study
    assert document["studies"][0]["n_grid"] == 8


def test_studies_of_an_empty_storage(run, folder):
    (folder / "hpsoft.journal").touch()
    assert "No studies in" in run("studies").stdout


def test_trials_are_ranked(run_json, study):
    values = [trial["value"] for trial in run_json("trials", "--study", study)["trials"]]
    assert len(values) == 8
    assert values == sorted(values)


def test_trials_top_and_sort(run_json, study):
    found = run_json("trials", "--study", study, "--top", 2, "--sort", "number")["trials"]
    assert [trial["trial"] for trial in found] == [0, 1]


def test_trials_as_a_table(run, study):
    result = run("trials")
    assert f"Study {study}" in result.stderr  # which one is the latest
    assert len(result.stdout.splitlines()) == 9


def test_export_writes_csv_to_standard_output(run, study):
    rows = list(csv.DictReader(io.StringIO(run("export", "--study", study).stdout)))
    assert len(rows) == 8
    assert {"trial", "value", "alpha"} <= rows[0].keys()


def test_export_writes_a_file(run, study, folder):
    result = run("export", "--study", "best", "--format", "json", "--out", "t.json")
    content = (folder / "t.json").read_bytes()
    assert f"Wrote {len(content):,} bytes to t.json" in result.stderr
    assert len(json.loads(content)["trials"]) == 8


@pytest.mark.parametrize("out", ["", "."])
def test_export_does_not_write_a_folder(run, study, out):
    assert "Name a file in it" in run("export", "--out", out, code=2).stderr


def test_export_keeps_parquet_off_a_terminal(run, study, monkeypatch):
    monkeypatch.setattr("hpsoft.cli.commands.export.sys", _Terminal())
    assert "add --out PATH" in run("export", "--format", "parquet", code=2).stderr


class _Terminal:
    stdout = type("stdout", (), {"isatty": staticmethod(lambda: True)})


def test_presets_print_lines_of_a_space_file(run, run_json, folder):
    out = run("presets").stdout
    assert "fashion-mnist: " in out
    text = [line.strip() for line in out.splitlines() if line.startswith("  ")][:4]
    (folder / "space.toml").write_text("\n".join(text))
    document = run_json("search", "--data", "digits", "--space", "space.toml", "--dry-run")
    assert document["space"]["alpha"] == run_json("presets")["presets"][0]["space"]["alpha"]
    assert document["n_trials"] == 4096


def test_optimizers_have_roles(run, run_json):
    out = run("optimizers").stdout
    assert out.startswith("sgd, from hpsoft") or "\nsgd, from hpsoft" in out
    sgd = next(o for o in run_json("optimizers")["optimizers"] if o["name"] == "sgd")
    roles = {h["name"]: h["role"] for h in sgd["hyperparameters"]}
    assert roles == {
        "epochs": "horizon", "batch_size": "structural",
        "learning_rate": "columnar", "alpha": "columnar", "class_weight": "columnar", "averaging": "columnar",
    }  # fmt: skip


def test_a_broken_optimizer_does_not_hide_the_others(run, run_json, monkeypatch, folder):
    install(folder, "x-broken", "a-broken", BROKEN)
    monkeypatch.syspath_prepend(folder)
    out = run("optimizers").stdout
    assert "a-broken, from x-broken 1.2" in out
    assert "does not load" in out
    assert "learning_rate" in out
    assert run_json("optimizers")["optimizers"][0]["error"]


def test_no_optimizer_at_all(run, monkeypatch):
    monkeypatch.setattr(registry, "entry_points", lambda group: [])
    assert "No optimizer is installed" in run("optimizers").stdout


def test_data_list(run, run_json):
    assert "openml:NAME|ID" in run("data", "list").stdout
    names = [source["name"] for source in run_json("data", "list")["data"]]
    assert names[:3] == ["fashion-mnist", "mnist", "digits"]


def test_data_list_fits_eighty_columns(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, run("data", "list").stdout.splitlines())) <= 80


def test_data_info(run, run_json):
    out = run("data", "info", "digits").stdout
    assert "1,437 training and 360 test samples, 64 features (uint8), 10 classes" in out
    document = run_json("data", "info", "digits")
    assert document["n_training"] == 1437
    assert document["classes"][0] == {"name": "0", "training": 142, "test": 36}


def test_data_info_tells_the_note(run, monkeypatch):
    from hpsoft.data import load

    dataset = load("digits")
    noted = replace(dataset, notes=("Digits instead.",))
    monkeypatch.setattr("hpsoft.data.load", lambda spec, **options: noted)
    assert run("data", "info").stderr.startswith("Note: Digits instead.")


def test_data_fetch_of_what_is_embedded(run, run_json):
    assert "digits needs no files" in run("data", "fetch", "digits").stdout
    assert run_json("data", "fetch", "digits") == {"name": "digits", "files": []}
    assert run("data", "fetch", "digits", "--quiet").output == ""


def test_data_fetch_names_the_files(run, monkeypatch, tmp_path):
    monkeypatch.setattr("hpsoft.data.fetch", lambda name, progress: (tmp_path / "a",))
    assert run("data", "fetch", "mnist").stdout == f"{tmp_path}/a\n"


@pytest.mark.parametrize("which", ["latest", "best"])
def test_a_study_of_other_data_is_pointed_out(run, study, folder, which):
    rows = [f"{i % 7},{i % 5},{'ab'[i % 2]}" for i in range(60)]
    (folder / "d.csv").write_text("\n".join(["a,b,y", *rows]))
    small = ("--set", "epochs=1", "--set", "batch_size=8", "--set", "alpha=0")
    run("search", "--data", "d.csv", *small, "--set", "learning_rate=0.1")
    err = run("trials", "--study", which).stderr
    assert ("do not compare" in err) == (which == "best")
