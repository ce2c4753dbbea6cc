"""A trained model drawn: its figures on the test set, class by class, its file, predictions.

calibration.py  What a temperature does to probabilities.
classes.py     How a model does class by class: all classes where they are few, else those to look
               at.
final.py       The chosen model on the test set, beside the reference's figures where there are
               some.
measured.py    Every metric of a model on some samples, with its interval: rows of a table.
prediction.py  Predictions of a saved model: the first rows, how often each class, and figures with
               labels.
show.py        What the file of a model says, as tables and as a document.
"""
