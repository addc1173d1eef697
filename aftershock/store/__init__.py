"""The local price store: append-only snapshots that say where they come from."""

from aftershock.store.description import Snapshot
from aftershock.store.obtaining import obtain, take_in
from aftershock.store.snapshots import Store

__all__ = ["Snapshot", "Store", "obtain", "take_in"]
