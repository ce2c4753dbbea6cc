"""Averaged SGD, as an optimizer of hpsoft: `hpsoft search --optimizer averaged-sgd`."""

from hpsoft_averaged_sgd.optimizer import AveragedSGD

__all__ = ["AveragedSGD"]
