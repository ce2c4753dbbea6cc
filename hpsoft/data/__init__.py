"""Data: sources, validation, splits, scaling and fingerprints.

    load("fashion-mnist") -> Dataset -> .training -> split(...) -> Split -> Scaler.fit / .apply

`sources/paths` finds the reader of a place, which turns it into a `Source`; `loading` checks it
and makes a `Dataset`. What the columns of a table are is said in `tables/columns`.
Libraries that are slow to import are imported by the function that needs them, so importing this
package costs no more than NumPy.

errors.py       Opening files: what the operating system or a decompressor says, as one paragraph
                for a user.
features.py     From raw samples that were divided to features: columns encoded, and what is said
                of it.
fingerprint.py  The fingerprint of a data set: SHA-256 of what it holds, however it was stored.
labels.py       Labels of any kind -> indices into a tuple of class names.
loading.py      One way in: what the user wrote after --data -> a checked Dataset.
raw.py          From what a reader found to raw samples: parts checked, gaps closed, labels named.
recode.py       Columns as the user says they are: words for `missing`, numbers that are names.
rows.py         Some rows of a matrix, not copied before they are read.
scale.py        Scaling of features: (X - shift) / divisor, fitted on the part that is trained on,
                nothing else.
spec.py         Which data set, and how it is read: what is needed to load it once more.
splitting.py    Dividing samples in two, or into folds, class by class, by a seed alone.
summaries.py    The few numbers of a training part that a default space, or the choice of a dtype,
                depends on.
types.py        What a data set is once it has been read: samples, classes by name, and who may see
                which part.
validation.py   By what trials are told apart: one validation part, or K folds where that part
                would be small.
memory/         Data that are in memory already: arrays, tensors, data frames.
encoding/       From the columns of a table to features: missing values, text, dates, constants.
containers/     Files that hold named arrays, and which of their arrays are features and labels.
featuresets/    Named groups of the columns of X, each of which models can be trained on alone.
parts/          How samples are divided where more than their classes matters.
side/           Side columns: what is known of each sample beside features and labels.
stream/         Rows as they come, chunk by chunk, for a model that was trained before.
sources/        Places that data comes from: paths, images, folders, catalogues, downloads.
tables/         Tables as people write them: text, spreadsheets' exports, Parquet; which column is
                what.
"""

from hpsoft.data.loading import load as load
from hpsoft.data.scale import SCALES as SCALES
from hpsoft.data.scale import Scaler as Scaler
from hpsoft.data.sources.catalog import DataInfo as DataInfo
from hpsoft.data.sources.catalog import DataSource as DataSource
from hpsoft.data.sources.catalog import available as available
from hpsoft.data.sources.catalog import fetch as fetch
from hpsoft.data.sources.catalog import info as info
from hpsoft.data.splitting import folds as folds
from hpsoft.data.splitting import split as split
from hpsoft.data.summaries import summary as summary
from hpsoft.data.types import Dataset as Dataset
from hpsoft.data.types import Samples as Samples
from hpsoft.data.types import Split as Split
from hpsoft.data.types import TrainingData as TrainingData
