"""Slippage, commission, borrow, dividends and interest, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.errors import ConfigError
from aftershock.fills import BorrowRow, read_borrow
from aftershock.prices import PricePanel
from tests.fills.by_hand import FLAT, FREE, play, want
from tests.scenarios import panel, sessions


def test_default_slippage_doubles_at_opens_of_event_sessions_and_on_stops() -> None:
    """Without a history sigma is unknown, so 5 bps; 10 bps at the event's open."""
    prices = panel({"AAA": [FLAT, FLAT, (94, 95, 93, 94), FLAT]})
    account = FREE.replace(slippage_bps=None)
    plan = want(prices, 1, weight=1, hold=2, stop_loss=0.05)
    marked = [("AAA", prices.sessions[1])]
    made = play([plan], prices, account, event_sessions=marked).trades
    assert made["entry_price"][0] == pytest.approx(100 * 1.001)
    assert made["exit_price"][0] == pytest.approx(94 * 0.999)
    plain = play([plan], prices, account).trades
    assert plain["entry_price"][0] == pytest.approx(100 * 1.0005)


def test_a_target_gapped_through_pays_the_slippage_of_its_open() -> None:
    """The target of 105 is passed at the open of 110: 10 bps at an event's open.

    On another session that open costs the usual 5 bps, as the target itself would.
    """
    prices = panel({"AAA": [FLAT, FLAT, (110, 111, 109, 110), FLAT]})
    account = FREE.replace(slippage_bps=None)
    plan = want(prices, 1, weight=1, hold=2, take_profit=0.05)
    marked = [("AAA", prices.sessions[2])]
    made = play([plan], prices, account, event_sessions=marked).trades
    assert made["exit_reason"][0] == "take_profit"
    assert made["exit_price"][0] == pytest.approx(110 * 0.999)
    plain = play([plan], prices, account).trades
    assert plain["exit_price"][0] == pytest.approx(110 * 0.9995)


def test_an_order_of_any_size_leaves_something_of_the_price() -> None:
    """5 shares where 5e-6 are usual: 99 % of the price goes, and no more.

    Sigma 2 %, k 1: .02 x sqrt(1e6) = 20 times the price, were there no end to it.
    """
    moves = np.cumprod([1.0, *[1.02, 1 / 1.02] * 15])
    prices = panel({"AAA": [(100 * m, 101 * m, 99 * m, 100 * m) for m in moves]})
    names = ("open", "high", "low", "close")
    frames = {name: getattr(prices, name) for name in names}
    thin = PricePanel(**frames, volume=prices.close * 0 + 5e-6)
    account = FREE.replace(slippage_volume_share=1.0, max_gross=500.0)
    for weight, factor in ((0.5, 1.99), (-0.5, 0.01)):
        plan = want(thin, 25, weight=weight, hold=1)
        made = play([plan], thin, account).trades
        raw = thin.open["AAA"].iloc[25]
        assert made["entry_price"][0] == pytest.approx(raw * factor)
        assert made["exit_price"][0] > 0
        assert made["size"][0] > 0


def test_the_square_root_law_by_hand() -> None:
    """Sigma 2 % of returns of +-2 %, 10,000 a day, 2,500 shares: .8 x sigma / 2.

    Returns 2 %, -1.96 %, ...: sigma from pandas. Flat slippage of 10 bps beside it.
    """
    bars = [(101.0, 103.0, 99.0, 100.0 + 2 * (t % 2)) for t in range(30)]
    flat = panel({"AAA": bars})
    volume = flat.close * 0 + 10_000
    names = ("open", "high", "low", "close")
    prices = PricePanel(**{n: getattr(flat, n) for n in names}, volume=volume)
    account = FREE.replace(cash=1e6, slippage_bps=10, slippage_volume_share=0.8)
    made = play([want(prices, 20, notional=252_500.0, hold=1)], prices, account).trades
    sigma = pd.Series([bar[3] for bar in bars[:20]]).pct_change().std()
    paid = 101 * (1 + 0.001 + 0.8 * sigma * 0.5)
    assert made["entry_price"][0] == pytest.approx(paid, rel=1e-12)
    left = 0.8 * sigma * (made["size"][0] / 10_000) ** 0.5
    assert made["exit_price"][0] == pytest.approx(101 * (1 - 0.001 - left), rel=1e-12)


