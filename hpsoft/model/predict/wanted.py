"""What a model wants of data."""

from hpsoft.data.stream.incoming import Wanted
from hpsoft.model.files import TrainedModel


def wanted_by(model: TrainedModel) -> Wanted:
    """Return what a model takes; what older files do not say is not known."""
    about, columns = model.metadata, model.columns
    blocks = about.get("blocks") or []
    return Wanted(
        n_features=model.n_features,
        encoding=model.encoding,
        used=None if columns is None else frozenset(columns.index.tolist()),
        blocks=tuple((str(name), int(width)) for name, width in blocks),
        label=about.get("label"),
        known=None if about.get("beside") is None else frozenset(about["beside"]),
        split=about.get("split"),
        missing_values=tuple(about.get("missing_values") or ()),
        categorical=frozenset(about.get("categorical") or ()),
    )
