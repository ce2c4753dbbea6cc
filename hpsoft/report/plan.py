"""A plan before it runs: what is to be trained, on how much memory, for how long."""

from typing import Any

from rich.console import Console

from hpsoft.engine.estimate import Estimate
from hpsoft.engine.plan import Plan
from hpsoft.report.text.console import say
from hpsoft.report.text.format import (
    candidates_text,
    cores,
    count,
    duration,
    exact,
    params_text,
    size,
)
from hpsoft.report.text.table import Column, draw, name
from hpsoft.space import strength
from hpsoft.space.build import read_space_file
from hpsoft.study.storage.location import Backend, locate
from hpsoft.tuning.dry_run import Work
from hpsoft.tuning.prepared import Prepared
from hpsoft.tuning.setting.defaults import counted


def draw_strengths(console: Console, prepared: Prepared) -> None:
    """Say what strengths of L2 that were given as C are here, and for how many samples."""
    config = prepared.config
    asked = {**(read_space_file(config.space_file) if config.space_file else {}), **config.space}
    if strength.NAME not in asked or strength.NAME in prepared.grid.space:
        return
    setting = prepared.setting
    n, is_weighted = counted(setting), setting.folds[0].weight is not None
    what = f"{exact(n)}, the sum of the weights" if is_weighted else count(int(n), "sample")
    of_two = setting.n_classes == 2
    say(
        console,
        f"C is alpha = {2 if of_two else 1} / (C n){' of two classes' * of_two}, with "
        f"n = {what} that a model is trained {'by' if is_weighted else 'on'}. The study keeps alpha.",
    )


def plan_document(prepared: Prepared, work: Work, cost: Estimate) -> dict[str, Any]:
    """Return the JSON document of a plan; models and blocks are of the `n_planned` trials."""
    plan = work.plan
    model_epochs = round(plan.model_epochs * work.scale)
    return {
        "study": prepared.study,
        "data": prepared.identity.data,
        "n_trials": work.n_trials,
        "n_planned": plan.n_trials,
        "n_models": plan.n_models,
        "n_blocks": len(plan.blocks),
        "n_workers": prepared.n_workers(plan),
        "model_epochs": model_epochs,
        "flops": model_epochs * prepared.setting.flops_per_model_epoch,
        "space": prepared.grid.space,
        "blocks": [
            {
                "structure": block.structure,
                "n_models": len(block.models),
                "n_trials": block.n_trials,
                "horizons": block.horizons,
            }
            for block in plan.blocks
        ],
        "memory_bytes": cost.memory_bytes,
        "eta_seconds": cost.seconds,
    }


def draw_plan(console: Console, prepared: Prepared, work: Work, cost: Estimate) -> None:
    """Print the space, the blocks, and what they will cost."""
    plan = work.plan
    is_part = plan.n_trials < work.n_trials
    say(console, f"Study {prepared.study} on {prepared.identity.data}")
    if is_part:
        say(console, f"{count(work.n_trials, 'trial')}; {plan.n_trials:,} of them planned:")
    say(
        console,
        f"{count(plan.n_trials, 'trial')} -> {count(plan.n_models, 'model')} -> "
        f"{count(len(plan.blocks), 'block')}",
    )
    console.print()
    draw(console, [name("hyperparameter"), Column("n"), name("values")], _space_rows(prepared))
    if prepared.remark:
        say(console, prepared.remark)
    console.print()
    columns = [Column("block"), name("structure"), Column("models"), Column("trials")]
    draw(console, [*columns, Column(plan.horizon)], _block_rows(plan))
    console.print()
    workers = cores(prepared.n_workers(plan), prepared.jobs)
    text = f"About {duration(cost.seconds)} and {size(cost.memory_bytes)} memory on {workers}"
    if is_part:
        text += f"; estimated from {count(plan.n_trials, 'point')} for all {work.n_trials:,}"
    if not prepared.design.is_grid:
        text += "; random points stand for the sampler's, whose own time is not counted"
    if locate(prepared.config.storage).backend is not Backend.JOURNAL:
        text += "; storing is not counted, and takes a database some ten milliseconds a trial"
    if (limit := prepared.config.timeout) is not None and limit < cost.seconds:
        text += f"; --timeout ends it after {duration(limit)}"
    say(console, text)


def _space_rows(prepared: Prepared) -> list[list[str]]:
    return [
        [parameter, *candidates_text(parameter, values)]
        for parameter, values in prepared.grid.space.items()
    ]


def _block_rows(plan: Plan) -> list[list[str]]:
    return [
        [
            str(block.index + 1),
            params_text(block.structure) or "all",
            str(len(block.models)),
            str(block.n_trials),
            f"{block.horizons[0]} to {block.horizons[-1]}",
        ]
        for block in plan.blocks
    ]
