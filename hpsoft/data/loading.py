"""One way in: what the user wrote after --data -> a checked Dataset."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from hpsoft.data.encoding.policy import Policy
from hpsoft.data.features import (
    TEST,
    TRAINING,
    VALIDATION,
    Part,
    fit_encoding,
    leaks,
    lonely,
    matters,
    parts_of,
    remarks,
)
from hpsoft.data.fingerprint import fingerprint
from hpsoft.data.labels import encode
from hpsoft.data.scale import check_scale, usual_scale
from hpsoft.data.sources import arrays
from hpsoft.data.sources.download import UnavailableError
from hpsoft.data.sources.folder import read_folder
from hpsoft.data.sources.images import read_images
from hpsoft.data.sources.imagesets import IMAGE_SETS
from hpsoft.data.sources.sklearnsets import read_digits, read_openml
from hpsoft.data.splitting import TEST_STREAM, stratified, take
from hpsoft.data.tables import csvfile
from hpsoft.data.tables.columns import Wish
from hpsoft.data.tables.parquet import read_parquet
from hpsoft.data.types import Dataset, Labels, Samples, Source, TrainingData
from hpsoft.errors import DataError, unknown

NAMES = (*IMAGE_SETS, "digits", "openml:NAME")
DEFAULT = "fashion-mnist"
USUAL = Policy()
SUFFIXES = (".npz", ".npy", ".parquet", *csvfile.SUFFIXES)


def load(
    spec: str | None = None,
    *,
    target: str | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    test_fraction: float = 0.2,
    seed: int = 0,
    scale: str | None = None,
    policy: Policy = USUAL,
    progress: bool = False,
) -> Dataset:
    """Read, check and name a data set.

    `spec` is fashion-mnist, mnist, digits, openml:NAME, openml:ID or a path: .npz, .csv, .parquet,
    a pair `X.npy,y.npy`, X.npy with y.npy beside it, or a folder of IDX or .npy files. None means
    Fashion-MNIST, or the embedded digits where that cannot be had; `notes` then says so.

    Data without a test part is divided by `test_fraction` and `seed`, stratified. Columns of a
    table are told by name or by position from 0: `target` holds the labels, those of `keep` are
    features though they seem to number the rows, those of `drop` are left out. `policy` says what
    becomes of missing values and of columns that are not numbers; what that takes is fitted to the
    training part. `notes` says what was decided where nobody said. `progress` shows a bar where
    something is downloaded.

    Raises:
        DataError: there is no such data, it cannot be read, or it cannot be learnt from.
    """
    if scale is not None:
        check_scale(scale)
    policy.check()
    wish = Wish(target, tuple(keep), tuple(drop), policy.rules)
    return assemble(_read(spec, wish, progress=progress), test_fraction, seed, scale, policy)


def _read(spec: str | None, wish: Wish, *, progress: bool) -> Source:
    if spec is not None and spec.startswith("openml:"):
        if wish.keep or wish.drop:
            raise _no_columns(Wish(None, wish.keep, wish.drop), spec)
        return read_openml(spec, wish.target)
    if spec is not None and spec not in {*IMAGE_SETS, "digits"}:
        return _read_path(spec, wish)
    if wish:
        raise _no_columns(wish, spec or DEFAULT)
    if spec == "digits":
        return read_digits()
    if spec is not None:
        return read_images(IMAGE_SETS[spec], progress=progress)
    try:
        return read_images(IMAGE_SETS[DEFAULT], progress=progress)
    except UnavailableError as error:
        return read_digits(f"The embedded digits are used instead of Fashion-MNIST. {error}")


def _read_path(spec: str, wish: Wish) -> Source:
    if not spec.strip():
        raise DataError(
            "--data is empty. Leave it out for Fashion-MNIST, or name a data set or a file; `.` "
            "is this folder."
        )
    path = Path(spec).expanduser()
    suffix = path.suffix.lower()
    is_pair = ".npy," in spec.lower() and not path.exists()
    is_folder = path.is_dir() and suffix != ".csv"  # that name is a mistake
    if csvfile.is_table(path) and not (is_pair or is_folder):
        return csvfile.read_csv(path, wish)
    if suffix == ".parquet":
        return read_parquet(path, wish)
    if wish:
        raise _no_columns(wish, spec)
    if is_pair or ("," in spec and not path.exists()):
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


def _no_columns(wish: Wish, spec: str) -> DataError:
    options = {"--target": (wish.target,), "--keep": wish.keep, "--drop": wish.drop}
    given = [f"{name} {value}" for name, values in options.items() for value in values if value]
    verb = "makes" if len(given) == 1 else "make"
    return DataError(
        f"{' '.join(given)} {verb} no sense for {spec!r}: only the columns of a .csv or a .parquet "
        "have names, and an OpenML data set takes --target alone. Leave it out."
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


def assemble(
    source: Source,
    test_fraction: float,
    seed: int,
    scale: str | None,
    policy: Policy = USUAL,
) -> Dataset:
    """Check what a reader found, name the classes, make sure that there is a test part, encode.

    Raises:
        DataError: the data cannot be learnt from.
    """
    parts, notes = parts_of(source, policy)
    labels, classes = _labels(source, parts)
    whole = parts[TRAINING].table
    all_rows = np.arange(len(whole))
    kept, held = all_rows, all_rows[:0]
    if TEST not in parts:
        kept, held = stratified(labels[TRAINING], classes, test_fraction, (seed, TEST_STREAM))
    training = whole.take(kept) if len(held) else whole
    encoding = fit_encoding(source, whole, training, policy)
    encoded = {
        title: Samples(
            part.table.numbers if encoding is None else encoding.apply(part.table, source.origin),
            labels[title],
        )
        for title, part in parts.items()
    }
    others = {title: parts[title].table for title in (VALIDATION, TEST) if title in parts}
    samples, validation = encoded[TRAINING], encoded.get(VALIDATION)
    if TEST in encoded:
        kept_samples, test = samples, encoded[TEST]
    else:
        kept_samples, test = take(samples, kept), take(samples, held)
        others[TEST] = whole.take(held)
    present = [part for part in (kept_samples, validation, test) if part is not None]
    notes = (
        *source.notes,
        *notes,
        *remarks(encoding, others),
        *lonely(labels[TRAINING], classes, parts),
        *leaks(source, encoding, training, kept_samples.labels, len(classes)),
    )
    data = TrainingData(
        name=source.name,
        samples=kept_samples,
        classes=classes,
        scale=scale or source.scale or usual_scale(source.X.shape, samples.X),
        fingerprint=fingerprint(present, classes),
        validation=validation,
        features=None if encoding is None else encoding.features,
    )
    return Dataset(
        name=source.name,
        training=data,
        test=test,
        source=source.origin,
        notes=notes,
        columns=source.columns,
        encoding=encoding,
        matters=matters(encoding, policy),
    )


def _labels(
    source: Source, parts: Mapping[str, Part]
) -> tuple[dict[str, Labels], tuple[str, ...]]:
    """Return the labels of each part as indices, and the names of the classes."""
    train, found = parts[TRAINING].labels, {}
    found[TRAINING], _, classes = encode(train, None, source.origin)
    for title in (VALIDATION, TEST):
        if title in parts:
            _, other, _ = encode(train, parts[title].labels, source.origin, title)
            assert other is not None, "labels were given"
            found[title] = other
    if source.classes is not None:
        classes = tuple(source.classes[int(name)] for name in classes)
    return found, classes
