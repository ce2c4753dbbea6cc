"""scikit-learn's own checks, all of them, without a list of expected failures.

What its contract leaves to tags is left at the defaults: sparse features are refused, and said to
be (tag `input_tags.sparse`), since training takes dense ones; missing values too (`allow_nan`).
Nothing is declared non-deterministic or of poor score. One check skips itself: that of array API
input, unless SCIPY_ARRAY_API is set.
"""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from hpsoft import SoftmaxRegression


# Fewer passes than by default: the checks fit some hundred models.
@parametrize_with_checks(
    [
        SoftmaxRegression(epochs=60),
        SoftmaxRegression(optimizer="newton", iterations=60),
    ]
)
def test_contract(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks([SoftmaxRegression()])
def test_contract_by_default(estimator, check):
    check(estimator)
