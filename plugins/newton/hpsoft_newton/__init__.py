"""Newton's method for softmax regression with L2, many strengths of L2 at once.

optimizer.py     hyperparameters with roles, default space, first state, one iteration
objective.py     cost, gradient and Hessian-vector products of all models as fused products
conjugate.py     truncated conjugate gradients, all models at once
spectral.py      a cheap preconditioner: the spectrum of the covariance
sampled.py       a dear one: Cholesky factors of a sample of the rows
direct.py        the Hessian itself and its Cholesky factor, where it is small
line_search.py   how far to go along a direction
"""

from hpsoft_newton.optimizer import Newton

__all__ = ["Newton"]
