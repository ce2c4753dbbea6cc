"""The list of checks, and running them: every failure is a result, an exception as well."""

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import replace

from hpsoft.optimizers.errors import reason
from hpsoft.testing import behaviour, equality, influence, weights
from hpsoft.testing.result import Finding, Result
from hpsoft.testing.subject import Subject

Check = Callable[[Subject], Finding]

CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        behaviour.declared,
        equality.fused_is_alone,
        equality.place_does_not_matter,
        equality.deterministic,
        equality.snapshot_is_a_run,
        equality.dropped_columns,
        equality.saved_state,
        equality.precisions,
        equality.raw_pixels,
        equality.inputs_untouched,
        influence.samples_matter,
        influence.hyperparameters_matter,
        weights.weights_count,
        behaviour.descends,
        behaviour.reaches_the_optimum,
        behaviour.gradient_vanishes,
        behaviour.domains,
        behaviour.divergence,
    )
}


def find(name: str, subject: Subject) -> Finding:
    """Return what a check finds in all variants of the optimizer: what fails, or the worst."""
    passed = []
    for variant in subject.variants():
        found = CHECKS[name](variant)
        if found.passed is False and variant.structure:
            of = ", ".join(f"{name} = {value}" for name, value in variant.structure.items())
            return replace(found, fault=f"{found.fault} (with {of})".strip())
        if found.passed is not True:
            return found
        passed.append(found)
    return max(passed, key=lambda finding: finding.measured or 0.0)


def run_check(name: str, subject: Subject) -> Result:
    """Run one check."""
    rule = (CHECKS[name].__doc__ or "").strip()
    try:
        with warnings.catch_warnings(), redirect_stdout(sys.stderr):
            warnings.simplefilter("error")
            found = find(name, subject)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 -- whatever a plugin raises is what was found
        found = Finding(fault=reason(error))
    return Result(
        name,
        rule,
        found.passed,
        found.measured,
        found.tolerance,
        found.fault or found.not_applicable,
    )


def run_checks(subject: Subject, names: Iterable[str] = tuple(CHECKS)) -> Iterator[Result]:
    """Yield the result of each check as it comes."""
    for name in names:
        yield run_check(name, subject)
