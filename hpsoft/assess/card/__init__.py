"""The protocol of a study: what was searched, what was found, and what it was tested by.

card.py           All that `hpsoft card` tells, read from the study alone: nothing is trained.
neighbourhood.py  The next values on each side of each of the winner's hyperparameters.
remembered.py     What confirmation, comparison with optima and uses of the test set have left
                  behind.
"""
