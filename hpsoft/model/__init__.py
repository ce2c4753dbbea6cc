"""What is taken away: the trained model, its file, and how it does.

areas.py        AUROC and average precision of resamples: exact of rare classes, else to first
                order.
bootstrap.py    95 % intervals of every metric: the test samples, or their groups, drawn again and
                again.
calibration.py  One temperature that makes probabilities as sure as they should be, and the error
                of calibration.
classes.py      The classes of a model as values, in ascending order: as scikit-learn has them.
clusters.py     How sure a share is that was seen on samples in groups: those of one group are much
                alike.
files.py        A trained model on its own: weights, bias, scaling and encoding of columns, to file
                and back.
intact.py       Whether the file of a model is whole: what it lacks, what is no number, what was
                changed.
metrics.py      What a model does on the test set: costs, accuracy with its interval, and errors by
                class.
show.py         What the file of a model says: classes, features, where it came from, its test.
strengths.py    The strength of L2 of a trained model in the units of other libraries.
export/         The model in other programs' formats, compared with itself before a file appears.
predict/        The model on new data, however much that is.
"""
