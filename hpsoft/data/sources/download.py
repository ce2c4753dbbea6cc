"""Downloading image sets into the user's cache, mirror after mirror.

A file is written under the name NAME.part and gets its own only once its content has the pinned
SHA-256. So an interrupted download is never taken for a whole one; the next one goes on where it
ended, if the server can, and files that arrived are not fetched again. Of two processes that
download at once the second waits for the first.
"""

import hashlib
from pathlib import Path
from typing import IO, Any

from hpsoft.data.sources.idx import uncompressed
from hpsoft.data.sources.imagesets import FILES, ImageSet, mirrors
from hpsoft.errors import DataError
from hpsoft.system.locks import folder_to_itself

WHOLE, UNSATISFIABLE = 200, 416  # answers to a request for the rest of a file
TIMEOUT = (5.0, 30.0)  # seconds to connect, and between two packets


class UnavailableError(DataError):
    """A data set that is neither on this machine nor to be downloaded."""


def cache_folder(image_set: ImageSet) -> Path:
    """Return the folder of the user's cache that holds this set, made or not."""
    from platformdirs import user_cache_path

    return user_cache_path("hpsoft") / image_set.name


def download(image_set: ImageSet, *, progress: bool = False) -> tuple[Path, ...]:
    """Bring the four files into the cache, those that are sound there already excepted.

    Raises:
        UnavailableError: no mirror has them, or the cache cannot be written.
    """
    folder = cache_folder(image_set)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with folder_to_itself(folder):
            return tuple(_ensure(image_set, role, folder, progress=progress) for role in FILES)
    except OSError as error:
        raise UnavailableError(
            f"{image_set.title} cannot be kept in {folder}: {error.strerror}."
        ) from None


def _ensure(image_set: ImageSet, role: str, folder: Path, *, progress: bool) -> Path:
    target = folder / FILES[role]
    if target.exists() and _is_sound(target, image_set.digests[role]):
        return target
    failures = []
    for mirror in mirrors(image_set):
        url = f"{mirror.rstrip('/')}/{target.name}"
        failure = _transfer(url, target, image_set.digests[role], progress=progress)
        if failure is None:
            return target
        failures.append(f"{url} {failure}")
    raise UnavailableError(f"no mirror served it ({'; '.join(failures)})")


def _transfer(url: str, target: Path, digest: str, *, progress: bool) -> str | None:
    """Download one file from one mirror; return what went wrong, None if nothing did."""
    from requests import RequestException

    part = target.with_name(f"{target.name}.part")
    for _ in range(2):
        resumed = part.exists() and part.stat().st_size > 0
        try:
            _fetch(url, part, progress=progress)
        except RequestException as error:
            if part.stat().st_size == 0:
                part.unlink()
            if not _is_beyond(error):
                return _reason(error)
        if _is_sound(part, digest):
            part.replace(target)
            return None
        part.unlink()
        if not resumed:
            break  # what was there may have been of another mirror's file: once more, from zero
    return "sent a truncated or altered file"


def _fetch(url: str, part: Path, *, progress: bool) -> None:
    """Download what is missing of a file; all of it from a server that sends no ranges."""
    import pooch

    with part.open("ab") as file:
        options: dict[str, Any] = {}
        if (size := file.tell()) > 0:
            options["headers"] = {"Range": f"bytes={size}-"}
            options["hooks"] = {"response": lambda response, **_: _begin(response, file)}
        pooch.HTTPDownloader(progressbar=progress, timeout=TIMEOUT, **options)(url, file, None)


def _begin(response: Any, file: IO[bytes]) -> None:
    """Start anew where the answer is all of the file; a redirect, or an error, is none yet."""
    if response.status_code == WHOLE:
        file.truncate(0)


def _is_beyond(error: Exception) -> bool:
    """Tell whether a server has nothing to add: the file has all of it, or too much."""
    return getattr(getattr(error, "response", None), "status_code", None) == UNSATISFIABLE


def _is_sound(path: Path, digest: str) -> bool:
    try:
        return hashlib.sha256(uncompressed(path)).hexdigest() == digest
    except DataError:
        return False


def _reason(error: Exception) -> str:
    """Say in a few words what `requests` says in a paragraph."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"answered {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "did not answer in time"
    if isinstance(error, requests.ConnectionError):
        return "cannot be reached"
    return f"failed ({type(error).__name__})"
