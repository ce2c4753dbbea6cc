"""Downloading image sets into the user's cache, mirror after mirror.

A file is written under a temporary name and gets its own only once its content has the pinned
SHA-256. So an interrupted download is never taken for a whole one, files that arrived are not
fetched again, and two processes that download at once do no harm.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from hpsoft.data.idx import uncompressed
from hpsoft.data.imagesets import FILES, ImageSet, mirrors
from hpsoft.errors import DataError

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
    import pooch
    from requests import RequestException

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=target.name, suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        pooch.HTTPDownloader(progressbar=progress, timeout=TIMEOUT)(url, name, None)
        if not _is_sound(part, digest):
            return "sent a truncated or altered file"
        part.replace(target)
    except RequestException as error:
        return _reason(error)
    finally:
        part.unlink(missing_ok=True)
    return None


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
