"""A file of skops: what is not trusted when it is loaded is not written."""

import pytest
from trained_models import COLUMNS, make_model

from hpsoft.errors import HpsoftError
from hpsoft.model.export.sklearnfile import sklearn_file


def test_what_skops_does_not_trust_is_not_written():
    with pytest.raises(HpsoftError, match=r"does not load numpy\.dtype"):
        sklearn_file(make_model(encoding=COLUMNS), trusted=())
