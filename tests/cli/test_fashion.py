"""The main job in small, on the real Fashion-MNIST: `search`, then `final`."""

import os
import re
from pathlib import Path

import pytest

from hpsoft.space.presets import preset_space
from hpsoft.space.reference import FASHION_MNIST, FASHION_MNIST_FINGERPRINT

pytestmark = [pytest.mark.fashion, pytest.mark.slow]
TINY = ("--set", "epochs=1,2", "--set", "batch_size=512", "--set", "learning_rate=2e-7,5e-7",
        "--set", "alpha=1")  # fmt: skip


@pytest.fixture(autouse=True)
def installed():
    """Missing data is a failure where it was promised."""
    if not Path("/usr/share/datasets/fashion-mnist").is_dir():
        if os.environ.get("CI"):
            pytest.fail("CI must install dataset-fashion-mnist")
        pytest.skip("dataset-fashion-mnist is not installed")


def test_without_options_the_grid_is_the_reference_s(run_json):
    """Raw pixels, so the preset's learning rates mean what they meant."""
    plan = run_json("search", "--data", "fashion-mnist", "--dry-run")
    assert plan["space"] == {name: list(v) for name, v in preset_space("fashion-mnist").items()}
    assert (plan["n_trials"], plan["n_models"]) == (4096, 512)


def test_search_then_final_stand_beside_the_reference(run, run_json):
    found = run_json("search", "--data", "fashion-mnist", *TINY)
    assert found["certificate"]["complete"] is True
    assert (found["n_run"], found["certificate"]["scale"]) == (4, "raw")
    assert found["certificate"]["fingerprint"] == FASHION_MNIST_FINGERPRINT
    assert found["winner"]["value"] < 1  # 2.3 is knowing nothing
    document = run_json("final", "--study", "best")
    assert document.keys() == {
        "study", "trial", "params", "data", "n_train", "model", "validation_cost", "test",
        "reference", "note", "previous_test_uses", "metric", "validation", "side",
        "l2", "calibration",
    }  # fmt: skip
    assert document["test"].keys() == {
        "cross_entropy", "mse", "accuracy", "accuracy_ci95", "n", "classes", "per_class",
        "confusion", "balanced_accuracy", "macro_f1", "top_5", "auroc", "average_precision",
        "intervals", "weighted", "confusion_weight", "n_groups", "effective_n",
    }  # fmt: skip
    assert (document["study"], document["n_train"]) == ("fashion-mnist-sgd-grid", 60_000)
    assert (document["trial"], document["params"]) == (
        found["winner"]["trial"], found["winner"]["params"]
    )  # fmt: skip
    assert document["test"]["n"] == 10_000
    assert document["test"]["cross_entropy"] < 1
    low, high = document["test"]["accuracy_ci95"]
    assert 0.7 < low < document["test"]["accuracy"] < high
    assert document["reference"]["test_cost"] == FASHION_MNIST.test_cost
    shown = run("final", "--study", "best").stdout
    assert re.search(r"this model +95 % interval +reference", shown)
    assert "0.455827" in shown
