"""SVRG, as an optimizer of hpsoft: `hpsoft search --optimizer svrg`."""

from hpsoft_svrg.optimizer import SVRG

__all__ = ["SVRG"]
