"""What a search trains on, and the space that fits it.

defaults.py  The space of a search: what is given, and what fits the data, however they are seen.
folds.py     Parts of the data in one dtype, scaled by what is trained on.
setup.py     What models are trained on, and what of it each block sees.
single.py    One model, trained from zero on all samples there are: that of `final`, and the
             estimator's.
views.py     What blocks see of the data: which columns, scaled how, by the structural values of
             the data.
"""
