"""The page in Markdown, section by section. What data say is escaped wherever it stands."""

from collections.abc import Mapping
from typing import Any

from hpsoft.assess.card.card import Card
from hpsoft.data.side.roles import ROLES
from hpsoft.report.card.again import SHELL, again
from hpsoft.report.card.document import SIZES, data_options
from hpsoft.report.card.escape import escaped, fenced, table
from hpsoft.report.card.findings import distance_lines, luck_lines, neighbour_lines, winner_lines
from hpsoft.report.card.words import state, tested_metrics, used_values
from hpsoft.report.search_result import parts_line
from hpsoft.report.text.format import NOTHING, candidates_text, number
from hpsoft.report.text.metrics import score
from hpsoft.space.ranges import from_plain
from hpsoft.study.identity import Identity


def card_markdown(card: Card) -> str:
    """Return the page."""
    identity = card.about.identity
    sections = [
        [f"# Protocol card: {escaped(card.study)}"],
        [f"**Which values were used?** {escaped(used_values(card))}"],
        [f"**How far is it?** {escaped(state(card))}"],
        ["## Data", "", *table(("data", identity.data), _data(card))],
        ["## Search", "", *table(("optimizer", identity.optimizer), _search(card))],
        ["## Values that were searched", "", *_space(card)],
        ["## Winner", "", *winner_lines(card)],
        ["## Its neighbourhood", "", *neighbour_lines(card)],
        ["## Luck of the winner", "", *luck_lines(card)],
        ["## Distance to the optimum", "", *distance_lines(card)],
        ["## Certificate", "", *table(("grid hash", card.proof.grid_hash), _certificate(card))],
        ["## Uses of the test set", "", *_uses(card)],
        ["## Versions", "", *_versions(card)],
        ["## Make it again", "", *_again(card)],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _data(card: Card) -> list[tuple[str, object]]:
    identity = card.about.identity
    sizes = identity.sizes
    options = data_options(card)
    where = options.pop("data", None)
    for name in ("scale", "dedupe", *(role.option[2:] for role in ROLES.values())):
        options.pop(name, None)  # have rows of their own
    told = [f"{n:,} {what}" for what, n in sizes.items() if what in SIZES]
    return [
        ("read from", where or NOTHING),
        ("fingerprint (SHA-256)", identity.fingerprint),
        ("size, without the test part", ", ".join(told) or "not kept by the release that made it"),
        ("test part", _test_part(identity)),
        ("scale", card.proof.scale),
        *((f"--{name}", _listed(value)) for name, value in options.items()),
        *([("parts", line)] if (line := parts_line(card.proof)) else []),
    ]


def _test_part(identity: Identity) -> str:
    """Say where the test part came from; older studies do not say whether the data had one."""
    source, n = identity.source, identity.sizes.get("held_out")
    if n == 0:
        return "the data's own"
    if source.test_fraction is None:
        return "none"
    share = f"{100 * source.test_fraction:.4g} % by seed {source.seed}"
    return f"the data's own, else {share}" if n is None else f"{n:,} samples held out, {share}"


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _search(card: Card) -> list[tuple[str, object]]:
    identity = card.about.identity
    metric = card.metric
    by = "highest" if metric.maximized else "lowest"
    folds = identity.folds is not None
    return [
        ("sampler", _with_options(identity.sampler, identity.sampler_options)),
        ("pruner", _with_options(identity.pruner, identity.pruner_options)),
        *([("points asked for at a time", identity.wave)] if identity.wave else []),
        ("chosen by", f"{by} validation {metric.title}{', mean over the folds' * folds}"),
        ("validation", identity.validation.text),
        ("seed of splits and order of samples", identity.seed),
        ("numbers", identity.dtype),
        ("began", card.about.created or NOTHING),
        ("study", f"{card.study} in {card.storage}"),
    ]


def _with_options(name: str, options: Mapping[str, Any]) -> str:
    given = ", ".join(f"{option}={value}" for option, value in options.items())
    return f"{name} ({given})" if given else name


def _space(card: Card) -> list[str]:
    space = card.about.identity.space
    rows = [(name, *candidates_text(name, values)) for name, values in space.items()]
    found = table(("hyperparameter", "n", "values"), rows)
    for before in card.about.grown_from:
        values = {name: from_plain(plain) for name, plain in before["space"].items()}
        text = "; ".join(f"{name} {candidates_text(name, v)[1]}" for name, v in values.items())
        found += ["", escaped(f"It grew from {before.get('n_grid') or 'other'} points: {text}.")]
    return found


def _certificate(card: Card) -> list[tuple[str, object]]:
    proof = card.proof
    whole = "ranges, without end" if proof.n_grid is None else f"{proof.n_grid:,}"
    counts = {
        "points with a finished trial": proof.n_finished,
        **({} if proof.n_grid is None else {"points without": proof.missing}),
        "finished trials beyond the first of a point": proof.duplicates,
        "diverged": proof.n_diverged,
        "pruned": proof.n_pruned,
        "trials that are not of these points": proof.strangers,
        "trials that wait": proof.n_waiting,
    }
    return [
        ("complete (each point exactly once)", "yes" if proof.complete else "no"),
        ("points", whole),
        *((what, f"{n:,}") for what, n in counts.items()),
    ]


def _uses(card: Card) -> list[str]:
    if not card.uses:
        return ["The test set was not used."]
    metrics = tested_metrics(card)
    header = ("when", "study", "trial", "seed", "samples", *(m.title for m in metrics))
    rows = [
        (
            use.when or NOTHING,
            use.study,
            number(use.trial),
            number(use.seed) if use.seed is not None else "the study's",
            number(use.n),
            *(score(metric, use.score(metric)) for metric in metrics),
        )
        for use in card.uses
    ]
    return table(header, rows)


def _versions(card: Card) -> list[str]:
    told = [card.about.versions, *card.about.later_versions]
    names = dict.fromkeys(name for versions in told for name in versions)
    later = [f"continued by ({i})" for i in range(1, len(told))]
    rows = [(name, *(versions.get(name, NOTHING) for versions in told)) for name in names]
    return table(("", "made by", *later), rows)


def _again(card: Card) -> list[str]:
    made = again(card)
    remarks = [line for remark in made.remarks for line in ("", escaped(remark))]
    where = ["In an empty folder:", ""] if made.language == SHELL else []
    return [*where, *fenced(made.lines, made.language), *remarks]
