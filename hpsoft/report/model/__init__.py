"""The chosen model, retrained: its figures on the test set, and how it does class by class.

classes.py  How a model does class by class: all classes where they are few, else those to look at.
final.py    The chosen model on the test set, beside the reference's figures where there are some.
"""
