"""What commands write replaces neither storage nor data nor a model nor a foreign table."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from small_search import write_data
from trained_models import make_model

from hpsoft.model.files import save

SEARCH = ("--set", "epochs=1", "--set", "batch_size=32", "--set", "learning_rate=0.1",
          "--set", "alpha=0", "--set", "averaging=0", "--quiet")  # fmt: skip
FINAL = ("final", "--study", "m")
EXPORT = ("export", "--study", "m")
CARD = ("card", "--study", "m")
COMMANDS = [
    ((*EXPORT, "--out", "hpsoft.journal"), "is the study's storage"),
    ((*EXPORT, "--out", "hpsoft.journal.lock"), "does not end in .csv"),
    ((*EXPORT, "--out", "side.csv"), "is the data"),
    ((*EXPORT, "--out", "again.csv"), "is the data"),  # by a link
    ((*EXPORT, "--out", "copy.csv"), "is there already"),
    ((*EXPORT, "--out", "m.npz"), "does not end in .csv"),
    ((*EXPORT, "--format", "json", "--out", "report.json"), "is there already"),
    ((*EXPORT, "--format", "json", "--out", "t.csv"), "does not end in .json"),
    ((*EXPORT, "--format", "parquet", "--out", "copy.parquet"), "is there already"),
    ((*EXPORT, "--format", "parquet", "--out", "broken.parquet"), "is there already"),
    ((*CARD, "--out", "m.safetensors"), "does not end in .md"),
    ((*CARD, "--out", "hpsoft.journal"), "does not end in .md"),
    ((*CARD, "--out", "notes.md"), "is there already"),
    ((*CARD, "--format", "json", "--out", "report.json"), "is there already"),
    ((*FINAL, "--out", "side.csv"), "is the data"),
    ((*FINAL, "--out", "copy.csv"), "does not end in .json"),
    ((*FINAL, "--out", "hpsoft.journal"), "is the study's storage"),
    ((*FINAL, "--out", "report.json"), "is there already"),
    ((*FINAL, "--data", "copy.csv", "--out", "copy.csv"), "is the data"),
    ((*FINAL, "--model-out", "arrays.npz"), "is there already"),
    ((*FINAL, "--model-out", "arrays.safetensors"), "is there already"),
    (("probe", "arrays.npz", "--model-out", "arrays.npz"), "is the data"),
    (("predict", "m.npz", "side.csv", "--out", "again.csv"), "is what is read"),
    (("predict", "m.npz", "side.csv", "--out", "copy.csv"), "is there already"),
    (("predict", "m.npz", "side.csv", "--out", "copy.parquet"), "is there already"),
    (("predict", "m.npz", "side.csv", "--out", "broken.parquet"), "is there already"),
    (("model", "export", "m.npz", "--format", "npz", "--out", "n.npz"), "is there already"),
    (("model", "export", "m.npz", "--format", "npz", "--out", "m.npz"), "is the model itself"),
    (("model", "export", "m.npz", "--format", "npz", "--out", "arrays.npz"), "is there already"),
    (("regret", "--study", "m", "--plot", "side.csv"), "does not end in .html"),
    (("regret", "--study", "m", "--plot", "hpsoft.journal"), "is the study's storage"),
    (("regret", "--study", "m", "--plot", "page.html"), "is there already"),
    (("newton-demo", "--data", "side.csv", "--plot", "side.csv"), "is the data"),
    (("newton-demo", "--plot", "page.html"), "is there already"),
]  # fmt: skip


@pytest.fixture
def full(run, folder):
    """A folder with a study of side.csv, and with files of others."""
    from safetensors.numpy import save_file

    rng = np.random.default_rng(0)
    rows = [f"{a:.3f},{b:.3f},{'ab'[int(a > b)]}" for a, b in rng.normal(size=(80, 2))]
    (folder / "side.csv").write_text("\n".join(["x,z,label", *rows]))
    (folder / "again.csv").symlink_to("side.csv")
    (folder / "copy.csv").write_bytes((folder / "side.csv").read_bytes())
    write_data(folder).rename(folder / "arrays.npz")
    save_file({"X": np.zeros(3)}, folder / "arrays.safetensors")
    parquet.write_table(pa.table({"x": [1.0]}), folder / "copy.parquet")
    for name in ("m.npz", "n.npz", "m.safetensors"):
        save(make_model(), folder / name)
    for name in ("broken.parquet", "notes.md", "page.html", "report.json"):
        (folder / name).write_text('{"mine": 1}')
    run("search", "--data", "side.csv", "--study", "m", "--cv", "none", "--jobs", "1", *SEARCH)
    return folder


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_nothing_else_is_written_over(run, full):
    before = contents(full)
    for words, message in COMMANDS:
        error = " ".join(run(*words, code=2).stderr.split())
        assert message in error, (words, error)
        assert contents(full) == before, words


def test_what_hpsoft_wrote_is_written_again(run, full):
    (full / "empty.csv").touch()
    run(*EXPORT, "--out", "empty.csv")
    for _ in range(2):
        for fmt in ("csv", "json", "parquet"):
            run(*EXPORT, "--format", fmt, "--out", f"t.{fmt}")
        for fmt, suffix in (("md", ".md"), ("json", ".json")):
            run(*CARD, "--format", fmt, "--out", f"card{suffix}")
        run(*FINAL, "--out", "final.json", "--model-out", "new.npz", "--quiet")
        for suffix in ("csv", "parquet", "npy"):
            run("predict", "new.npz", "side.csv", "--out", f"p.{suffix}", "--proba", "--quiet")
        for fmt in ("npz", "torch"):
            run("model", "export", "new.npz", "--format", fmt, "--quiet")
    (full / "new.npz").write_bytes(b"damaged")  # the error of reading it says to write it again
    run(*FINAL, "--model-out", "new.npz", "--quiet")
    run("model", "show", "new.npz")
