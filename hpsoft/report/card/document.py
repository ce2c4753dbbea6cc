"""The JSON document of a card: all that the page says, as numbers."""

from typing import Any

from hpsoft.assess.card.card import Card
from hpsoft.assess.card.neighbourhood import Neighbour
from hpsoft.report.card.again import again
from hpsoft.report.card.words import state, used_values
from hpsoft.report.search_result import certificate_document
from hpsoft.report.text.commands import asked_options, searched_source
from hpsoft.study.records import TrialRecord, trial_document
from hpsoft.tuning.config import SearchConfig

FORMAT = 1
SIZES = ("samples", "features", "classes")


def card_document(card: Card) -> dict[str, Any]:
    """Return the JSON document."""
    made = again(card)
    return {
        "format": FORMAT,
        "study": card.study,
        "storage": card.storage,
        "created": card.about.created,
        "finished": card.is_finished,
        "state": state(card),
        "used_values": used_values(card),
        "used": card.used and trial_document(card.used),
        "data": _data(card),
        "search": _search(card),
        "space": card.about.identity.plain_space,
        "grown_from": [dict(before) for before in card.about.grown_from],
        "winner": card.winner and trial_document(card.winner),
        "neighbourhood": [_neighbour(one) for one in card.neighbours],
        "confirmation": card.luck,
        "optimum": card.distance,
        "certificate": certificate_document(card.proof),
        "test_uses": [{**vars(use)} for use in card.uses],
        "versions": card.about.versions,
        "later_versions": card.about.later_versions,
        "again": {"language": made.language, "lines": made.lines, "remarks": made.remarks},
    }


def data_options(card: Card) -> dict[str, Any]:
    """Return the options of the command line that say how the data are read, without defaults."""
    source = searched_source(card.about.identity)
    asked = asked_options(SearchConfig(), source, {})
    return {
        name: value
        for name, value in asked.items()
        if value is not None and value not in ([], (), {})
    }


def _data(card: Card) -> dict[str, Any]:
    identity = card.about.identity
    sizes = {name: identity.sizes.get(name) for name in (*SIZES, "held_out")}
    return {
        **identity.source.to_attribute(),
        "name": identity.data,
        "fingerprint": identity.fingerprint,
        **sizes,
        "scale": card.proof.scale,
        "options": data_options(card),
    }


def _search(card: Card) -> dict[str, Any]:
    identity = card.about.identity
    names = (
        "optimizer", "sampler", "sampler_options", "pruner", "pruner_options", "metric", "dtype",
        "val_fraction", "folds", "repeats", "seed", "wave",
    )  # fmt: skip
    return {
        **{name: getattr(identity, name) for name in names},
        "validation": identity.validation.text,
        "test_seed": identity.source.seed,
    }


def _neighbour(one: Neighbour) -> dict[str, Any]:
    gap = one.difference
    return {
        "hyperparameter": one.name,
        "side": one.side,
        "value": one.value,
        **_figures(one.trial),
        "difference": gap and gap.mean,
        "difference_error": gap and gap.error,
        "best": _figures(one.best),
    }


def _figures(trial: TrialRecord | None) -> dict[str, Any]:
    if trial is None:
        return {"trial": None, "metric_value": None, "standard_error": None, "status": "not run"}
    return {
        "trial": trial.number,
        "metric_value": trial.value,
        "standard_error": trial.error,
        "status": trial.status,
    }
