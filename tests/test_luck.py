"""Luck: other dates, resampled sessions, attribution and trials."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aftershock.events import Exposure
from aftershock.luck import (
    PlaceboDates,
    attribution,
    luck_figures,
    mean_trade_interval,
    placebo_dates,
    uses_signs,
)
from aftershock.prices import PricePanel
from aftershock.strategy import NewsItem, known_strategies
from tests.one_day import ACCOUNT, NY, OneDay, replay_of, wandering
from tests.scenarios import CALENDAR, panel


def test_placebo_dates_tell_news_from_none() -> None:
    """Bought at the open of sessions that rise by 5 %: no other date does as well."""
    rows = [120, 180, 240, 300]
    found = placebo_dates(
        replay_of(wandering(jumps=tuple(rows)), rows), OneDay(), ACCOUNT, draws=99
    )
    assert len(found.drawn) == 99
    assert found.pvalue == 0.01
    nothing = placebo_dates(replay_of(wandering(), rows), OneDay(), ACCOUNT, draws=99)
    assert nothing.pvalue > 0.05


def test_placebos_keep_clear_and_keep_the_clock(monkeypatch) -> None:
    """Five sessions from the real ones, 60 prices behind, 08:00 in summer too."""
    from aftershock import luck

    seen: list[NewsItem] = []
    prices, rows = wandering(), [120, 300]
    replay = replay_of(prices, rows)
    original = luck._on
    monkeypatch.setattr(
        luck, "_on", lambda r, items: (seen.extend(items), original(r, items))[1]
    )
    placebo_dates(replay, OneDay(), ACCOUNT, draws=200)
    at = prices.sessions.get_indexer([item.session for item in seen])
    assert at.min() >= 60
    assert at.max() <= len(prices.sessions) - 21
    assert all(abs(at - row).min() > 5 for row in rows)
    assert {f"{item.published:%H:%M}" for item in seen} == {"08:00"}
    assert {item.published.utcoffset() for item in seen} == {
        pd.Timedelta("-5h"),
        pd.Timedelta("-4h"),
    }


def test_placebo_dates_are_seeded_and_may_not_exist() -> None:
    replay = replay_of(wandering(), [120])
    one, other = (
        placebo_dates(replay, OneDay(), ACCOUNT, draws=20, seed=3) for _ in range(2)
    )
    np.testing.assert_array_equal(one.drawn, other.drawn)
    short = replay_of(panel({"AAA": [(100.0, 101, 99, 100)] * 30}), [10])
    none = placebo_dates(short, OneDay(), ACCOUNT, draws=20)
    assert not len(none.drawn) and np.isnan(none.pvalue)


def test_the_pvalue_counts_the_observation() -> None:
    drawn = np.array([0.0, 0.1, 0.2, 0.3])
    assert PlaceboDates(0.2, drawn).pvalue == 3 / 5


def trades() -> pd.DataFrame:
    """Three trades of two sessions and a refused plan."""
    return pd.DataFrame(
        {
            "event_id": ["a", "a", "b", "b"],
            "symbol": ["X", "Y", "X", "Z"],
            "entry_session": pd.to_datetime(["2025-01-02"] * 2 + ["2025-01-03"] * 2),
            "ret": [0.02, 0.04, -0.03, np.nan],
            "pnl": [20.0, 40.0, -30.0, np.nan],
        }
    )


def item(name: str, tags: tuple[str, ...], *lines: Exposure) -> NewsItem:
    at = pd.Timestamp("2025-01-02T08:00", tz=NY)
    return NewsItem(name, "", tags, at, at, pd.Timestamp("2025-01-02"), lines)


ITEMS = (
    item("a", ("deal", "chips"), Exposure("X", "actor", 1, declared="before"),
         Exposure("Y", "rival", -1, declared="after")),
    item("b", ("deal",), Exposure("X", "actor", 0), Exposure("Z", "rival", 1)),
)  # fmt: skip


def test_the_interval_draws_whole_sessions() -> None:
    """Six sessions, five of one trade at 0, one of two trades at .06.

    Drawn K times that one makes a mean of .12 K / (6 + K). K is binomial(6, 1/6):
    none in .335, at most two in .938, at most three in .991, so 0 and .36 / 9.
    """
    days = pd.bdate_range("2025-01-02", periods=6)
    made = pd.DataFrame({"entry_session": [*days, days[5]], "ret": 0.0})
    made.loc[5:, "ret"] = 0.06
    assert mean_trade_interval(made) == pytest.approx((0.0, 0.04))
    assert np.isnan(mean_trade_interval(made.iloc[:5])).all()  # five sessions


def test_the_result_by_event_role_tag_and_declaration() -> None:
    table = attribution(trades(), ITEMS).set_index(["by", "name"])
    assert table.loc[("event", "a"), "pnl"] == 60
    assert table.loc[("event", "b"), "n"] == 1
    assert table.loc[("role", "actor"), "pnl"] == -10
    assert table.loc[("tag", "deal"), "pnl"] == 30
    assert table.loc[("tag", "chips"), "mean_trade"] == pytest.approx(0.03)
    declared = table.loc["declared"]["pnl"]
    assert declared.to_dict() == {"after": 40.0, "before": 20.0}


def test_figures_without_the_best_trade_and_with_trials() -> None:
    rows = [120, 180, 240]
    prices = wandering(jumps=(120, 180))
    replay = replay_of(prices, rows)
    fills = replay.play(OneDay(), ACCOUNT)
    figures = luck_figures(fills, replay, OneDay(), ACCOUNT, [0.5, 1.0, 2.0])
    pnl = fills.trades["pnl"]
    assert figures["pnl_without_best"] == pytest.approx(pnl.sum() - pnl.max())
    assert figures["pnl_without_worst"] == pytest.approx(pnl.sum() - pnl.min())
    assert figures["trials"] == 3
    assert figures["deflated_sharpe"] < figures["probabilistic_sharpe"]
    # nobody is known to have declared these signs: all of it rests on them
    assert figures["pnl_signs_after"] == pytest.approx(pnl.sum())
    alone = luck_figures(fills, replay, OneDay(), ACCOUNT)
    assert alone["deflated_sharpe"] == pytest.approx(alone["probabilistic_sharpe"])


def test_whether_signs_are_used_is_found_out() -> None:
    """Trades of the move do not rest on signs, trades of the signs do."""
    replay = replay_of(wandering(jumps=(120,)), [120])
    drift = known_strategies()["EventDrift"]()
    assert uses_signs(replay, OneDay()) and not uses_signs(replay, drift)
    fills = replay.play(drift, ACCOUNT)
    assert luck_figures(fills, replay, drift, ACCOUNT)["pnl_signs_after"] == 0.0


def test_news_that_is_not_asked_about_is_in_no_draw() -> None:
    """An event past the last price trades nothing, here or on any other date."""
    prices = wandering()
    inside = replay_of(prices, [120, 180])
    one = inside.items[-1]
    apart = CALENDAR.shift(prices.last_session, 30) - one.session
    both = replace(inside, items=(*inside.items, replace(one.moved(apart), id="later")))
    alone, beside = (
        placebo_dates(r, OneDay(), ACCOUNT, draws=30) for r in (inside, both)
    )
    assert alone.observed == beside.observed
    np.testing.assert_array_equal(alone.drawn, beside.drawn)


def test_a_symbol_not_yet_listed_is_in_no_draw() -> None:
    """NEW, named first, lists at row 200: news of row 120 trades AAA, on all dates."""
    alone = wandering()
    late = np.arange(len(alone.sessions)) >= 200
    frames = {
        name: getattr(alone, name).assign(NEW=lambda f: f["AAA"].where(late) * 2)
        for name in ("open", "high", "low", "close")
    }
    both = replay_of(PricePanel(**frames), [120])
    line = both.items[0].exposures[0]
    named = replace(both.items[0], exposures=(replace(line, symbol="NEW"), line))
    one, other = (
        placebo_dates(replace(both, items=(item,)), OneDay(), ACCOUNT, draws=30)
        for item in (both.items[0], named)
    )
    assert one.observed == other.observed
    np.testing.assert_array_equal(one.drawn, other.drawn)
