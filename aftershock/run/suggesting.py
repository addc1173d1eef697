"""News of the catalogue that a strategy would trade: what to ask its test about."""

from __future__ import annotations

from collections.abc import Sequence

from aftershock.calendar import TradingCalendar
from aftershock.errors import AftershockError
from aftershock.events import EventSet
from aftershock.prices import PricePanel
from aftershock.sources.base import panel_from
from aftershock.sources.sample import SampleSource
from aftershock.strategy import NewsItem, Strategy, read_news
from aftershock.strategy.base import decide_one
from aftershock.tables import listed

MOST = 3
"""Events that are named."""


def news_for(strategy: Strategy, catalogue: EventSet) -> str:
    """Say which events a strategy plans for, on the sample's prices, and what to write.

    Parameters
    ----------
    strategy : Strategy
    catalogue : EventSet
        As ``load_catalogue(WORKSPACE)`` reads it.

    Returns
    -------
    str
        Lines that can stand in a test in place of its EVENTS, those with the most plans
        first; without such an event the roles and tags that there are.
    """
    calendar = TradingCalendar.load()
    items = read_news(catalogue.within(calendar), calendar)
    source = SampleSource()
    prices = panel_from(source.fetch(source.symbols(), None, None), "split", calendar)
    plans = {item: _count(strategy, item, items, prices, calendar) for item in items}
    found = sorted((i for i in items if plans[i]), key=lambda i: (-plans[i], i.id))
    if not found:
        return _none(items)
    more = f"\n# and {len(found) - MOST} more" if len(found) > MOST else ""
    return (
        f"it plans for {len(found)} of {len(items)} events of the catalogue. Put one "
        "of these lines in place of EVENTS:\n"
        + "\n".join(_line(item) for item in found[:MOST])
        + more
    )


def _count(
    strategy: Strategy,
    item: NewsItem,
    items: Sequence[NewsItem],
    prices: PricePanel,
    calendar: TradingCalendar,
) -> int:
    """Return how many plans there are for an event; none where the strategy fails."""
    try:
        return len(decide_one(strategy, item, items, prices, calendar, "SPY"))
    except AftershockError:
        return 0


def _line(item: NewsItem) -> str:
    """Return the line that asks about an event, and who is in it."""
    who = [f"{e.symbol} {e.role}" for e in item.exposures]
    about = f"# {item.session:%Y-%m-%d}: {listed(who, 4)}"
    return f'{about}\nEVENTS = load_catalogue(WORKSPACE).chosen(ids=["{item.id}"])'


def _none(items: Sequence[NewsItem]) -> str:
    """Say that no event is traded, and what events can hold."""
    roles = sorted({e.role for i in items for e in i.exposures if e.role})
    return (
        f"nor for any of {len(items)} events of the catalogue. Their roles are "
        f"{listed(roles, len(roles))}: name one of these in the strategy, or add an "
        "event that it trades (aftershock events add --help)"
    )
