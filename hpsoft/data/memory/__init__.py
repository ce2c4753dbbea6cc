"""Data that are in memory already: arrays, tensors, data frames.

Arrays are used where they lie: what is trained on is a scaled copy, or these themselves where
nothing is to be scaled. The columns of frames are what those of a table in a file are.

arrays.py  Anything that holds numbers or labels -> an array, not copied.
frames.py  A data frame -> the table of Arrow's that files of tables are read into.
given.py   Features, labels and what is said of them -> a checked Dataset.
kinds.py   Of which kind labels in memory are, so that a model's classes can be of that kind again.
"""
