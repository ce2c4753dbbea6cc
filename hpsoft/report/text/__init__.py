"""Words, numbers, tables and JSON: what all drawings share.

columns.py    The columns of a table: how each stands, and what becomes of it where the terminal is
              narrow.
commands.py   Commands to copy, quoted for a shell.
console.py    The one place that makes consoles: results on standard output, all else on standard
              error.
fitting.py    Which columns of a table fit a terminal, and how wide each is.
format.py     How numbers, durations and names are written, everywhere the same.
jsondoc.py    One strict JSON document: every reader takes it, so NaN and infinities become null.
metrics.py    How metrics and their differences are written, everywhere the same.
shortfall.py  Why a search ended before its number of trials, and what to do.
table.py      Plain aligned tables. Drawn by hand: rich takes a millisecond a row, and a study has
              thousands.
wrapping.py   Breaks text into lines between words, and never inside a number.
"""
