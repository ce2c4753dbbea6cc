"""Tables as people write them: text, spreadsheets' exports, Parquet; which column is what.

columnnames.py  What columns are usually called: those of the labels, and those that number the
                rows.
columns.py      Which column of a table is what: the labels, the features, and what is left out.
csvdigits.py    Whole numbers in text that have more digits than float64 holds: counted, and told.
csvfile.py      Reading tables in text files: .csv, .tsv, .txt and the like, compressed or not.
csvlayout.py    What the first lines of a text file tell of its table: dialect, names, styles and
                kinds.
csvrows.py      Reading a table row by row with the standard library: every dialect, errors with
                their line.
dialect.py      How a table is written as text: what separates its cells, and which lines are no
                rows.
growing.py      What a file of unknown length is gathered in: memory grows with it, and is never
                held twice.
header.py       Whether the first row of a table names its columns, and what they are called.
labelcolumn.py  Whether a column of a table can be labels: classes occur again and again,
                measurements not.
matrix.py       The design matrix: shape and dtype that the rest of hpsoft relies on, checked chunk
                by chunk.
numerals.py     How numbers are written in a file: which mark begins the fraction, which one groups
                digits.
rounding.py     Whole numbers that float64 does not hold: it has 53 bits for them.
tabular.py      What all tables share: columns found by name or position, and what is said of bad
                ones.
textfile.py     Text in a file: compressed or not, in the encoding that it is found to have.
arrow/          Tables as Arrow holds them: Parquet, Feather, Arrow's own files, ARFF; columns of
                lists.
"""
