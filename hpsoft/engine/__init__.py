"""From a plan to snapshots: fused training in worker processes. Knows no Optuna and no terminal.

checkpoints.py  States of blocks in progress, in files: a search that was killed goes on where its
                blocks were.
estimate.py     How long a plan will take, how much memory it needs and how many processes it is
                worth.
evaluate.py     Metrics of all models of a block on one set of samples.
layout.py       How the arrays of a state must lie in memory, said in words where they do not.
minibatches.py  Whole passes for optimizers that take one step at a time: mini-batches, gradients,
                L2.
plan.py         From trials to work: 4096 trials -> 512 models -> 8 blocks, by the roles of
                hyperparameters.
points.py       Train chosen points anew through the engine, and score them on both parts of the
                data.
pool.py         Processes that work for this one: they ignore Ctrl-C and end with it, one BLAS
                thread each.
rungs.py        Blocks that go from rung to rung together, so that models can be dropped between
                two rungs.
schedule.py     Which block runs next, until every trial of a plan has its snapshot.
setup.py        What the blocks of a search share: optimizer, data, precision and the order of the
                samples.
sharing.py      The arrays of a setup in files, each once, that worker processes map.
tiles.py        The parts of the parameters that a step optimizer is handed, as views made once a
                pass.
train.py        Train a block from one horizon value to the next: a pure function that any worker
                can run.
workers.py      Where tasks run: in this process, or in one process per core with the data shared.
"""
