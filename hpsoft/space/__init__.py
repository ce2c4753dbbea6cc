"""What may be tried: values and ranges of hyperparameters, the grid, named spaces. Knows no
Optuna.

between.py    Between listed values of a hyperparameter: half of the way, by ratio or by
              difference.
build.py      The space to search: which values of which hyperparameter, checked against the
              optimizer.
grid.py       The grid: every point of a space, numbered as Optuna's stock `GridSampler(space)`
              numbers them.
points.py     The points of a space: a grid, or numbered as they turn up where the space has
              ranges.
presets.py    Named search spaces. A preset is a constant; `presets()` lists them.
ranges.py     Ranges of a hyperparameter, for samplers that can draw between listed values.
reference.py  The published run on Fashion-MNIST that hpsoft repeats.
strength.py   Strengths of L2 that are given as scikit-learn's C.
usual.py      One value that fits the data, of each hyperparameter that nobody gives one.
"""
