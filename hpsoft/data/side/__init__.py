"""Side columns: what is known of each sample beside features and labels; no model sees it.

    --groups patient -> Wish.side -> a reader -> Source.side -> prepare -> Samples.side

A further one is a line of ROLES and an option; readers, splits, studies and fingerprints know none
of them by name.

cells.py    Values of a side column that are not known, in whatever way that is stored.
given.py    Which part each sample belongs to, as a column of the data or the caller says it.
groups.py   Groups of any kind -> 0, 1, ...: samples of one number are never divided.
names.py    Finding a side column among the arrays of a container, of every part of the data.
roles.py    The side columns that there are, and raw values -> an array (n,) a part.
times.py    Times of any kind -> numbers that grow with time: numbers, or dates as ISO 8601 writes
            them.
values.py   What readers hand on: the raw values of one side column, of each part.
weights.py  Weights of samples: finite numbers that are not negative, and not all 0.
"""
