"""What is installed is told from below the command line, for callers in Python too."""

from hpsoft.optimizers.installed import installed_optimizer, list_optimizers


def test_every_installed_optimizer_is_described():
    found = {optimizer.name: optimizer for optimizer in list_optimizers()}
    assert {"newton", "sgd"} <= found.keys()
    assert all(optimizer.error is None for optimizer in found.values())
    sgd = found["sgd"]
    assert (sgd.distribution, sgd.builtin) == ("hpsoft", True)
    assert sgd.hyperparameters[0].name == "epochs"


def test_one_of_them_says_the_same():
    (sgd,) = (optimizer for optimizer in list_optimizers() if optimizer.name == "sgd")
    assert installed_optimizer("sgd") == sgd
