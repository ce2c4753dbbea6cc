"""The list of checks, and running them: every failure is a result, an exception as well."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping

from hpsoft.testing import behaviour, equality
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
        behaviour.descends,
        behaviour.reaches_the_optimum,
        behaviour.domains,
        behaviour.divergence,
    )
}


def run_check(name: str, subject: Subject) -> Result:
    """Run one check."""
    check = CHECKS[name]
    rule = (check.__doc__ or "").strip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = check(subject)
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- whatever a plugin raises is what was found
        found = Finding(fault=f"{type(error).__name__}: {error}")
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
