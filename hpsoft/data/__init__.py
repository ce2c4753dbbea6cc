"""Data: sources, validation, splits, scaling and fingerprints.

    load("fashion-mnist") -> Dataset -> .training -> split(...) -> Split -> Scaler.fit / .apply

A reader (images, arrays, csvfile, parquet, sklearnsets, folder) turns a place into a `Source`;
`loading` checks it and makes a `Dataset`. What the columns of a table are is said in `columns`. Libraries that are slow to import are imported by the
function that needs them, so importing this package costs no more than NumPy.
"""

from hpsoft.data.catalog import DataInfo as DataInfo
from hpsoft.data.catalog import DataSource as DataSource
from hpsoft.data.catalog import available as available
from hpsoft.data.catalog import fetch as fetch
from hpsoft.data.catalog import info as info
from hpsoft.data.loading import load as load
from hpsoft.data.scale import SCALES as SCALES
from hpsoft.data.scale import Scaler as Scaler
from hpsoft.data.splitting import folds as folds
from hpsoft.data.splitting import split as split
from hpsoft.data.summaries import Summary as Summary
from hpsoft.data.summaries import summary as summary
from hpsoft.data.types import Dataset as Dataset
from hpsoft.data.types import Samples as Samples
from hpsoft.data.types import Split as Split
from hpsoft.data.types import TrainingData as TrainingData
