"""The strength of L2 of a trained model in the units of other libraries."""

from hpsoft.errors import OptimizerError
from hpsoft.model.files import TrainedModel
from hpsoft.optimizers.registry import load as load_optimizer
from hpsoft.softmax.l2 import Strength, l2_table


def strengths_of(model: TrainedModel) -> tuple[Strength, ...]:
    """Return alpha in every unit, for as many samples as the model was trained on.

    Nothing where the model has no alpha, or does not say on how many (older releases did not), or
    its optimizer is not installed, which alone knows whether alpha is part of the cost.
    """
    kept = model.metadata
    alpha, n_samples = kept.get("params", {}).get("alpha"), kept.get("n_train")
    if alpha is None or not n_samples:
        return ()
    try:
        optimizer = load_optimizer(kept["optimizer"])
    except OptimizerError:
        return ()
    decoupled = getattr(optimizer, "decoupled", False)
    return l2_table(alpha, n_samples, len(kept["classes"]), decoupled=decoupled)
