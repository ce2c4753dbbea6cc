"""Forms of data on the command line: options, what studies remember, one paragraph an error."""

import numpy as np
import pytest
from pyarrow import parquet, table

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(60, 4)).round(3), np.arange(60) % 3
SMALL = ("--set", "epochs=1,2", "--set", "batch_size=16", "--set", "learning_rate=0.1",
         "--set", "alpha=0.01", "--study", "s")  # fmt: skip


@pytest.fixture
def arrays(folder):
    """A container that needs both options."""
    np.savez(folder / "a.npz", a=X.astype(np.float16), b=X[:, :2], y=Y, z=(Y > 0).astype(int))
    return "a.npz"


def test_features_and_target_reach_the_final_model(run, run_json, arrays):
    """The study remembers them, from any folder; the same command continues it."""
    options = ("--features", "a", "--features", "b", "--target", "y")
    info = run_json("data", "info", arrays, *options)
    assert (info["n_features"], len(info["classes"])) == (6, 3)
    run("search", "--data", arrays, *options, *SMALL)
    assert "2/2 grid points" in run("search", "--data", arrays, *options, *SMALL).output
    run("final", "--study", "s", "--model-out", "m.npz")
    assert np.load("m.npz")["weights"].shape == (6, 3)


def test_another_choice_is_another_search(run, arrays):
    """It must not go into the same study."""
    run("search", "--data", arrays, "--features", "a", "--target", "y", *SMALL)
    result = run("search", "--data", arrays, "--features", "b", "--target", "y", *SMALL, code=2)
    assert "--study" in result.stderr


def test_show_has_the_same_options(run_json, run, arrays):
    run("optimizers", "show", "sgd", "--data", arrays, "--features", "a", "--target", "y")
    run("optimizers", "show", "sgd", "--data", arrays, "--features", "q", "--target", "y", code=2)


def test_encodings_are_remembered(run, run_json, folder):
    """And change the names of classes."""
    lines = [",".join(map(str, (*x, "äöü"[y]))) for x, y in zip(X, Y, strict=True)]
    (folder / "t.csv").write_bytes("\n".join(["a,b,c,d,kind", *lines]).encode("cp850"))
    read = run_json("data", "info", "t.csv", "--encoding", "cp850")
    assert [c["name"] for c in read["classes"]] == ["ä", "ö", "ü"]
    run("search", "--data", "t.csv", "--encoding", "cp850", *SMALL)
    assert run_json("final", "--study", "s")["test"]["accuracy"] >= 0
    assert "--encoding names another" in run("data", "info", "t.csv").stderr


def test_delimiters_are_remembered(run, run_json, folder):
    """Where a guess would be another one, and where there is none."""
    lines = ["^".join(map(str, (*x, f"{y},{y}"))) for x, y in zip(X, Y, strict=True)]
    (folder / "t.csv").write_text("\n".join(["a^b^c^d^kind", *lines]))
    read = run_json("data", "info", "t.csv", "--delimiter", "^")
    assert [c["name"] for c in read["classes"]] == ["0,0", "1,1", "2,2"]
    run("search", "--data", "t.csv", "--delimiter", "^", *SMALL)
    assert run_json("final", "--study", "s")["test"]["accuracy"] >= 0
    run("optimizers", "show", "sgd", "--data", "t.csv", "--delimiter", "^")
    run("data", "info", "t.csv", code=2)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("a.npz",), "Name them, --features a --target y"),
        (("a.npz", "--features", "nope"), "no array 'nope', named by --features"),
        (("a.npz", "--features", "a", "--target", "a"), "cannot be both"),
        (("a.npz", "--keep", "a"), "--keep a makes no sense"),
        (("a.npz", "--delimiter", "tab"), "--delimiter 'tab' makes no sense"),
        (("a.npz", "--encoding", "cp1252"), "--encoding cp1252 makes no sense"),
        (("digits", "--features", "a"), "--features a makes no sense"),
        (("t.parquet", "--features", "emb", "--target", "emb"), "by --target"),
        (("t.parquet", "--features", "[nope]"), "No column '[nope]'"),
    ],
)
def test_errors_are_one_paragraph(run, arrays, folder, args, message):
    """Nothing is written."""
    parquet.write_table(table({"emb": list(X), "label": Y}), folder / "t.parquet")
    before = sorted(folder.iterdir())
    stderr = run("data", "info", *args, code=2).stderr
    assert message in " ".join(stderr.split())
    assert sorted(folder.iterdir()) == before
