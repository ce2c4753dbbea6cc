"""The model on new data, however much that is.

    MODEL, DATA -> run -> rows (hpsoft.data.stream) -> apply -> Predicted -> writers, figures

apply.py    Chunks of rows -> classes and probabilities; values that are missing are counted.
divided.py  A part of data that the search divided itself: the same division, by what the model
            says.
figures.py  How the model does where labels are there: the metrics of `final`.
run.py      The whole of it: from a file of a model and data to a file of predictions.
wanted.py   What a model wants of data.
writers.py  Files of predictions: .csv, .parquet and .npy, chunk by chunk, whole or not at all.
"""
