"""`extend`, `refine`: what is not said is as the study says that is to grow."""

from collections.abc import Container
from dataclasses import replace

from hpsoft.data.memory.given import Given
from hpsoft.data.spec import DataSpec
from hpsoft.study.study import find_study
from hpsoft.tuning.config import SearchConfig
from hpsoft.tuning.prepare import default_name
from hpsoft.tuning.repeat import recalled

_READING = ("target", "keep", "drop", "features", "test_fraction", "seed", "scale", "dedupe",
            "policy", "feature_sets")  # fmt: skip


def recall(
    config: SearchConfig, source: DataSpec | Given, given: Container[str]
) -> tuple[SearchConfig, DataSpec | Given]:
    """Return the options with those of the study that grows, where they are not among `given`.

    Raises:
        HpsoftError: there is no such study, or its optimizer is not installed.
    """
    if config.study is None:
        config = replace(config, study=default_name(config, source.load().training))
    assert config.study is not None, "it was named"
    study = find_study(config.storage, config.study)
    if "optimizer" not in given:
        study.check_optimizer()
    identity = study.description.identity
    if isinstance(source, DataSpec):
        return recalled(config, source, identity, given)
    config, spec = recalled(config, source.spec, identity, given)
    return config, replace(source, **{name: getattr(spec, name) for name in _READING})
