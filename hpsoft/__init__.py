"""hpsoft: exhaustive, exact and fast hyperparameter search for softmax regression.

From the entry down; imports point downwards only, as a contract in pyproject.toml holds.

__main__.py  The entry: streams, memory and signals, then the command line.
cli/         What was typed? Options are parsed, functions called, results drawn.
api/         How does Python call it? What this package offers by name.
report/      How does it look? Tables, live displays, JSON, plots.
assess/      What is it worth? Confirmation, exact optima, replays, the final model.
tuning/      How is it run? From a configuration to trained and stored trials.
study/       What is kept? Trials, their study, the certificate, and where they are stored.
testing/     Does an optimizer keep its word? The contract of optimizers, and a new project.
space/       What may be tried? Values, ranges, the grid, named spaces.
engine/      How is it trained? The plan, blocks of models, worker processes.
model/       What is taken away? The trained model, its file, and how it does.
maths/       Is it right? What gradcheck and newton-demo check and show.
optimizers/  What is an optimizer? The protocol of plugins, and finding them.
data/        What is learnt from? Sources, checks, splits, scaling, fingerprints.
softmax/     The formulas: losses, gradients, Hessian products, as pure functions.
system/      What the operating system gives: interrupts, files, streams, memory, time.
errors.py    Every error on purpose, as a tree.

The names of `__all__` are the public ones. Each is imported when it is first used, so that
`import hpsoft` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hpsoft.api.estimator.classifier import SoftmaxRegression as SoftmaxRegression
    from hpsoft.api.estimator.loading import load_model as load_model
    from hpsoft.api.grid_search import GridSearch as GridSearch
    from hpsoft.api.result import SearchResult as SearchResult
    from hpsoft.api.search import search as search
    from hpsoft.api.search import search_events as search_events
    from hpsoft.errors import DataWarning as DataWarning
    from hpsoft.errors import HpsoftError as HpsoftError
    from hpsoft.errors import OneProcessWarning as OneProcessWarning

__version__ = "0.1.0"

__all__ = [
    "DataWarning",
    "GridSearch",
    "HpsoftError",
    "OneProcessWarning",
    "SearchResult",
    "SoftmaxRegression",
    "__version__",
    "load_model",
    "search",
    "search_events",
]

_HOMES = {  # public name -> the module that it is from
    "DataWarning": "hpsoft.errors",
    "GridSearch": "hpsoft.api.grid_search",
    "HpsoftError": "hpsoft.errors",
    "OneProcessWarning": "hpsoft.errors",
    "SearchResult": "hpsoft.api.result",
    "SoftmaxRegression": "hpsoft.api.estimator.classifier",
    "load_model": "hpsoft.api.estimator.loading",
    "search": "hpsoft.api.search",
    "search_events": "hpsoft.api.search",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *__all__})
