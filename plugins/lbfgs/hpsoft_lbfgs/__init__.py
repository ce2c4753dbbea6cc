"""L-BFGS, as an optimizer of hpsoft: `hpsoft search --optimizer lbfgs`.

objective.py  cost and gradient of all models at once
history.py    the pairs that stand for the inverse Hessian: the two-loop recursion
search.py     how far to go along a direction
optimizer.py  hyperparameters, state, an iteration
"""

from hpsoft_lbfgs.optimizer import LBFGS

__all__ = ["LBFGS"]
