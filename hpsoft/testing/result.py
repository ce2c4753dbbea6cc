"""What a check found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One check of one optimizer."""

    check: str
    rule: str  # what must hold
    passed: bool | None  # None: does not apply to this optimizer
    measured: float | None = None
    tolerance: float | None = None
    note: str = ""  # what was found, where a number does not say it


@dataclass(frozen=True)
class Finding:
    """What a check returns: a number that must not exceed a tolerance, or a fault in words."""

    measured: float | None = None
    tolerance: float | None = None
    fault: str = ""
    not_applicable: str = ""

    @property
    def passed(self) -> bool | None:
        """Whether the rule holds; None where it does not apply."""
        if self.not_applicable:
            return None
        if self.measured is not None and self.tolerance is not None:
            return not self.fault and self.measured <= self.tolerance
        return not self.fault
