"""One way in: what the user wrote after --data -> a checked Dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hpsoft.data.fingerprint import fingerprint
from hpsoft.data.labels import encode
from hpsoft.data.parts.making import check_roles, make_parts
from hpsoft.data.scale import check_scale, usual_scale
from hpsoft.data.side.roles import ROLES, prepare
from hpsoft.data.sources import arrays
from hpsoft.data.sources.download import UnavailableError
from hpsoft.data.sources.folder import read_folder
from hpsoft.data.sources.images import read_images
from hpsoft.data.sources.imagesets import IMAGE_SETS
from hpsoft.data.sources.sklearnsets import read_digits, read_openml
from hpsoft.data.tables import csvfile
from hpsoft.data.tables.columns import Wish
from hpsoft.data.tables.matrix import conform
from hpsoft.data.tables.parquet import read_parquet
from hpsoft.data.types import Dataset, Labels, Samples, Source, TrainingData
from hpsoft.errors import DataError, unknown
from hpsoft.softmax.probabilities import Array

NAMES = (*IMAGE_SETS, "digits", "openml:NAME")
DEFAULT = "fashion-mnist"
SUFFIXES = (".npz", ".npy", ".parquet", *csvfile.SUFFIXES)


def load(
    spec: str | None = None,
    *,
    target: str | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    side: Mapping[str, str] | None = None,
    dedupe: bool = False,
    test_fraction: float = 0.2,
    seed: int = 0,
    scale: str | None = None,
    progress: bool = False,
) -> Dataset:
    """Read, check and name a data set.

    `spec` is fashion-mnist, mnist, digits, openml:NAME, openml:ID or a path: .npz, .csv, .parquet,
    a pair `X.npy,y.npy`, X.npy with y.npy beside it, or a folder of IDX or .npy files. None means
    Fashion-MNIST, or the embedded digits where that cannot be had; `notes` then says so.

    Data without a test part is divided by `test_fraction` and `seed`, stratified. Columns of a
    table are told by name or by position from 0: `target` holds the labels, those of `keep` are
    features though they seem to number the rows, those of `drop` are left out. `side` names a
    column, or an array of a container, for each role that one is to have (`hpsoft.data.side`);
    it is no feature. `dedupe` keeps samples of equal features on one side. `notes` says what was
    decided where nobody said. `progress` shows a bar where something is downloaded.

    Raises:
        DataError: there is no such data, it cannot be read, or it cannot be learnt from.
    """
    if scale is not None:
        check_scale(scale)
    wish = Wish(target, tuple(keep), tuple(drop), dict(side or {}))
    check_roles(wish.side, dedupe=dedupe)
    source = _read(spec, wish, progress=progress)
    return assemble(source, test_fraction, seed, scale, dedupe=dedupe)


def _read(spec: str | None, wish: Wish, *, progress: bool) -> Source:
    if spec is not None and spec.startswith("openml:"):
        if rest := replace(wish, target=None):
            raise _no_columns(rest, spec)
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
    if rest := replace(wish, side={}):
        raise _no_columns(rest, spec)
    if is_pair or ("," in spec and not path.exists()):
        return _read_pair(spec, wish.side)
    if path.is_dir():
        return read_folder(path, wish.side)
    if suffix == ".npz":
        return arrays.read_npz(path, wish.side)
    if suffix == ".npy":
        return arrays.read_npy(path, side=wish.side)
    raise _no_such_data(spec, path)


def _read_pair(spec: str, side: Mapping[str, str]) -> Source:
    names = [Path(name.strip()).expanduser() for name in spec.split(",")]
    if len(names) != 2 or any(name.suffix.lower() != ".npy" for name in names):
        raise DataError(f"{spec!r} is no pair of .npy files, such as X.npy,y.npy.")
    return arrays.read_npy(names[0], names[1], side)


def _no_columns(wish: Wish, spec: str) -> DataError:
    options = {"--target": (wish.target,), "--keep": wish.keep, "--drop": wish.drop}
    given = [f"{name} {value}" for name, values in options.items() for value in values if value]
    given += [f"{ROLES[role].option} {name}" for role, name in wish.side.items()]
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
    source: Source, test_fraction: float, seed: int, scale: str | None, *, dedupe: bool = False
) -> Dataset:
    """Check what a reader found, name the classes, and make sure that there is a test part.

    Raises:
        DataError: the data cannot be learnt from.
    """
    samples, validation, test, classes = _check(source)
    made = make_parts(
        (samples, validation, test),
        classes,
        test_fraction,
        seed,
        dedupe=dedupe,
        where=source.origin,
    )
    parts = [part for part in (made.training, made.validation, made.test) if part is not None]
    training = TrainingData(
        name=source.name,
        samples=made.training,
        classes=classes,
        scale=scale or source.scale or usual_scale(source.X.shape, samples.X),
        fingerprint=fingerprint(parts, classes),
        validation=made.validation,
    )
    notes = (*source.notes, *made.notes)
    return Dataset(
        name=source.name,
        training=training,
        test=made.test,
        source=source.origin,
        notes=notes,
        columns=source.columns,
        twins=made.twins,
        side={role: column.name for role, column in source.side.items()},
    )


def _check(source: Source) -> tuple[Samples, Samples | None, Samples | None, tuple[str, ...]]:
    """Return the training part, validation and test part where they are there, and the classes."""
    X = conform(source.X, f"X of {source.origin}")
    labels, test_labels, classes = encode(source.labels, source.labels_test, source.origin)
    val_labels = None
    if source.labels_val is not None:
        _, val_labels, _ = encode(source.labels, source.labels_val, source.origin, "validation")
    if source.classes is not None:
        classes = tuple(source.classes[int(name)] for name in classes)
    samples = _pair(X, labels, source.origin)
    validation = _part(source.X_val, val_labels, "validation", X, source.origin)
    test = _part(source.X_test, test_labels, "test", X, source.origin)
    sizes = [None if part is None else len(part) for part in (samples, validation, test)]
    beside = prepare(source.side, sizes, source.origin)
    return (
        replace(samples, side=beside[0]),
        None if validation is None else replace(validation, side=beside[1]),
        None if test is None else replace(test, side=beside[2]),
        classes,
    )


def _part(
    X: Array | None, labels: Labels | None, part: str, X_train: Array, where: str
) -> Samples | None:
    if X is None or labels is None:
        return None
    X = conform(X, f"X of the {part} part of {where}")
    if X.shape[1] != X_train.shape[1]:
        raise DataError(
            f"{where}: the training part has {X_train.shape[1]} features and the {part} part "
            f"{X.shape[1]}. They must be the same features."
        )
    return _pair(X, labels, where)


def _pair(X: Array, labels: Labels, where: str) -> Samples:
    if len(X) != len(labels):
        raise DataError(
            f"{where}: X has {len(X)} rows, but there are {len(labels)} labels. Every sample needs "
            "one; do the two belong together?"
        )
    return Samples(X, labels)
