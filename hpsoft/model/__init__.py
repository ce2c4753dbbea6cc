"""What is taken away: the trained model, its file, and how it does.

files.py    A trained model on its own: weights, bias, scaling and encoding of columns, to file and
            back.
metrics.py  What a model does on the test set: costs, accuracy with its interval, and errors by
            class.
"""
