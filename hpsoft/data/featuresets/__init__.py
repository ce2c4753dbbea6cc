"""Named groups of the columns of X, each of which models can be trained on alone.

    --feature-set NAME=ITEMS -> given -> naming -> ColumnSet -> a view of X, or a copy

columnset.py  Some columns of X as spans, and X cut down to them.
given.py      Feature sets as they are typed, or stand in a space file.
naming.py     From what was typed to columns: slices, names of columns and arrays, beginnings.
"""
