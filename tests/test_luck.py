"""Luck and shortcuts: hand cases, plain loops, and what chance itself would give."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

import aftershock as af
from aftershock import performance
from aftershock.events import Exposure
from aftershock.ladder import ladder, readings
from aftershock.luck import (
    PlaceboDates,
    attribution,
    luck_figures,
    mean_trade_interval,
    placebo_dates,
    uses_signs,
)
from aftershock.prices import PricePanel
from aftershock.replay import Replay
from aftershock.strategy import (
    Moment,
    NewsItem,
    Strategy,
    TradePlan,
    known_strategies,
)
from tests.scenarios import CALENDAR, panel, sessions

NY = "America/New_York"
ACCOUNT = af.Account(cash=1000.0, fees_bps=0.0, slippage_bps=0.0, borrow_rate=0.0)


@dataclass(frozen=True)
class OneDay(Strategy):
    """Hold the first exposure from the first open to the next, all in."""

    weight: float = 1.0
    decide: Moment = Moment.publication

    def plan(self, news):
        line = news.exposures[0]
        side = self.weight * (line.expected or 1)
        yield TradePlan(line.symbol, weight=side, hold=1)


def replay_of(prices: PricePanel, rows: list[int], expected: int = 1) -> Replay:
    """Return events of AAA at 08:00 of some sessions."""
    frame = pd.DataFrame(
        {
            "event_id": [f"e{row}" for row in rows],
            "symbol": "AAA",
            "session": prices.sessions[rows],
            "published": [
                (s + pd.Timedelta("8h")).tz_localize(NY) for s in prices.sessions[rows]
            ],
            "expected": expected,
        }
    )
    return Replay.of(frame, prices, CALENDAR, None, borrow=())


def test_published_sharpe_probabilities() -> None:
    """Bailey and Lopez de Prado (2012), section 4: 24 months, Sharpe .458 a month.

    Under normality .982, with skewness -2.448 and kurtosis 10.164 .913.
    """
    ratio = 0.458
    normal = performance.probability_above(0, ratio, 24, 0, 3)
    assert normal == pytest.approx(0.982, abs=0.0006)
    skewed = performance.probability_above(0, ratio, 24, -2.448, 10.164)
    assert skewed == pytest.approx(0.913, abs=0.0006)


def test_published_deflated_sharpe() -> None:
    """Bailey and Lopez de Prado (2014): annual 2.5 over 1250 days, 100 trials.

    Variance of the trials' annual ratios 1/2, skewness -3, kurtosis 10, 250 days a
    year: SR* = .1132 a day, and .9004.
    """
    best = performance.largest_sharpe(100, np.sqrt(0.5 / 250))
    assert best == pytest.approx(0.1132, abs=0.00005)
    found = performance.probability_above(best, 2.5 / np.sqrt(250), 1250, -3, 10)
    assert found == pytest.approx(0.9004, abs=0.0002)
    assert performance.largest_sharpe(1, 0.1) == 0.0


def test_the_best_of_many_by_simulation() -> None:
    """The mean largest of 50 normals is 2.249; the formula is within 1 %."""
    assert performance.largest_sharpe(50, 1.0) == pytest.approx(2.249, rel=0.015)


def test_moments_are_those_of_scipy() -> None:
    from scipy import stats

    x = np.random.default_rng(2).standard_t(4, 300)
    skewness, kurtosis = performance.moments(x)
    assert skewness == pytest.approx(stats.skew(x), rel=1e-12)
    assert kurtosis == pytest.approx(stats.kurtosis(x, fisher=False), rel=1e-12)


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


def wandering(count: int = 400, jumps: tuple[int, ...] = ()) -> PricePanel:
    """Return AAA, which rises by 5 % inside the sessions of `jumps`."""
    rng = np.random.default_rng(8)
    moves = rng.normal(0, 0.01, count)
    moves[list(jumps)] += 0.05
    close = 100 * np.exp(np.cumsum(moves))
    first = np.concatenate([[100.0], close[:-1]])
    index = sessions(count, "2024-01-02")
    made = {
        "open": first,
        "high": np.maximum(first, close),
        "low": np.minimum(first, close),
        "close": close,
    }
    return PricePanel(**{k: pd.DataFrame({"AAA": v}, index) for k, v in made.items()})


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
    """Means .03 (two trades) and -.03 (one): resamples give -.03, .01 or .03.

    Each session twice has probability 1/4, so the quantiles are the ends.
    """
    assert mean_trade_interval(trades()) == pytest.approx((-0.03, 0.03))
    assert np.isnan(mean_trade_interval(trades().iloc[:2])).all()


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
