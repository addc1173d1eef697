"""Prices by session and symbol: validated once, then trusted."""

from aftershock.prices.defect import Defect
from aftershock.prices.panel import BASES, PricePanel
from aftershock.prices.validation import BARS, FRAMES, canonical_bytes

__all__ = ["BARS", "BASES", "FRAMES", "Defect", "PricePanel", "canonical_bytes"]
