"""`--extend`: a larger grid before the search, and what it has brought after it."""

from typing import TYPE_CHECKING

import typer

from hpsoft.cli.follow import follow

if TYPE_CHECKING:
    from hpsoft.data.spec import DataSpec
    from hpsoft.report.text.console import Console
    from hpsoft.study.records import TrialRecord
    from hpsoft.tuning.config import SearchConfig
    from hpsoft.tuning.events import Finished
    from hpsoft.tuning.prepared import Prepared


def recalled(
    config: "SearchConfig", spec: "DataSpec", context: typer.Context
) -> "tuple[SearchConfig, DataSpec]":
    """Return the options with those of the study that grows, where they were not typed."""
    from dataclasses import replace

    from hpsoft.study.study import find_study
    from hpsoft.tuning.prepare import default_name
    from hpsoft.tuning.repeat import recalled as recall

    if config.study is None:
        config = replace(config, study=default_name(config, spec.load().training))
    assert config.study is not None, "it was named"
    study = find_study(config.storage, config.study)
    identity = study.description.identity
    names = (context.get_parameter_source(name) for name in context.params)
    sources = zip(context.params, names, strict=True)
    given = {name for name, source in sources if source and source.name != "DEFAULT"}
    if "optimizer" not in given:
        study.check_optimizer()
    return recall(config, spec, identity, given)


def extended(prepared: "Prepared", console: "Console") -> "tuple[Prepared, TrialRecord | None]":
    """Return the search of the larger grid, and the winner of the grid before it."""
    from hpsoft.assess.extend import extend
    from hpsoft.report.text.console import say

    extended = extend(prepared)
    if extended.remark is not None:
        say(console, extended.remark, "Note", "bold")
    return extended.prepared, extended.winner


def compared(
    prepared: "Prepared", finished: "Finished", before: "TrialRecord", console: "Console"
) -> "Finished":
    """Return the result with its winner held against the one before, if there is another."""
    from dataclasses import replace

    from hpsoft.assess.extension import compare_winners
    from hpsoft.report.live.retraining import show_retraining

    after = finished.leaderboard[0]
    if after.params == before.params:
        return finished
    work = compare_winners(prepared, before, after)
    return replace(finished, extension=follow(work, show_retraining(console)))
