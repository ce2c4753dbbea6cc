"""What makes the study again: commands, or Python where the data were in memory."""

from dataclasses import dataclass, fields, replace
from typing import Any

from hpsoft.assess.card.card import Card
from hpsoft.assess.card.remembered import TestUse
from hpsoft.data.side.roles import FOLDS
from hpsoft.data.spec import IN_MEMORY, DataSpec
from hpsoft.optimizers.categories import SCALE
from hpsoft.report.text.commands import again_command, with_options
from hpsoft.space.ranges import Range, to_plain
from hpsoft.study.identity import GRID, Identity
from hpsoft.tuning.repeat import config_of

SHELL, PYTHON = "sh", "python"


@dataclass(frozen=True)
class Again:
    """What makes a study again, in an empty folder."""

    language: str  # sh or python
    lines: tuple[str, ...]
    remarks: tuple[str, ...]  # what they cannot say


def again(card: Card) -> Again:
    """Return what makes a study again, and all that was done with it."""
    remarks = _remarks(card)
    if card.about.identity.source.spec == IN_MEMORY:
        return Again(PYTHON, _python(card), ("X and y were arrays in memory.", *remarks))
    return Again(SHELL, _shell(card), remarks)


def _shell(card: Card) -> tuple[str, ...]:
    found = [again_command(card.about.identity, card.study, *_limits(card))]
    if card.luck is not None:
        n_seeds = len(card.luck.seeds) or None
        options = {"top": card.luck.top, "seeds": n_seeds, "cv": card.luck.cv}
        found.append(with_options("confirm", card.study, **options))
    if card.distance is not None:
        found.append(with_options("optimum", card.study, top=card.distance.top))
    found += [
        with_options("final", card.study, **_final_options(card, use)) for use in card.own_uses
    ]
    return tuple(dict.fromkeys(found))


def _final_options(card: Card, use: TestUse) -> dict[str, object]:
    return {
        "trial": _trial(card, use),
        "seed": use.seed,
        "calibrate": use.calibrate or None,
        "model-out": use.model_out,
    }


def _limits(card: Card) -> tuple[int | None, int | None]:
    """Return how many trials a sampler was asked for, and how many at a time."""
    if card.about.identity.sampler == GRID:
        return None, None
    return card.proof.n_finished or None, card.about.identity.wave


def _trial(card: Card, use: TestUse) -> int | str | None:
    """Return how a tested trial is named in a study that is made again; None: the winner."""
    if card.winner is not None and use.trial == card.winner.number:
        return None
    if card.luck is not None and use.trial is not None:
        names = {card.luck.one_se: "one-se", card.luck.confirmed: "confirmed"}
        return names.get(use.trial, use.trial)
    return use.trial


def _remarks(card: Card) -> tuple[str, ...]:
    found = []
    if any(isinstance(_trial(card, use), int) for use in card.own_uses):
        found.append(
            "Trials are numbered as they end: on other cores a number may be another trial's, and "
            "its values tell which is meant."
        )
    if card.proof.sampler != GRID:
        text = (
            "A sampler repeats its points where trials are asked for at once and so many at a time"
        )
        unknown = "" if card.about.identity.wave else ", which this study does not say (--wave)"
        found.append(f"{text}{unknown}.")
    return tuple(found)


def _python(card: Card) -> tuple[str, ...]:
    identity = card.about.identity
    arguments = ["X", "y", *(f"{role}={role}" for role in _side(identity))]
    arguments += [f"{name}={value!r}" for name, value in _options(card).items()]
    found = ["import hpsoft", "", "result = hpsoft.search("]
    found += [f"    {argument}," for argument in arguments]
    found.append(")")
    if card.luck is not None:
        n_seeds = len(card.luck.seeds) or None
        found.append(f"result.confirm({card.luck.top or 20}, seeds={n_seeds}, cv={card.luck.cv})")
    if card.distance is not None:
        found.append(f"result.optimum({card.distance.top or 5})")
    held_out = identity.source.test_fraction is not None
    test = "" if held_out else "X_test, y_test, "
    finals = [
        f"result.final({test}trial={_trial(card, use)!r}, seed={use.seed}{_kept(use)})"
        for use in card.own_uses
    ]
    return (*found, *dict.fromkeys(finals))


def _kept(use: TestUse) -> str:
    """Return what else `final` was asked for, as arguments."""
    calibrated = ", calibrate=True" * use.calibrate
    return calibrated + ("" if use.model_out is None else f", model_out={use.model_out!r}")


def _side(identity: Identity) -> list[str]:
    """Return the names of what was given beside X and y; of folds as they are called there."""
    return ["cv" if role == FOLDS else role for role in identity.source.side]


def _options(card: Card) -> dict[str, Any]:
    """Return the arguments of `hpsoft.search` that are not the default."""
    identity = card.about.identity
    config, source = config_of(identity), identity.source
    trials, wave = _limits(card)
    usual = type(config)()
    names = ("optimizer", "sampler", "pruner", "cv", "val_fraction", "metric", "seed", "dtype")
    found = {
        name: getattr(config, name)
        for name in names
        if getattr(config, name) != getattr(usual, name)
    }
    if FOLDS in source.side:
        found = {
            name: value for name, value in found.items() if name not in {"cv", "val_fraction"}
        }
    given = {
        "sampler_option": dict(identity.sampler_options),
        "pruner_option": dict(identity.pruner_options),
        "trials": trials,
        "wave": wave,
        "scale": None if SCALE in identity.space else identity.scale,
        **_reading(source),
    }
    found |= {name: value for name, value in given.items() if value}
    space = {name: _plain(values) for name, values in identity.space.items()}
    return {**found, "study": card.study, "space": space}


def _reading(source: DataSpec) -> dict[str, Any]:
    """Return how arrays were read, as arguments; what is empty was not given."""
    plain = replace(source, spec=None)
    names = ("target", "keep", "drop", "features", "dedupe", "test_fraction")
    found = {f.name: getattr(plain, f.name) for f in fields(plain) if f.name in names}
    words = source.policy.options().get("missing-values")
    policy = {name: v for name, v in source.policy.options().items() if name != "missing-values"}
    return {
        **{name: list(v) if isinstance(v, tuple) else v for name, v in found.items()},
        **policy,
        "missing_values": words and words.split(","),
        "feature_set": source.sets_text,
    }


def _plain(values: Any) -> Any:
    """Return values as `space` takes them."""
    if not isinstance(values, Range):
        return to_plain(values)
    ends = {"log" if values.log else "uniform": [values.low, values.high]}
    return ends if values.step is None else {**ends, "step": values.step}
