"""Events: what happened, when, and to which symbols it mattered."""

from aftershock.events.baskets import Basket, Instrument, Lexicon, Member
from aftershock.events.catalogue import (
    EventSet,
    catalogue_files,
    load_catalogue,
    load_events,
)
from aftershock.events.moves import read_reported_moves
from aftershock.events.records import Event, Exposure, Source
from aftershock.events.vocabulary import DECLARED, ROLES, SELECTED_BY, STATUSES, TAGS

__all__ = [
    "DECLARED",
    "ROLES",
    "SELECTED_BY",
    "STATUSES",
    "TAGS",
    "Basket",
    "Event",
    "EventSet",
    "Exposure",
    "Instrument",
    "Lexicon",
    "Member",
    "Source",
    "catalogue_files",
    "load_catalogue",
    "load_events",
    "read_reported_moves",
]
