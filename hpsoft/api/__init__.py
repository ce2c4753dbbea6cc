"""How does Python call it? What `import hpsoft` offers, with values where options have text.

    search(X, y) -> SearchRequest -> Ready -> events -> SearchResult

arguments.py    Arguments of the types that they take; what is None was not given.
cv_results.py   The trials of a study as the arrays that scikit-learn's GridSearchCV keeps.
errors.py   Errors as Python has them: of arguments they are a ValueError too, and speak of
            arguments.
folds.py    What the caller divides samples by: a splitter of scikit-learn's, or indices.
grid_search.py  `GridSearch`: a search where scikit-learn's GridSearchCV stood.
noticing.py  What is said of data in Python: faults are warnings, all else a note where progress
             is shown.
parts.py    The data of a search once it has ended: as they were, and with a test part of the
            caller's.
probing.py      A probe: features in, an honest number out; a path of L2, confirmed and tested.
recalling.py    `extend`, `refine`: what is not said is as the study says that is to grow.
request.py  What is asked of a search, as values: the same names and defaults as the command
            line's options.
result.py   What a search has found, and what can be asked of it.
running.py  A search from what is asked for to what is found: the way of the command line and of
            Python.
search.py   `search` and `search_events`: a search from Python.
shown.py    What the methods of a result return, shown as the commands print it: in notebooks too.
spaces.py   Values of hyperparameters as people have them in Python -> as a space file has them.
estimator/  One model as a scikit-learn classifier, and a model's file as one.
"""
