"""How samples are divided where more than their classes matters: whole groups, or by time.

`hpsoft.data.splitting` is the one way in; what is here decides, in numbers of groups and rows.

callers.py  Folds that the caller has made: in Samples.side, a text a sample with a letter a fold.
dedupe.py   Equal samples on one side: groups of them, and none of what a later part has.
grouped.py  Whole groups held out, or in folds, so that classes are divided as evenly as may be.
making.py   Training, validation and test part of a data set: those it has, and those it is given
            here.
ordered.py  Divisions by time: what is held out is never earlier than what is trained on.
tally.py    How many samples of which classes each group has.
twincounts.py  How many samples have equals in all features, on which side, and what to say of it.
twins.py    Equal rows: samples that have the same features, number for number.
"""
