"""Adam and its variants, as optimizers of hpsoft: `hpsoft search --optimizer adam` or `adamw`."""

from hpsoft_adam.optimizer import Adam, AdamW

__all__ = ["Adam", "AdamW"]
