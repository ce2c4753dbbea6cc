"""How samples are divided where more than their classes matters: whole groups, or by time.

`hpsoft.data.splitting` is the one way in; what is here decides, in numbers of groups and rows.

grouped.py  Whole groups held out, or in folds, so that classes are divided as evenly as may be.
ordered.py  Divisions by time: what is held out is never earlier than what is trained on.
tally.py    How many samples of which classes each group has.
"""
