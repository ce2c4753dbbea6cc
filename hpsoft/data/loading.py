"""One way in: what the user wrote after --data -> a checked Dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hpsoft.data.encoding.doubts import doubts_of
from hpsoft.data.encoding.encoding import Encoding
from hpsoft.data.encoding.policy import DROP_ROWS, Policy
from hpsoft.data.features import (
    encode_parts,
    is_of_names,
    leaks,
    lonely,
    matters,
    one_sided,
    remarks,
    undivided,
)
from hpsoft.data.featuresets.naming import Named, plain_names, resolve
from hpsoft.data.fingerprint import fingerprint
from hpsoft.data.labels import alike
from hpsoft.data.parts.dedupe import with_groups
from hpsoft.data.parts.making import check_roles, make_parts
from hpsoft.data.raw import TEST, TRAINING, VALIDATION, labels_of, parts_of, raw_samples
from hpsoft.data.recode import reading_words, recoded
from hpsoft.data.scale import check_scale, usual_scale
from hpsoft.data.side.roles import WEIGHT
from hpsoft.data.side.weights import check_some_weight, weight_notes, weightless
from hpsoft.data.sources.download import UnavailableError
from hpsoft.data.sources.images import read_images
from hpsoft.data.sources.imagesets import IMAGE_SETS
from hpsoft.data.sources.paths import no_columns, read_path
from hpsoft.data.sources.sklearnsets import read_digits, read_openml
from hpsoft.data.tables.columns import Wish
from hpsoft.data.types import Dataset, Samples, Source, TrainingData

NAMES = (*IMAGE_SETS, "digits", "openml:NAME")
DEFAULT = "fashion-mnist"
USUAL = Policy()


def load(
    spec: str | None = None,
    *,
    target: str | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    side: Mapping[str, str] | None = None,
    features: Sequence[str] = (),
    encoding: str | None = None,
    delimiter: str | None = None,
    dedupe: bool = False,
    test_fraction: float | None = 0.2,
    seed: int = 0,
    scale: str | None = None,
    policy: Policy = USUAL,
    feature_sets: Mapping[str, Sequence[str]] | None = None,
    progress: bool = False,
) -> Dataset:
    """Read, check and name a data set.

    `spec` is fashion-mnist, mnist, digits, openml:NAME, openml:ID or a path: a container of arrays
    (.npz, .safetensors, .pt, .h5, .mat), a table (.csv, .parquet, .feather, .arff), svmlight, a
    pair `X.npy,y.npy`, X.npy with y.npy beside it, or a folder. None means Fashion-MNIST, or the
    embedded digits where that cannot be had; `notes` then says so.

    Data without a test part is divided by `test_fraction` and `seed`, stratified; None divides
    nothing off. Columns of a
    table are told by name or by position from 0: `target` holds the labels, those of `keep` are
    features though they seem to number the rows, those of `drop` are left out. `side` names a
    column, or an array of a container, for each role that one is to have (`hpsoft.data.side`);
    it is no feature. `features` names the only columns or arrays that are features, `target` the
    array of the labels too, `encoding` and `delimiter` those of text. `dedupe` keeps samples of
    equal features on one side. `policy` says what becomes of missing values and of columns that
    are not numbers; what that takes is fitted to the training part. `feature_sets` name columns
    of X by their items, see `hpsoft.data.featuresets`. `notes` says what was decided where nobody
    said. `progress` shows a bar where something is downloaded.

    Raises:
        DataError: there is no such data, it cannot be read, or it cannot be learnt from.
    """
    if scale is not None:
        check_scale(scale)
    policy.check()
    sets = feature_sets or {}
    columns = tuple(keep), tuple(drop), dict(side or {}), tuple(features)
    wish = Wish(
        target,
        *columns,
        policy.rules,
        delimiter,
        plain_names(sets),
        missing=reading_words(policy),
        whole_rows=policy.missing == DROP_ROWS,
    )
    check_roles(wish.side, dedupe=dedupe)
    source = _read(spec, wish, encoding, progress=progress)
    return assemble(
        source, test_fraction, seed, scale, dedupe=dedupe, policy=policy, feature_sets=sets
    )


def _read(spec: str | None, wish: Wish, encoding: str | None, *, progress: bool) -> Source:
    if spec is not None and spec.startswith("openml:"):
        if error := no_columns(replace(wish, target=None), spec, encoding):
            raise error
        return read_openml(spec, wish.target)
    if spec is not None and spec not in {*IMAGE_SETS, "digits"}:
        return read_path(spec, wish, encoding, NAMES)
    if error := no_columns(wish, spec or DEFAULT, encoding):
        raise error
    if spec == "digits":
        return read_digits()
    if spec is not None:
        return read_images(IMAGE_SETS[spec], progress=progress)
    try:
        return read_images(IMAGE_SETS[DEFAULT], progress=progress)
    except UnavailableError as error:
        return read_digits(f"The embedded digits are used instead of Fashion-MNIST. {error}")


def assemble(
    source: Source,
    test_fraction: float | None,
    seed: int,
    scale: str | None,
    *,
    dedupe: bool = False,
    policy: Policy = USUAL,
    feature_sets: Mapping[str, Sequence[str]] | None = None,
) -> Dataset:
    """Check what a reader found, name the classes, make sure that there is a test part, encode.

    Raises:
        DataError: the data cannot be learnt from.
    """
    source, policy = recoded(source, policy)
    maybe = doubts_of(source.fields or (), source.texts, source.number, policy)
    read, gaps = parts_of(source, policy)
    labels, classes = labels_of(source, read)
    made = make_parts(
        raw_samples(source, read, labels),
        classes,
        test_fraction,
        seed,
        dedupe=dedupe,
        where=source.origin,
    )
    encoded = encode_parts(source, read, made, policy)
    samples, encoding = encoded.training, encoded.encoding
    doubts = tuple(doubt for doubt in maybe if is_of_names(encoding, doubt.name))
    present = [part for part in (samples, encoded.validation, encoded.test) if part is not None]
    training = TrainingData(
        name=source.name,
        samples=samples,
        classes=classes,
        scale=scale or source.scale or usual_scale(source.X.shape, encoded.whole),
        fingerprint=fingerprint(present, classes),
        validation=encoded.validation,
        features=None if encoding is None else encoding.features,
        feature_sets=resolve(feature_sets or {}, _named(source, samples, encoding), source.origin),
        held_out=made.held_out,
    )
    notes = (
        *source.notes,
        *source.left,
        *(doubt.note for doubt in doubts),
        *gaps,
        *remarks(encoding, encoded.others),
        *made.notes,
        *alike(labels[TRAINING], classes),
        *lonely(labels[TRAINING], classes, read),
        *leaks(source, encoding, encoded.table, samples.labels, len(classes)),
    )
    check_some_weight(samples.weight, "train on", source.origin)
    check_some_weight(made.test.weight, "test by", source.origin)
    side = {role: column.name for role, column in source.side.items()}
    weighed = (
        *weight_notes(samples.weight, made.test.weight, tested=len(made.test) > 0),
        *weightless(samples.weight, samples.labels, classes, side.get(WEIGHT, "")),
        *undivided(samples, made.validation, classes),
        *one_sided({VALIDATION: made.validation, TEST: made.test}, classes, side),
    )
    return Dataset(
        name=source.name,
        training=training,
        test=with_groups(encoded.test, made.test_groups),
        source=source.origin,
        notes=(*notes, *weighed),
        columns=source.columns,
        twins=made.twins,
        side=side,
        encoding=encoding,
        matters=matters(encoding, policy),
        doubts={doubt.name: doubt.what for doubt in doubts},
        named=source.named,
        blocks=source.blocks,
        label_kind=source.label_kind,
    )


def _named(source: Source, samples: Samples, encoding: Encoding | None) -> Named:
    """Return what the columns of X are called: arrays, columns of a table, their features."""
    blocks = source.blocks
    if encoding is None:
        return Named.of(samples.n_features, blocks)
    if not blocks:
        blocks = tuple((column.name, len(column.features)) for column in encoding.columns)
    return Named.of(samples.n_features, blocks, encoding.features)
