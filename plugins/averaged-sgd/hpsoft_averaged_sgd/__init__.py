"""Averaged SGD, as an optimizer of hpsoft: `hpsoft search --optimizer averaged-sgd`.

kernel.py     the mean of all iterates of a pass, out of SGD's own products
optimizer.py  hyperparameters, state, a pass
"""

from hpsoft_averaged_sgd.optimizer import AveragedSGD

__all__ = ["AveragedSGD"]
