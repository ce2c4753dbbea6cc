"""Rows as they come, chunk by chunk, for a model that was trained before.

    DATA, Asked, Wanted -> opening -> Incoming -> .chunks() -> Chunk -> Encoding -> X

Labels may be there or not; columns are matched by name where both sides have names, and what is
larger than memory is never held in it, wherever its format allows that.

arrays.py      Arrays of containers: which of them are features and labels, and their rows.
arrowrows.py   Rows of Parquet, Arrow, Feather and ARFF files, and of folders of shards.
bypart.py      Rows of one part, where a column says of which part each row is, as in training.
incoming.py    What is read: chunks of rows, and what is asked of them.
labels.py      Labels as they are stored -> texts -> indices of the classes of a model.
matching.py    Columns of a table and those that a model takes: by name, else by position.
opening.py     From a path or a name to rows: the reader of what lies there.
options.py     Options that some data have no use for: they are refused, not ignored.
parts.py       Which part of data that have several is read.
recoding.py    Columns as they were said to be in training: words for `missing`, numbers that
               are names.
sources.py     Rows of what is read whole: named data sets, IDX files, OpenML.
sparserows.py  Rows of svmlight files, made dense a chunk at a time.
textrows.py    Rows of text files: .csv and the like.
"""
