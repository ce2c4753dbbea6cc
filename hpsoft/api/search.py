"""`search` and `search_events`: a search from Python."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import MISSING, fields
from typing import Any, TypeAlias, Unpack

from hpsoft.api.errors import python_errors
from hpsoft.api.noticing import tell_of_data
from hpsoft.api.request import SearchOptions, SearchRequest
from hpsoft.api.result import SearchResult
from hpsoft.api.running import compare, events, follow_search, make_ready
from hpsoft.engine.points import Progress
from hpsoft.errors import DataTypeError, SpaceTypeError, unknown
from hpsoft.report.live.retraining import show_retraining
from hpsoft.report.text.console import notes
from hpsoft.study.storage.location import in_memory
from hpsoft.system.steps import to_the_end
from hpsoft.tuning.events import Event, Opened

SearchEvent: TypeAlias = Opened | Event | Progress | SearchResult


def search(
    X: Any, y: Any = None, *, progress: bool = True, **options: Unpack[SearchOptions]
) -> SearchResult:
    """Search hyperparameters of softmax regression: every point of a grid, or by a sampler.

    `X` is (n_samples, n_features): an array of NumPy's, a tensor on the CPU, whatever has
    `__array__` or DLPack, or a data frame with its columns by name; `y` (n_samples,) has labels of
    any kind, or `target` names their column. Or `X` is what `hpsoft search --data` takes: the name
    of a data set, or a path. Arrays are used where they lie. The options are those of the command
    line, as values; `SearchRequest` describes them. The study is in memory without `storage`.

    >>> import hpsoft
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> grid = {"alpha": [0.001, 0.01], "learning_rate": 0.1, "epochs": [5, 10], "batch_size": 16}
    >>> result = hpsoft.search(X, y, space=grid, progress=False)
    >>> result.best.params["epochs"], result.certificate.n_finished
    (10, 4)

    Data that may not be what they seem are an `hpsoft.DataWarning`, whether progress is shown or
    not.

    Raises:
        HpsoftError: also a ValueError or TypeError where an argument is at fault.
    """
    with python_errors():
        return run(make_request(X, y, options), progress=progress)


def run(request: SearchRequest, *, progress: bool) -> SearchResult:
    """Search what is asked for to the end.

    Raises:
        HpsoftError: as `search`, in the words of the command line.
    """
    console = notes(quiet=not progress)
    ready = make_ready(request, console, tell=tell_of_data)
    finished = follow_search(ready, console)
    with show_retraining(console) as draw:
        finished = to_the_end(compare(ready, finished), draw)
    return SearchResult(finished, ready, progress)


def search_events(
    X: Any, y: Any = None, **options: Unpack[SearchOptions]
) -> Iterator[SearchEvent]:
    """Search as `search` does, as an iterator of what happens; the last is the SearchResult.

    `Opened` comes first, then `Started` and `Stored` (and `Storing`, `Wave` of samplers) of
    `hpsoft.tuning.events`. Leaving the loop ends the search; what is stored stays.

    >>> import hpsoft
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> for event in hpsoft.search_events(X, y, space={"alpha": [0.01, 1]}, optimizer="newton"):
    ...     print(type(event).__name__)
    Opened
    Started
    Storing
    Stored
    SearchResult

    Raises:
        HpsoftError: as `search`.
    """
    with python_errors():
        ready = make_ready(make_request(X, y, options), notes(quiet=True), tell=tell_of_data)
        with closing(events(ready)) as work:
            finished = yield from work
        finished = yield from compare(ready, finished)
        yield SearchResult(finished, ready, _progress=False)


def make_request(X: Any, y: Any, options: SearchOptions) -> SearchRequest:
    """Return what is asked for; a study goes to a storage of its own in memory, if to no other.

    Raises:
        TypeError: there is no such option, or no X.
    """
    if X is None:
        raise DataTypeError("X is missing: give an array, a data frame, a path or a name.")
    given: dict[str, Any] = {**options}
    if strange := [name for name in given if name not in SearchOptions.__annotations__]:
        raise _no_option(strange[0])
    if given.get("storage") is None:
        given["storage"] = in_memory()
    return SearchRequest(X, y, given=frozenset({"data", *options}), **given)


def _no_option(name: str) -> SpaceTypeError:
    return SpaceTypeError(unknown("argument", name, SearchOptions.__annotations__))


def _signed(function: Callable[..., Any]) -> None:
    """Let `help` and notebooks show the options and their defaults."""
    usual = {field.name: field for field in fields(SearchRequest)}
    shown = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    shown += [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default={} if usual[name].default is MISSING else usual[name].default,
            annotation=annotation,
        )
        for name, annotation in SearchOptions.__annotations__.items()
    ]
    function.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]


_signed(search)
_signed(search_events)
