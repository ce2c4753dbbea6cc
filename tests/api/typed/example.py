"""What a caller writes; `mypy --strict` checks it in test_names.py."""

import numpy as np
from numpy.typing import NDArray

import hpsoft


def best_alpha(X: NDArray[np.float64], y: NDArray[np.int64]) -> float:
    """Search, look at what was found, and predict by it."""
    result = hpsoft.search(X, y, space={"alpha": [0.1, 1.0]}, optimizer="newton", progress=False)
    assert result.certificate.complete
    for event in hpsoft.search_events(X, y, sampler="tpe", trials=8):
        if isinstance(event, hpsoft.SearchResult):
            cost: float = event.best.value
            assert cost > 0
            assert all(record.value is None or record.value >= cost for record in event.records)
    assert result.final(X, y).test.accuracy <= 1.0
    assert result.study.best_value == result.best.value
    search = hpsoft.GridSearch({"alpha": [0.1, 1.0]}, optimizer="newton", validation=5)
    assert search.fit(X, y).best_params_["alpha"] in {0.1, 1.0}
    strength: float = hpsoft.SoftmaxRegression(alpha=0.1).l2_as("sklearn-C", 100, n_classes=3)
    assert strength == 0.1
    return float(result.best.params["alpha"])
