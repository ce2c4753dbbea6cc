"""Mini-batch SGD for softmax regression with L2, exact, at the speed of matrix products.

optimizer.py    hyperparameters with roles, default space, first state
kernel.py       one pass over the data: slabs, mini-batches, the update
row_steps.py    what single samples step by, where they have weights
class_steps.py  the same where only classes have, and mini-batches are large
residual.py     softmax of logits to probabilities minus targets, in place
averaging.py    the weights of a model: a mean over its passes, the later the heavier
decay.py        L2 decay carried as a per-model scale
memory.py       buffers in one piece, for large pages
blas.py         matrix product added into an array in place

Averaged SGD, in plugins/averaged-sgd, rests on `kernel.Pass.add_steps`, `kernel.MiniBatch` and
`decay.Decay`; they may change with a minor version of hpsoft, which it is bound to.
"""

from hpsoft_sgd.optimizer import SGD

__all__ = ["SGD"]
