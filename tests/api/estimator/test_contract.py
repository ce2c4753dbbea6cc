"""scikit-learn's own checks, all of them, without a list of expected failures.

What its contract leaves to tags is left at the defaults: sparse features are refused, and said to
be (tag `input_tags.sparse`), since training takes dense ones; missing values too (`allow_nan`).
Nothing is declared non-deterministic or of poor score. One check skips itself: that of array API
input, unless SCIPY_ARRAY_API is set.
"""

import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from hpsoft import SoftmaxRegression


def checks(*models):
    """Return the checks of some models, each with a name of its own.

    As parametrize_with_checks does, which in older releases makes what pytest warns of.
    """
    pairs = [pair for model in models for pair in estimator_checks_generator(model)]
    return [
        pytest.param(*pair, id=f"{i}-{pair[0].optimizer}-{pair[1].func.__name__}")
        for i, pair in enumerate(pairs)
    ]


# The checks fit some hundred models: these take fewer passes than usual, and a parameter that the
# optimizer alone has.
@pytest.mark.parametrize(("estimator", "check"), checks(SoftmaxRegression(epochs=40, averaging=1)))
def test_contract(estimator, check):
    check(estimator)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("estimator", "check"),
    checks(SoftmaxRegression(), SoftmaxRegression(optimizer="newton", iterations=60)),
)
def test_contract_by_default(estimator, check):
    check(estimator)
