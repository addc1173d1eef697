"""Headlines recorded when they came: a chained file, and how their signs fared."""

from aftershock.ledger.chain import Entry, read_ledger
from aftershock.ledger.recording import append
from aftershock.ledger.scoring import HORIZONS, hit_rates, measured

__all__ = ["HORIZONS", "Entry", "append", "hit_rates", "measured", "read_ledger"]
