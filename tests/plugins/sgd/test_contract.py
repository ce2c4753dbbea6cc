"""SGD keeps the contract of optimizers."""

from hpsoft_sgd import SGD, kernel

from hpsoft.testing import OptimizerContract, Subject, run_checks


class TestSGD(OptimizerContract):
    """All checks."""

    optimizer = SGD


def test_the_contract_runs_the_blocked_kernel(monkeypatch):
    """Its wide problem has mini-batches that are corrected by a Gram matrix."""
    corrections, add = [], kernel.add_product
    monkeypatch.setattr(
        kernel, "add_product", lambda *arrays: corrections.append(1) or add(*arrays)
    )
    names = ["fused_is_alone", "place_does_not_matter", "snapshot_is_a_run"]
    for name in names:
        corrections.clear()
        (result,) = run_checks(Subject(SGD), [name])
        assert result.passed
        assert corrections, name
