"""From a plan to snapshots: fused training in worker processes. Knows no Optuna and no terminal.

plan.py      trials -> models -> blocks, by the roles of hyperparameters
train.py     a block from one horizon value to the next: the task that a worker runs
minibatches.py  passes for optimizers that take one step at a time; slabs.py, residual.py: its parts
evaluate.py  validation scores of all models of a block
order.py     the order of the samples in a pass
workers.py   this process, or one process a core; pool.py, endings.py: its parts
schedule.py  which block runs next
estimate.py  how long a plan will take, from a fraction of a second of real work
"""
