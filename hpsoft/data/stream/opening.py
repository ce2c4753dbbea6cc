"""From a path or a name to rows: the reader of what lies there.

Told apart as `hpsoft.data.sources.paths` tells data to learn from, but labels need not be there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hpsoft.data.containers.arraynames import WHOLE, prefixed_role
from hpsoft.data.containers.formats import OPENERS, open_beside, open_container, open_folder
from hpsoft.data.errors import reading
from hpsoft.data.loading import NAMES
from hpsoft.data.sources import idx, svmlight
from hpsoft.data.sources.folder import has_columns, is_text_table, nothing_in
from hpsoft.data.sources.images import read_images
from hpsoft.data.sources.imagesets import IMAGE_SETS
from hpsoft.data.sources.paths import check_place, is_arff, no_such_data
from hpsoft.data.sources.sklearnsets import read_digits, read_openml
from hpsoft.data.sources.tableparts import find_shards
from hpsoft.data.stream.arrays import open_arrays, open_pair
from hpsoft.data.stream.arrowrows import open_shards, open_whole
from hpsoft.data.stream.bypart import of_part
from hpsoft.data.stream.incoming import Asked, Incoming, Wanted
from hpsoft.data.stream.options import refuse
from hpsoft.data.stream.parts import ALL, check_part, chosen
from hpsoft.data.stream.recoding import recoded_chunks
from hpsoft.data.stream.sources import open_idx, open_source
from hpsoft.data.stream.sparserows import open_sparse
from hpsoft.data.stream.textrows import open_text
from hpsoft.data.tables import csvfile
from hpsoft.data.tables.arrow import arff, columnar
from hpsoft.errors import DataError

OF_TEXT = ("encoding", "delimiter")
EVERY = ("labels", "features", "drop", *OF_TEXT)


def open_rows(spec: str, wanted: Wanted, asked: Asked | None = None) -> Incoming:
    """Open data for a model: a name, a file, a pair of .npy files, or a folder.

    Raises:
        DataError: there is no such data, it cannot be read, or the model does not fit it.
    """
    asked = asked or Asked()
    check_part(asked.part)
    opened = _open(spec, wanted, asked)
    recoded = replace(opened, chunks=lambda: recoded_chunks(opened.chunks(), wanted))
    return of_part(recoded, asked)


def _open(spec: str, wanted: Wanted, asked: Asked) -> Incoming:
    if not spec.strip():
        raise DataError("DATA is empty. Name a data set or a file; `.` is this folder.")
    if spec.startswith("openml:"):
        refuse(asked, spec, "features", *OF_TEXT)
        return open_source(read_openml(spec, asked.labels or wanted.label), asked, wanted)
    if spec == "digits" or spec in IMAGE_SETS:
        refuse(asked, spec, *EVERY)
    if spec == "digits":
        return open_source(read_digits(), asked, wanted)
    if spec in IMAGE_SETS:
        return open_source(read_images(IMAGE_SETS[spec], progress=True), asked, wanted)
    return _open_path(spec, Path(spec).expanduser(), asked, wanted)


def _open_path(spec: str, path: Path, asked: Asked, wanted: Wanted) -> Incoming:
    suffix = path.suffix.lower()
    check_place(spec, path)
    if ("," in spec and not path.exists()) or ".npy," in spec.lower():
        refuse(asked, spec, "drop", *OF_TEXT)
        return open_pair(spec, asked, wanted)
    if path.is_dir() and suffix != ".csv":  # that name is a mistake
        return _open_folder(path, asked, wanted)
    if suffix in {*OPENERS, ".npy"}:
        refuse(asked, spec, "drop", *OF_TEXT)
        return _open_arrays(path, asked, wanted)
    if suffix in columnar.SUFFIXES:
        refuse(asked, spec, *OF_TEXT)
        return open_shards([path], path, asked, wanted)
    return _open_by_content(spec, path, asked, wanted)


def _open_by_content(spec: str, path: Path, asked: Asked, wanted: Wanted) -> Incoming:
    if is_arff(path):
        refuse(asked, spec, "features", "delimiter")
        return open_whole(arff.open_arff(path, asked.encoding), asked, wanted)
    if path.is_file() and idx.NAME.fullmatch(path.name):
        refuse(asked, spec, *EVERY)
        return open_idx(path.parent, idx.find_beside(path), asked, wanted)
    if path.suffix.lower() in svmlight.SUFFIXES or (path.is_file() and svmlight.is_svmlight(path)):
        refuse(asked, spec, *EVERY)
        chosen({WHOLE: ()}, asked.part, spec)  # refuses a part of it
        return open_sparse(path, wanted)
    if csvfile.is_table(path):
        refuse(asked, spec, "features")
        return open_text(path, asked, wanted)
    raise no_such_data(spec, path, NAMES)


def _open_arrays(path: Path, asked: Asked, wanted: Wanted) -> Incoming:
    """Open a container; a .npy file as features, whose labels may lie beside it by their name."""
    if path.suffix.lower() != ".npy":
        return open_arrays(open_container(path), asked, wanted)
    container = open_beside(path)
    role = prefixed_role(path.stem)
    named = asked.features or ((path.stem,) if role is None or role.part == WHOLE else ())
    if role is not None and role.part != WHOLE and asked.part is None:  # the file says which part
        asked = replace(asked, part=role.part)
    return open_arrays(container, replace(asked, features=named), wanted)


def _open_folder(folder: Path, asked: Asked, wanted: Wanted) -> Incoming:
    with reading(folder):
        found = idx.find(folder)
        has_arrays = any(folder.glob("*.npy"))
    if found:
        refuse(asked, str(folder), *EVERY)
        return open_idx(folder, found, asked, wanted)
    if not has_arrays and (shards := find_shards(folder, has_columns, trains=False)):
        refuse(asked, str(folder), *OF_TEXT)
        files, notes, asked = _files(shards.files, asked, wanted, folder)
        opened = open_shards(files, folder, asked, wanted)
        return replace(opened, notes=(*notes, *opened.notes))
    if (arrays := open_folder(folder)) is not None:
        refuse(asked, str(folder), "drop", *OF_TEXT)
        return open_arrays(arrays, asked, wanted)
    if shards := find_shards(folder, is_text_table, depth=2, trains=False):
        refuse(asked, str(folder), "features")
        files, notes, asked = _files(shards.files, asked, wanted, folder)
        if len(files) > 1:
            raise DataError(
                f"{folder} holds several tables: {', '.join(f.name for f in files[:12])}. Name the "
                "one that is meant."
            )
        opened = open_text(files[0], asked, wanted)
        return replace(opened, notes=(*notes, *opened.notes))
    raise nothing_in(folder)


def _files(
    files: Mapping[str, Sequence[Path]], asked: Asked, wanted: Wanted, folder: Path
) -> tuple[list[Path], tuple[str, ...], Asked]:
    """Return the files of the part that is asked for, what is said, and what of them is asked."""
    alone = files.keys() == {"train"}
    if alone and (asked.part is None or wanted.split is not None):  # a column may say more
        return list(files["train"]), (), asked
    found, notes = chosen(files, asked.part, str(folder))
    return [path for part in found for path in part], notes, replace(asked, part=ALL)
