"""Displays that move while something is trained.

countdown.py        Time left, which goes on passing between two messages about it.
notebook.py         Lines of progress in a notebook: one, redrawn in its place.
pace.py             How fast blocks are trained: seconds that a pass takes a model, by the
                    structure of its block.
retraining.py       Shows how far the training of chosen trials is.
search_live.py      Draws a search under way.
search_progress.py  What is known of a search under way: how much is done, how fast, how long it
                    will take.
ticker.py           Shows how far some work is: redrawn in a terminal, a plain line now and then
                    elsewhere.
"""
