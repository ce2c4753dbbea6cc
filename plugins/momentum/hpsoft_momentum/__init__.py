"""SGD with momentum, as an optimizer of hpsoft: `hpsoft search --optimizer momentum`."""

from hpsoft_momentum.optimizer import Momentum

__all__ = ["Momentum"]
