"""From the columns of a table to features: fitted on the training rows alone, kept with the model.

    Table, Policy -> complete -> fit (training rows) -> Encoding -> apply (any rows) -> X, names

A column becomes the features of one of the classes below; a further way to treat columns is a
further file and a line in `fit`. Nothing here knows how a table was stored.

category.py  Text: one feature a level, one for all rare levels; levels never seen are zeros.
complete.py  Missing values: refused with their columns and counts, or their rows left out.
date.py      Dates as text: a number of days.
doubts.py    Columns of text that are mostly numbers or dates, and may be meant as such.
encoding.py  What was fitted: the columns of a table, each with its features; to JSON and back.
filled.py    Rows with gaps that each split fills in by what it trains on, and never copied.
fit.py       Which column is treated how, from the training rows and what the user says.
huge.py      Numbers far beyond all others of their column: warned of, or refused.
leaks.py     Columns that tell the labels by themselves: copies, codings, what sorts them.
left.py      Columns that become no feature, and why.
number.py    Numbers: as they are, the missing ones filled in.
policy.py    What the user says of missing values and of columns that are not numbers.
table.py     Columns as they were read: numbers, and texts that are kept once each.
words.py     Words that mean `missing` by the user's word, in all columns or in one.
"""
