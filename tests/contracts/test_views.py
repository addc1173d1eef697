"""What a view shows is the same, whatever comes later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.prices import PricePanel
from aftershock.prices.validation import BARS, FRAMES
from aftershock.strategy import Moment, NewsItem, NewsView
from aftershock.strategy.audit import ADDED, SCRAMBLED, UNLISTED
from aftershock.strategy.audit.worlds import later_worlds
from aftershock.strategy.news import closed_before
from tests.contracts.test_audit import ITEMS, PRICES
from tests.scenarios import CALENDAR


def test_the_same_world_up_to_the_moment() -> None:
    """Changed after a close: equal up to it; decided at an open, that open is kept."""
    close = CALENDAR.close_at(PRICES.sessions[300])
    other = PRICES.changed_after(close, CALENDAR, lambda v: v * 2)
    pd.testing.assert_frame_equal(other.close.iloc[:301], PRICES.close.iloc[:301])
    assert (other.close.iloc[301:] == 2 * PRICES.close.iloc[301:]).all(axis=None)
    opened = CALENDAR.open_at(PRICES.sessions[300])
    other = PRICES.changed_after(opened, CALENDAR, lambda v: v * 2)
    assert (other.open.iloc[300] == PRICES.open.iloc[300]).all()
    assert (other.close.iloc[300] == 2 * PRICES.close.iloc[300]).all()
    assert (other.open.iloc[301] == 2 * PRICES.open.iloc[301]).all()


def shown(view: NewsView) -> list[object]:
    """Return everything public that a view shows, as plain values."""
    panel = view.prices
    frames = [getattr(panel, name) for name in FRAMES]
    told = [view.event, view.exposures, view.decided, view.market, view.events_before]
    told += [panel.symbols, panel.provenance, panel.warnings, panel.defects]
    told += [list(panel.sessions), panel.sha256()]
    told += [repr(frame.to_numpy().tolist()) for frame in frames]
    told += [view.priced_before(), view.priced_before(["CCC"])]
    told += [view.precedents("earnings", n) for n in (0, 1, 5)]
    for symbol in panel.symbols:
        told += [view.beta(symbol), view.abnormal_return(symbol, 3)]
        told.append(repr(view.history(symbol).to_dict()))
    return [repr(value) for value in told]


PUBLIC = {
    "abnormal_return", "beta", "decided", "event", "events_before", "exposures",
    "history", "market", "of", "precedents", "priced_before", "prices",
}  # fmt: skip


@pytest.mark.parametrize(
    "moment", [Moment.publication, Moment.event_open, "sessions_after(2)"]
)
def test_a_view_shows_the_same_whatever_comes_later(moment: Moment | str) -> None:
    """Of every public attribute: a new one must be added here, and to `shown`.

    LATE has its first price at session 310: its name is no view's business either.
    """
    assert {name for name in dir(NewsView) if name[0] != "_"} | set(
        NewsView.__dataclass_fields__
    ) - {"_earlier", "_moment", "_calendar"} == PUBLIC
    frames = {name: getattr(PRICES, name).copy() for name in BARS}
    for values in frames.values():
        values["LATE"] = values["AAA"].where(values.index >= PRICES.sessions[310])
    prices = PricePanel(**frames)
    parsed, rng = Moment.parse(moment), np.random.default_rng(1)
    for item in (ITEMS[0], ITEMS[-1]):
        at = parsed.at(item.known, item.session, CALENDAR)
        asked = shown(seen_by(item, ITEMS, at, prices))
        worlds = list(later_worlds(ITEMS, at, prices, CALENDAR, rng))
        assert {cause for cause, _ in worlds} >= {UNLISTED, SCRAMBLED, ADDED}
        for cause, (others, panel) in worlds:
            assert shown(seen_by(item, others, at, panel)) == asked, cause


def seen_by(item: NewsItem, items, at: pd.Timestamp, prices: PricePanel) -> NewsView:
    """Return the view of an event as the engine makes it."""
    earlier = closed_before(items, item, at)
    return NewsView.of(item, earlier, at, prices, "SPY", CALENDAR)
