"""The ladder of shortcuts, and both ends of a window, by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from aftershock.ladder import ladder, readings
from aftershock.prices import PricePanel
from aftershock.replay import Replay
from aftershock.strategy import Moment
from tests.one_day import ACCOUNT, NY, OneDay, replay_of
from tests.scenarios import CALENDAR, panel


def test_the_ladder_by_hand() -> None:
    """Close 100, news before the open of 110, the next open 121, the last close 121.

    Entered at the close before: from 100 at one close to 115.5 at the next, 15.5 %.
    At the first fill: 110 to 121, 10 %. Slippage of 1 % both ways: 121 x .99 over
    110 x 1.01. Commission of 1 % both ways off that.
    """
    bars = [(100.0, 100, 100, 100)] * 2 + [(110.0, 116, 110, 115.5)]
    prices = panel({"AAA": [*bars, (121.0, 121, 121, 121), (121.0, 121, 121, 121)]})
    costly = replace(ACCOUNT, slippage_bps=100.0, fees_bps=100.0, max_gross=2.0)
    table = ladder(replay_of(prices, [2]), OneDay(), costly).set_index("rung")
    assert table["mean_trade"].tolist()[:2] == pytest.approx([0.155, 0.10])
    slipped = 121 * 0.99 / (110 * 1.01)
    assert table.loc[3, "mean_trade"] == pytest.approx(slipped - 1)
    assert table.loc[4, "mean_trade"] == pytest.approx(
        slipped - 1 - 0.01 - slipped / 100
    )
    assert table["n_trades"].tolist() == [1, 1, 1, 1]


def test_pushing_the_price_is_slippage_and_comes_on_its_rung() -> None:
    """What an order moves the price by costs nothing before the third rung."""
    rng = np.random.default_rng(5)
    moves = np.exp(np.cumsum(rng.normal(0, 0.02, 40)))
    bars = [(100 * m, 101 * m, 99 * m, 100 * m) for m in moves]
    flat = panel({"AAA": bars})
    names = ("open", "high", "low", "close")
    frames = {name: getattr(flat, name) for name in names}
    prices = PricePanel(**frames, volume=flat.close * 0 + 1000)
    replay, still = replay_of(prices, [30]), replace(ACCOUNT, slippage_bps=0.0)
    plain = ladder(replay, OneDay(), still).set_index("rung")["mean_trade"]
    pushed = replace(still, slippage_volume_share=0.8)
    found = ladder(replay, OneDay(), pushed).set_index("rung")["mean_trade"]
    assert found[1:2].tolist() == plain[1:2].tolist()
    assert found[2] == plain[2]
    assert found[3] < plain[3] - 0.001


def test_both_ends_of_a_window_by_hand() -> None:
    """Known at 08:00 at the latest, or after the close before, or in that session.

    The open of the event session is 110, the one before 100, the one after 121. From
    20:00 or 08:00 the first fill is 110, held to 121: 10 %. Had it come at 10:00 of the
    session before, its next open is 110 too; at 04:00 of it, 100, held to 110: 10 %.
    From 04:00 of the session before that, 100 to 100: 0.
    """
    bars = [(100.0, 100, 100, 100)] * 4
    prices = panel({"AAA": [*bars, (110.0, 110, 110, 110), (121.0, 121, 121, 121)]})
    latest = (prices.sessions[4] + pd.Timedelta("8h")).tz_localize(NY)
    news = {"event_id": ["e"], "symbol": "AAA", "session": prices.sessions[[4]],
            "published": [latest], "expected": 1}  # fmt: skip
    for ago, hour, earned in ((1, 20, 0.1), (1, 10, 0.1), (1, 4, 0.1), (2, 4, 0.0)):
        clock = prices.sessions[4 - ago] + pd.Timedelta(hours=hour)
        frame = pd.DataFrame({**news, "earliest": [clock.tz_localize(NY)]})
        replay = Replay.of(frame, prices, CALENDAR, None, borrow=())
        table = readings(replay, OneDay(), ACCOUNT).set_index("reading")
        assert table.loc["latest", "mean_trade"] == pytest.approx(0.1)
        assert table.loc["earliest", "mean_trade"] == pytest.approx(earned, abs=1e-12)
        assert table["clock"].tolist() == ["08:00", f"{hour:02d}:00"]
    exact = Replay.of(pd.DataFrame(news), prices, CALENDAR, None, borrow=())
    assert readings(exact, OneDay(), ACCOUNT).empty


def test_the_ladder_lends_what_cannot_be_borrowed_until_its_last_rung() -> None:
    """A short of a symbol listed five sessions ago: refused at last, not before."""
    bars = [(100.0, 101, 99, 100)] * 12
    prices = panel({"AAA": bars})
    close = prices.close.copy()
    close.iloc[:5] = np.nan
    frames = {
        n: getattr(prices, n).where(close.notna()) for n in ("open", "high", "low")
    }
    table = ladder(
        replay_of(PricePanel(**frames, close=close), [8], -1), OneDay(), ACCOUNT
    )
    assert table["n_trades"].tolist() == [1, 1, 1, 0]
    assert table["refused"].tolist() == ["", "", "", "not_shortable 1"]


@dataclass(frozen=True)
class Twice(OneDay):
    """Want all of the account, and once more."""

    def plan(self, news):
        return [*super().plan(news), *super().plan(news)]


def test_a_rung_says_what_it_refused() -> None:
    """News on the first session: no close before it. All in twice leaves no room."""
    prices = panel({"AAA": [(100.0, 101, 99, 100)] * 5})
    late = OneDay(decide=Moment.event_close)
    table = ladder(replay_of(prices, [0]), late, ACCOUNT)
    assert table["refused"].tolist() == ["no_earlier_close 1", "", "", ""]
    twice = ladder(replay_of(prices, [2]), Twice(), ACCOUNT)
    assert twice["refused"].tolist() == ["no_room 1"] * 4