def test_default_slippage_is_a_tenth_of_daily_sigma() -> None:
    """Closes 100, 102, 100, ...: returns of about +-2 %, sigma from pandas."""
    bars = [(101.0, 103.0, 99.0, 100.0 + 2 * (t % 2)) for t in range(30)]
    prices = panel({"AAA": bars})
    account = FREE.replace(slippage_bps=None)
    made = play([want(prices, 20, weight=1, hold=1)], prices, account).trades
    closes = pd.Series([bar[3] for bar in bars[:20]])
    sigma = closes.pct_change().std()
    assert sigma > 0.01
    assert made["entry_price"][0] == pytest.approx(101 * (1 + 0.1 * sigma))


def test_commission_borrow_and_dividends_by_hand() -> None:
    """Short 10 shares at 100 from Friday's open to Monday's.

    Commission max(1, 10 x (100 x 10 bps + 0.02)) = 1.2 each way; borrow 100 x 10 x
    36.5 % x 3 / 365 = 3; a dividend of 0.5 goes out on Monday: 5.
    """
    index = sessions(4, "2025-01-09")  # 2025-01-09 closed; 10 Fri, 13 Mon
    assert str(index[0].date()) == "2025-01-10"
    frames = {
        name: pd.DataFrame({"AAA": [value] * 4}, index)
        for name, value in zip(("open", "high", "low", "close"), FLAT, strict=True)
    }
    dividends = pd.DataFrame({"AAA": [0.0, 0.5, 0.0, 0.0]}, index)
    prices = PricePanel(**frames, dividends=dividends, basis="split")
    account = FREE.replace(
        fees_bps=10, fees_per_share=0.02, fees_min=1.0, borrow_rate=0.365
    )
    made = play([want(prices, 0, notional=-1000, hold=1)], prices, account).trades.loc[
        0
    ]
    assert made["fees"] == pytest.approx(2.4)
    assert made["borrow"] == pytest.approx(3.0)
    assert made["pnl"] == pytest.approx(-5.0 - 3.0 - 2.4)
    assert made["ret"] == pytest.approx(-10.4 / 1000)
    total = PricePanel(**frames, dividends=dividends, basis="total_return")
    booked = play([want(total, 0, notional=-1000, hold=1)], total, account).trades
    assert booked["dividends"][0] == 0


def test_interest_is_paid_on_cash_without_short_proceeds() -> None:
    """1000 cash at 36.5 % a year over one night, with and without a short of 500."""
    prices = panel({"AAA": [FLAT] * 3})
    account = FREE.replace(cash_rate=0.365)
    idle = play([], prices, account)
    assert idle.interest.iloc[1] == pytest.approx(1.0)
    short = play([want(prices, 0, notional=-500, hold=2)], prices, account)
    assert short.interest.iloc[1] == pytest.approx(1.0)
    long = play([want(prices, 0, notional=500, hold=2)], prices, account)
    assert long.interest.iloc[1] == pytest.approx(0.5)


def test_recent_listing_without_a_row_cannot_be_shorted() -> None:
    gone = (np.nan,) * 4
    prices = panel({"NEW": [gone] * 5 + [FLAT] * 90, "OLD": [FLAT] * 95})
    plans = [
        want(prices, 64, symbol="NEW", weight=-0.1, hold=1),
        want(prices, 65, symbol="NEW", weight=-0.1, hold=1),
        want(prices, 10, symbol="OLD", weight=-0.1, hold=1),
    ]
    made = play(plans, prices).trades
    assert made["exit_reason"].tolist() == ["hold", "not_shortable", "hold"]
    row = BorrowRow("NEW", prices.sessions[60], prices.sessions[64], 2.0, "test")
    with_row = play(plans, prices, borrow=[row]).trades.iloc[1]
    assert with_row["borrow"] == pytest.approx(
        2.0 * with_row["borrowed"] if with_row["size"] > 0 else np.nan
    )
    own = play(plans, prices, FREE.replace(borrow_by_symbol={"NEW": 1.0})).trades
    assert own["exit_reason"].tolist() == ["hold"] * 3


def test_shipped_borrow_rows_name_their_source() -> None:
    rows = read_borrow()
    assert {row.symbol for row in rows} == {"CRWV"}
    assert all(row.source.startswith("https://") for row in rows)
    july = [r for r in rows if r.first <= pd.Timestamp("2025-07-14")][-1]
    assert july.rate > 1.0
    assert rows[0].rate == pytest.approx(0.083)


def test_unreadable_borrow_row_is_named(tmp_path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "borrow.yaml"
    file.write_text("- {symbol: AAA, rate: 0.1}\n")
    with pytest.raises(ConfigError, match="row 1"):
        read_borrow(tmp_path)
    file.write_text("- {symbol: AAA, from: 2025-01-02, rate: -1, source: x}\n")
    with pytest.raises(ConfigError, match="rate"):
        read_borrow(tmp_path)
