"""One way in: what the user wrote after --data -> a checked Dataset."""

from pathlib import Path

import numpy as np

from hpsoft.data import arrays
from hpsoft.data.csvfile import read_csv
from hpsoft.data.download import UnavailableError
from hpsoft.data.fingerprint import fingerprint
from hpsoft.data.folder import read_folder
from hpsoft.data.images import read_images
from hpsoft.data.imagesets import IMAGE_SETS
from hpsoft.data.labels import encode
from hpsoft.data.matrix import conform
from hpsoft.data.parquet import read_parquet
from hpsoft.data.scale import check_scale
from hpsoft.data.sklearnsets import read_digits, read_openml
from hpsoft.data.splitting import TEST_STREAM, stratified, take
from hpsoft.data.types import Array, Dataset, Labels, Samples, Source, TrainingData
from hpsoft.errors import DataError, unknown

NAMES = (*IMAGE_SETS, "digits", "openml:NAME")
DEFAULT = "fashion-mnist"
SUFFIXES = (".npz", ".npy", ".csv", ".parquet")


def load(
    spec: str | None = None,
    *,
    target: str | None = None,
    test_fraction: float = 0.2,
    seed: int = 0,
    scale: str | None = None,
    progress: bool = False,
) -> Dataset:
    """Read, check and name a data set.

    `spec` is fashion-mnist, mnist, digits, openml:NAME, openml:ID or a path: .npz, .csv, .parquet,
    a pair `X.npy,y.npy`, X.npy with y.npy beside it, or a folder of IDX or .npy files. None means
    Fashion-MNIST, or the embedded digits where that cannot be had; `note` then says so.

    Data without a test part is divided by `test_fraction` and `seed`, stratified. `target` names
    the column of the labels of a table. `progress` shows a bar where something is downloaded.

    Raises:
        DataError: there is no such data, it cannot be read, or it cannot be learnt from.
    """
    if scale is not None:
        check_scale(scale)
    return assemble(_read(spec, target, progress=progress), test_fraction, seed, scale)


def _read(spec: str | None, target: str | None, *, progress: bool) -> Source:
    if spec is not None and spec.startswith("openml:"):
        return read_openml(spec, target)
    if spec is not None and spec not in {*IMAGE_SETS, "digits"}:
        return _read_path(spec, target)
    if target is not None:
        raise _no_target(target, spec or DEFAULT)
    if spec == "digits":
        return read_digits()
    if spec is not None:
        return read_images(IMAGE_SETS[spec], progress=progress)
    try:
        return read_images(IMAGE_SETS[DEFAULT], progress=progress)
    except UnavailableError as error:
        return read_digits(note=f"The embedded digits are used instead of Fashion-MNIST. {error}")


def _read_path(spec: str, target: str | None) -> Source:
    if not spec.strip():
        raise DataError(
            "--data is empty. Leave it out for Fashion-MNIST, or name a data set or a file; `.` "
            "is this folder."
        )
    path = Path(spec).expanduser()
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return read_csv(path, target)
    if suffix == ".parquet":
        return read_parquet(path, target)
    if target is not None:
        raise _no_target(target, spec)
    if "," in spec and not path.exists():
        return _read_pair(spec)
    if path.is_dir():
        return read_folder(path)
    if suffix == ".npz":
        return arrays.read_npz(path)
    if suffix == ".npy":
        return arrays.read_npy(path)
    raise _no_such_data(spec, path)


def _read_pair(spec: str) -> Source:
    names = [Path(name.strip()).expanduser() for name in spec.split(",")]
    if len(names) != 2 or any(name.suffix.lower() != ".npy" for name in names):
        raise DataError(f"{spec!r} is no pair of .npy files, such as X.npy,y.npy.")
    return arrays.read_npy(*names)


def _no_target(target: str, spec: str) -> DataError:
    return DataError(
        f"--target {target} makes no sense for {spec!r}: only the columns of a .csv, a .parquet or "
        "an OpenML data set have names. Leave it out."
    )


def _no_such_data(spec: str, path: Path) -> DataError:
    if path.exists():
        return DataError(
            f"{spec!r} is of no format that hpsoft reads: {', '.join(SUFFIXES)}, or a folder of "
            "IDX files. Rename or convert it."
        )
    if path.suffix or len(path.parts) > 1:
        return DataError(
            f"There is no file or folder {spec!r}. Check the path; `hpsoft data list` shows the "
            "data sets that have a name."
        )
    return DataError(
        f"{unknown('data set', spec, NAMES)} A path ({', '.join(SUFFIXES)} or a folder of IDX "
        "files) will do as well."
    )


def assemble(source: Source, test_fraction: float, seed: int, scale: str | None) -> Dataset:
    """Check what a reader found, name the classes, and make sure that there is a test part.

    Raises:
        DataError: the data cannot be learnt from.
    """
    samples, test, classes = _check(source)
    if test is None:
        kept, held = stratified(samples.labels, classes, test_fraction, (seed, TEST_STREAM))
        samples, test = take(samples, kept), take(samples, held)
    digest = fingerprint(samples, test, classes)
    kind = scale or source.scale or _default_scale(source.X)
    training = TrainingData(source.name, samples, classes, kind, digest)
    return Dataset(source.name, training, test, source.origin, source.note)


def _check(source: Source) -> tuple[Samples, Samples | None, tuple[str, ...]]:
    X = conform(source.X, f"X of {source.origin}")
    labels, test_labels, classes = encode(source.labels, source.labels_test, source.origin)
    if source.classes is not None:
        classes = tuple(source.classes[int(name)] for name in classes)
    samples = _pair(X, labels, source.origin)
    if source.X_test is None or test_labels is None:
        return samples, None, classes
    X_test = conform(source.X_test, f"X of the test part of {source.origin}")
    if X_test.shape[1] != X.shape[1]:
        raise DataError(
            f"{source.origin}: the training part has {X.shape[1]} features and the test part "
            f"{X_test.shape[1]}. They must be the same features."
        )
    return samples, _pair(X_test, test_labels, source.origin), classes


def _pair(X: Array, labels: Labels, where: str) -> Samples:
    if len(X) != len(labels):
        raise DataError(
            f"{where}: X has {len(X)} rows, but there are {len(labels)} labels. Every sample needs "
            "one; do the two belong together?"
        )
    return Samples(X, labels)


def _default_scale(X: Array) -> str:
    """Images are divided by their brightest pixel; the features of a table differ in scale."""
    return "unit" if X.ndim > 2 or X.dtype == np.uint8 else "standard"
