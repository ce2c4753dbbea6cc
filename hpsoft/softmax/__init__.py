"""The reference mathematics of softmax regression, which everything else is tested against.

Conventions, in this package:

    X         (n_samples, n_features)   one sample a row
    labels    (n_samples,)              integers 0 .. n_classes - 1
    weights   (n_features, n_classes)   one class a column
    bias      (n_classes,)
    logits    (n_samples, n_classes)    Z = X @ weights + bias
    alpha     scalar >= 0               L2 strength, on the weights only, never on the bias
    sample_weight (n_samples,) or None  what each sample counts in means over samples

    i  sample    j  feature    k, l  class    p_ik  probability    y_ik  1 if labels[i] == k else 0

    cost(W, b) = -1/n sum_i log p_i,labels[i]  +  alpha/2 sum_jk W_jk^2

Pure functions of NumPy arrays, natural logarithms, no speed tricks and, but for batched.py, no
model axis: what is fast must agree with them. All but batched.py and the metrics are analytic in
code as well as on paper: they take complex arrays, so that a complex step differentiates them.

batched.py        Softmax of many models at once, in place: what the engine and its plugins compute
                  with.
classweight.py    What samples of each class count: powers between all alike and balanced.
counts.py         Balanced accuracy and macro-F1, from counts by class.
curves.py         AUROC and average precision, one class against the rest.
cost.py           What training minimises and what evaluation reports, as means over samples.
derivatives.py    First and second derivatives of the regularised cost.
influence.py      How AUROC and average precision change with the weight of each sample.
l2.py             The strength of L2 in the units of other libraries: pure conversions.
metric.py         The metrics by which a winner is chosen: names, and which way is better.
metrics.py        Accuracy, and how sure of it a finite test set lets us be.
probabilities.py  From logits to probabilities, without overflow.
sigmoid.py        The logistic function, and two-class softmax regression as logistic regression.
tally.py          Metrics of many models at once, a chunk of samples at a time.
summary.py        The few numbers of a data set that the mathematics of training it depends on.
"""

from hpsoft.softmax.cost import cross_entropy, mse, regularised_cost
from hpsoft.softmax.derivatives import (
    gradient,
    hessian,
    hessian_vector_product,
    softmax_jacobian,
)
from hpsoft.softmax.metrics import accuracy, wilson_interval
from hpsoft.softmax.probabilities import (
    linear_logits,
    log_softmax,
    log_sum_exp,
    one_hot,
    softmax,
)
from hpsoft.softmax.sigmoid import sigmoid, sigmoid_derivative, two_class_difference

__all__ = [
    "accuracy",
    "cross_entropy",
    "gradient",
    "hessian",
    "hessian_vector_product",
    "linear_logits",
    "log_softmax",
    "log_sum_exp",
    "mse",
    "one_hot",
    "regularised_cost",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_jacobian",
    "two_class_difference",
    "wilson_interval",
]
