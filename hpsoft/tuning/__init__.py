"""How a search is run: from a configuration to trained and stored trials.

ask_tell.py   Optuna's sampler and pruner at work, in memory: which points next, which to end.
collect.py    From snapshots of blocks to records of trials.
config.py     What the user asked of a search, as given; nothing is read or checked yet.
design.py     What a sampled search needs to know, whether models are trained or looked up.
dry_run.py    What a search would still have to train, planned and not trained.
edges.py      Where the winner lies on an edge of the space, and the value to try beyond it.
events.py     What happens in a search, in the order in which it happens: opened, trained, stored,
              finished.
noise.py      What noise leaves of a comparison: is the winner a point, or one of a region?
prepare.py    From options and training data to a search that could start: optimizer, split, space,
              grid.
prepared.py   A search that could start: its configuration, its data, its points, and how they are
              planned.
proposals.py  Where the points of a wave come from: a sampler, or the grid from its first block to
              its last.
repeat.py     A search that repeats what a study says of itself: the options that nobody has to
              give again.
run.py        Run a prepared search: one direction, each trial stored as it ends.
samplers.py   Optuna's samplers and pruners by name, with options as on the command line.
sampling.py   Search by a sampler, by waves: ask for points, train them as blocks, prune on the
              way, tell.
setting/      What a search trains on, and the space that fits it.
"""
