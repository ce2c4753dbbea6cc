"""Options that several commands share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from hpsoft.data.encoding.policy import Policy

Storage: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="PATH|URL",
        help="Where studies are kept: a .journal or .db file, or an Optuna storage URL. "
        "[default: $OPTUNA_STORAGE, then hpsoft.journal]",
        show_default=False,
    ),
]
Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on standard output.")
]
Quiet: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print nothing but errors (and --json's document).")
]
Data: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="SPEC",
        help="fashion-mnist, mnist, digits, openml:NAME|ID, or a path: .npz, .safetensors, .pt, .h5, "
        ".mat, .csv, .tsv, .txt, .parquet, .feather, .arff, svmlight, X.npy,y.npy, a folder of such "
        "files or of IDX files. [default: fashion-mnist, else digits]",
        show_default=False,
    ),
]
Target: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Column of the labels in a table, by name or by position from 0, or the array of a "
        "container. [default: by its name, else the only one of text, else the last]",
        show_default=False,
    ),
]
Keep: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COLUMN",
        help="Column of a table that is a feature though it seems to number the rows; repeatable.",
        show_default=False,
    ),
]
Drop: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COLUMN",
        help="Column of a table to leave out, by name or by position from 0; repeatable.",
        show_default=False,
    ),
]
Missing: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="error|median|mean|drop-rows",
        help="Missing values: an error that counts them, filled in from the training part (a "
        "missing text is a value of its own), or their rows left out.",
    ),
]
Categories: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="error|one-hot|drop",
        help="Columns of text: an error that names them, a feature for each value (rare ones "
        "together), or left out. Dates become days.",
    ),
]
Categorical: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COLUMN",
        help="Column of a table whose numbers (or dates) are names: a feature for each value, as "
        "text; repeatable.",
        show_default=False,
    ),
]
MissingValues: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WORD,...",
        help="Values of features that say `missing` besides the usual ones, such as unknown,-999, "
        "or COLUMN=WORD in one column; repeatable.",
        show_default=False,
    ),
]
FeatureSet: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=COLUMNS",
        help="A name for some features, each searched on its own: slices from 0 (last=0:1024), "
        "columns, or beginnings of names (emb_*), by commas; or an array or column of lists. "
        "Repeatable.",
        show_default=False,
    ),
]
Groups: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Column of a table, or array of an .npz, whose samples of one value (a patient, a "
        "speaker, ...) are never divided: into test, validation or folds.",
        show_default=False,
    ),
]
Features: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Array of a container (.npz, .h5, ...) or column of a table that is features, and no "
        "other; several stand side by side. [default: by name, or as they fit]",
        show_default=False,
    ),
]
Encoding: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Encoding of a table of text: cp1252, latin-1, utf-16, ... [default: by its bytes]",
        show_default=False,
    ),
]
Delimiter: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="CHAR",
        help="What separates the cells of a table of text: tab, comma, ';', ... [default: found]",
        show_default=False,
    ),
]
SampleWeight: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Column of a table, or array of an .npz, with what each sample counts, in training "
        "and in metrics: 0 or more; only ratios matter.",
        show_default=False,
    ),
]
Split: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Column of a table, or array of an .npz, that says of which part each sample is: "
        "train, val or test.",
        show_default=False,
    ),
]
Time: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="Column of a table, or array of an .npz, of numbers or ISO dates: the later part "
        "tests, and the later part of the rest validates.",
        show_default=False,
    ),
]
Dedupe: TypeAlias = Annotated[
    bool,
    typer.Option("--dedupe", help="Keep samples that are equal in all features on one side."),
]
TestFraction: TypeAlias = Annotated[
    float,
    typer.Option(metavar="0..1", help="Share held out for the test where data has no test part."),
]
Scale: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="raw|unit|standard|l2-rows",
        help="Scaling of the features, fitted on training data; several: --set scale=raw,unit. "
        "[default: raw for fashion-mnist, unit for other images and pixels, else standard]",
        show_default=False,
    ),
]
Metric: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Choose the winner by: cross-entropy, accuracy, balanced-accuracy, macro-f1 or top-5.",
    ),
]
Seed: TypeAlias = Annotated[
    int, typer.Option(metavar="N", help="Seed of the splits and the sample order.")
]
Study: TypeAlias = Annotated[
    str, typer.Option(metavar="best|latest|NAME", help="Which study of the storage.")
]
MovedTo: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="SPEC", help="Where the data lies now. [default: where it lay]"),
]
Jobs: TypeAlias = Annotated[
    int | None, typer.Option(metavar="N", help="Cores to use. [default: all]")
]


def beside(**columns: str | None) -> dict[str, str]:
    """Return the side columns that were named, by role, for `side` of DataSpec."""
    return {role: column for role, column in columns.items() if column is not None}


def policy(
    missing: str,
    categories: str,
    categorical: Sequence[str] | None,
    missing_values: Sequence[str] | None,
) -> "Policy":
    """Return what was said of missing values and of columns that are not numbers."""
    from hpsoft.data.encoding.policy import Policy, words_of

    return Policy(missing, categories, tuple(categorical or ()), words_of(missing_values or ()))
