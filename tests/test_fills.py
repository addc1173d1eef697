"""Fills against hand calculations and a plain reference loop."""

from __future__ import annotations

import datetime as dt
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftershock.errors import ConfigError, StrategyError
from aftershock.fills import (
    Account,
    Auctions,
    BorrowRow,
    DecidedPlan,
    Fills,
    TradePlan,
    read_borrow,
    simulate,
)
from aftershock.fills.compiled import forget_stale
from aftershock.prices import PricePanel
from tests.plain_account import Order, PlainAccount
from tests.scenarios import (
    CALENDAR,
    SYMBOLS,
    panel,
    random_panel,
    random_plans,
    reference,
    sessions,
)

FREE = Account(cash=1_000.0, fees_bps=0, slippage_bps=0, borrow_rate=0, max_gross=10)
FLAT = (100.0, 101.0, 99.0, 100.0)


def at(session: pd.Timestamp, clock: str) -> pd.Timestamp:
    return (session + pd.Timedelta(f"{clock}:00")).tz_localize("America/New_York")


def want(prices: PricePanel, row: int, clock: str = "06:00", **rules) -> DecidedPlan:
    moment = at(prices.sessions[row], clock)
    plan = TradePlan(rules.pop("symbol", "AAA"), **rules)
    return DecidedPlan(plan, rules.get("group") or "event", moment, moment)


def play(plans, prices, account=FREE, **more) -> Fills:
    return simulate(plans, prices, account, CALENDAR, **more)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6))
def test_random_scenarios_agree_with_the_plain_reference(seed: int) -> None:
    rng = np.random.default_rng(seed)
    prices = random_panel(rng)
    wants = random_plans(rng, prices, 12)
    account = Account(
        cash=1e6,
        fees_bps=2,
        slippage_bps=7,
        borrow_by_symbol=dict.fromkeys(SYMBOLS, 0.3),
        max_gross=1e6,
    )
    fills = play([w.decided for w in wants], prices, account)
    made = fills.trades.set_index("event_id")
    equity = np.full(len(prices.sessions), account.cash)
    for w in wants:
        ref = reference(w, prices, 7e-4, 2e-4, 0.3)
        row = made.loc[w.decided.event_id]
        equity += np.array(ref.adds)
        assert row["exit_reason"] == ref.reason
        if ref.entry is None or ref.exit is None:
            assert pd.isna(row["entry_session"])
            assert pd.isna(row["pnl"])
            continue
        assert row["entry_session"] == prices.sessions[ref.entry[0]]
        assert row["exit_session"] == prices.sessions[ref.exit[0]]
        for name in ("entry_price", "exit_price", "fees", "borrow", "pnl"):
            assert row[name] == pytest.approx(getattr(ref, name), rel=1e-9, abs=1e-6)
    assert np.abs(fills.equity.to_numpy() - equity).max() <= 1e-9 * account.cash


@pytest.mark.parametrize(
    ("clock", "fill", "row", "price"),
    [
        ("09:27", "next_open", 1, "open"),
        ("09:28", "next_open", 1, "close"),
        ("09:29", "next_open", 1, "close"),
        ("09:30", "next_open", 2, "open"),
        ("12:00", "next_close", 1, "close"),
        ("12:00", "next_open", 2, "open"),
        ("15:49", "next_close", 1, "close"),
        ("15:50", "next_close", 2, "open"),
        ("16:00", "next_close", 2, "close"),
        ("16:00", "next_open", 2, "open"),
    ],
)
def test_first_auction_that_can_be_reached(clock, fill, row, price) -> None:
    """Cut-offs 09:28 and 15:50: later orders take the next bar; 16:00 is no fill."""
    bars = [(100.0 + t, 110.0 + t, 90.0, 100.5 + t) for t in range(5)]
    prices = panel({"AAA": bars})
    made = play([want(prices, 1, clock, weight=1, entry=fill, hold=1)], prices).trades
    assert made["entry_session"][0] == prices.sessions[row]
    expected = 100.0 + row if price == "open" else 100.5 + row
    assert made["entry_price"][0] == pytest.approx(expected)


def test_half_day_closes_ten_minutes_earlier_for_orders() -> None:
    """2025-07-03 closes at 13:00: an order of 12:49 reaches it, one of 12:50 not."""
    index = sessions(3, "2025-07-02")
    auctions = Auctions.of(index, CALENDAR, Account())
    assert auctions.entry(at(index[1], "12:49"), "next_close") == 3
    assert auctions.entry(at(index[1], "12:50"), "next_close") == 4
    assert auctions.entry(at(index[1], "09:00"), "next_open", lag=1) == 4


def test_latency_moves_an_order_past_the_cutoff() -> None:
    prices = panel({"AAA": [FLAT] * 5})
    plan = want(prices, 1, "09:25", weight=1, hold=1)
    late = play([plan], prices, FREE.replace(latency="5min")).trades
    assert late["entry_half"][0] == 3
    assert play([plan], prices, FREE.replace(latency=60)).trades["entry_half"][0] == 2


@pytest.mark.parametrize(
    ("bar", "rules", "price", "reason"),
    [
        ((100, 101, 94, 100), {"stop_loss": 0.05}, 95.0, "stop_loss"),
        ((93, 101, 92, 100), {"stop_loss": 0.05}, 93.0, "stop_loss"),
        ((100, 107, 99, 100), {"take_profit": 0.05}, 105.0, "take_profit"),
        ((108, 109, 99, 100), {"take_profit": 0.05}, 108.0, "take_profit"),
        (
            (100, 107, 94, 100),
            {"stop_loss": 0.05, "take_profit": 0.05},
            95.0,
            "stop_loss",
        ),
        ((100, 101, 97, 100), {"trailing_stop": 0.03}, 97.97, "trailing_stop"),
    ],
)
def test_stops_and_targets(bar, rules, price, reason) -> None:
    """Entry at 100 on a flat bar with high 101, so a 3 % trail stands at 97.97."""
    prices = panel({"AAA": [FLAT, FLAT, bar, FLAT, FLAT]})
    made = play([want(prices, 1, weight=1, hold=3, **rules)], prices).trades
    assert made["exit_session"][0] == prices.sessions[2]
    assert made["exit_price"][0] == pytest.approx(price)
    assert made["exit_reason"][0] == reason


@pytest.mark.parametrize(
    ("side", "bar", "rules", "price"),
    [
        (1, (100, 110, 99, 100), {"take_profit": 0.1}, 110.0),
        (1, (110, 111, 109, 110), {"take_profit": 0.1}, 110.0),
        (1, (100, 101, 93, 100), {"stop_loss": 0.07}, 93.0),
        (-1, (100, 110, 99, 100), {"stop_loss": 0.1}, 110.0),
        (-1, (100, 101, 93, 100), {"take_profit": 0.07}, 93.0),
        (1, (100, 109.99999, 99, 100), {"take_profit": 0.1}, None),
        (1, (100, 101, 93.00001, 100), {"stop_loss": 0.07}, None),
    ],
)
def test_a_price_that_is_the_level_touches_it(side, bar, rules, price) -> None:
    """100 x 1.1 is 110.00000000000001 in floats and 100 x 0.93 is 92.99999999999999.

    The fill is at a price that the bar has, never a last digit beyond it. Another
    simulator, which snaps its levels to prices, agrees.
    """
    prices = panel({"AAA": [FLAT, FLAT, bar, FLAT, FLAT]})
    plan = want(prices, 1, weight=side, hold=2, **rules)
    made = play([plan], prices, FREE).trades
    told = (made["exit_price"][0], made["exit_reason"][0])
    assert told == ((100.0, "hold") if price is None else (price, next(iter(rules))))
    plain = PlainAccount(prices, FREE, 0.0)
    plain.run([Order(plan.plan, "e", (1, 0), 0)])
    assert (plain.trades[0].got, plain.trades[0].reason) == told


def test_stops_are_watched_on_the_entry_bar_but_not_after_an_entry_at_its_close() -> (
    None
):
    deep = (100.0, 101.0, 80.0, 100.0)
    prices = panel({"AAA": [FLAT, deep, FLAT, FLAT]})
    at_open = play([want(prices, 1, weight=1, hold=2, stop_loss=0.1)], prices).trades
    assert at_open["exit_session"][0] == prices.sessions[1]
    late = want(prices, 1, weight=1, hold=2, stop_loss=0.1, entry="next_close")
    at_close = play([late], prices).trades
    assert at_close["exit_reason"][0] == "hold"
    assert at_close["exit_half"][0] == at_close["entry_half"][0] + 4


def test_halted_symbol_leaves_at_its_last_price() -> None:
    gone = (np.nan,) * 4
    prices = panel({"AAA": [FLAT, FLAT, (99, 99, 90, 91), gone, gone]})
    made = play([want(prices, 1, weight=1, hold=9)], prices).trades
    assert made["exit_reason"][0] == "no_price"
    assert made["exit_price"][0] == 91
    assert made["exit_session"][0] == prices.sessions[3]


def test_bar_without_an_open_cannot_fill() -> None:
    prices = panel({"AAA": [FLAT, (np.nan, 101, 99, 100), FLAT]})
    made = play([want(prices, 1, weight=1, hold=1)], prices).trades
    assert pd.isna(made["entry_session"][0])
    assert made["exit_reason"][0] == "no_price"


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


@pytest.mark.parametrize("lag", [-2, 2**62, 2**63, 0.5])
def test_a_plan_that_was_written_over_never_fills_before_its_decision(lag) -> None:
    """Twice 2^62 half-sessions are 0 in 64 bits, twice 2^63 do not fit."""
    prices = panel({"AAA": [FLAT] * 6})
    one = want(prices, 4, weight=1)
    object.__setattr__(one.plan, "lag", lag)
    with pytest.raises(StrategyError, match="lag="):
        play([one], prices)


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


def test_a_mistyped_key_of_the_account_is_named() -> None:
    with pytest.raises(ConfigError, match=r"account\.fee_bps") as caught:
        Account(fee_bps=1.0)  # type: ignore[call-arg]
    assert "Did you mean 'fees_bps'?" in str(caught.value)
    with pytest.raises(ConfigError, match=r"account\.max_positon"):
        Account().replace(max_positon=3)


def test_code_compiled_before_a_rule_changed_is_forgotten(tmp_path) -> None:
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    for name, age in (("old.nbi", 20), ("new.nbi", 0)):
        (kept / name).touch()
        os.utime(kept / name, (1000 - age, 1000 - age))
    (tmp_path / "rule.py").touch()
    os.utime(tmp_path / "rule.py", (990, 990))
    forget_stale(tmp_path, kept)
    assert [file.name for file in kept.iterdir()] == ["new.nbi"]


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


def test_plans_are_scaled_to_the_room_and_then_refused() -> None:
    prices = panel({s: [FLAT] * 4 for s in ("AAA", "BBB", "CCC")})
    plans = [want(prices, 1, symbol=s, weight=0.8, hold=1) for s in prices.symbols]
    made = play(plans, prices, FREE.replace(max_gross=1.0)).trades
    assert made["size"].tolist()[:2] == pytest.approx([8.0, 2.0])
    assert made["exit_reason"].tolist() == ["hold", "hold", "no_room"]
    assert pd.isna(made["entry_session"][2])


def test_gross_cap_holds_after_costs() -> None:
    """position = max_gross x (equity after slippage and commission)."""
    prices = panel({"AAA": [FLAT] * 4})
    account = FREE.replace(max_gross=1.0, fees_bps=50, slippage_bps=100, fees_min=3)
    made = play([want(prices, 1, weight=-1.0, hold=1)], prices, account).trades.loc[0]
    entry_fee = max(3, made["size"] * 99 * 0.005)
    equity = 1000 - made["size"] * 1.0 - entry_fee
    assert made["size"] * 100 == pytest.approx(equity, rel=1e-12)


def test_weight_and_position_caps() -> None:
    prices = panel({s: [FLAT] * 4 for s in ("AAA", "BBB")})
    plans = [
        want(prices, 1, symbol=s, weight=0.8, hold=1) for s in ("AAA", "AAA", "BBB")
    ]
    made = play(plans, prices, FREE.replace(max_weight=1.0)).trades
    assert made["size"].tolist() == pytest.approx([8.0, 2.0, 8.0])
    few = play(plans, prices, FREE.replace(max_positions=1)).trades
    assert few["exit_reason"].tolist() == ["hold", "max_positions", "max_positions"]


def test_legs_of_a_group_share_a_scale_and_a_fate() -> None:
    gone = (np.nan,) * 4
    prices = panel({"AAA": [FLAT] * 5, "BBB": [FLAT] * 5, "CCC": [gone] * 5})
    pair = [
        want(prices, 1, symbol="AAA", weight=1.0, hold=1, group="pair"),
        want(prices, 1, symbol="BBB", weight=-1.0, hold=1, group="pair", lag=1),
    ]
    made = play(pair, prices, FREE.replace(max_gross=1.0)).trades
    assert made["size"].tolist() == pytest.approx([5.0, 5.0])
    assert made["entry_session"].tolist() == [prices.sessions[2]] * 2
    broken = [pair[0], want(prices, 1, symbol="CCC", weight=1, group="pair")]
    assert play(broken, prices).trades["exit_reason"].tolist() == ["group", "no_price"]
    absent = [pair[0], want(prices, 1, symbol="ZZZ", weight=1, group="pair")]
    assert play(absent, prices).trades["exit_reason"].tolist() == ["group", "no_price"]


def test_ruin_ends_the_run() -> None:
    """Short 3 x equity, the price doubles: equity 1000 - 3000 < 0."""
    prices = panel({"AAA": [FLAT, FLAT, (200, 201, 199, 200), FLAT, FLAT]})
    plans = [
        want(prices, 1, weight=-3.0, hold=3),
        want(prices, 3, weight=1.0, hold=1),
    ]
    fills = play(plans, prices)
    assert fills.trades["exit_reason"].tolist() == ["ruined", "ruined"]
    assert fills.equity.tolist()[2:] == pytest.approx([-2000.0] * 3)


def test_until_leaves_at_the_first_auction_after_the_later_event() -> None:
    prices = panel({"AAA": [FLAT] * 8})
    start, end = at(prices.sessions[1], "06:00"), at(prices.sessions[4], "09:29")
    plan = TradePlan("AAA", weight=1, until="earnings")
    fills = play([DecidedPlan(plan, "e", start, start, end)], prices)
    assert fills.trades["exit_reason"][0] == "until"
    assert fills.trades["exit_half"][0] == 9


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


@pytest.mark.parametrize(
    "wrong",
    [
        {"cash": 0},
        {"max_gross": -1},
        {"max_gross": 0},
        {"max_weight": 0.0},
        {"fill": "now"},
        {"open_cutoff": "9h28"},
        {"latency": "soon"},
        {"latency": -1},
        {"max_positions": 0},
        {"slippage_volume_share": -0.1},
        {"borrow_by_symbol": {"AAA": -1}},
        {"borrow_by_symbol": {"AAA": "much"}},
        {"slippage_by_symbol": 5},
        {"cash": "1e6"},
        {"cash": float("nan")},
        {"cash_rate": float("nan")},
        {"max_gross": None},
        {"fees_bps": "1"},
        {"max_weight": float("inf")},
        {"max_positions": 2.5},
        {"open_cutoff": 928},
        {"open_cutoff": dt.time(9, 28)},
        {"latency": float("nan")},
        {"latency": None},
        {"slippage_bps": 10_000},
        {"slippage_by_symbol": {"AAA": 20_000}},
        {"slippage_by_symbol": {1: 5.0}},
        {"cash": 10**400},
    ],
)
def test_account_refuses_what_makes_no_sense(wrong) -> None:
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        Account(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"weight": 0.1, "notional": 5.0},
        {"weight": float("nan")},
        {"weight": 0.1, "hold": 0},
        {"weight": 0.1, "lag": -1},
        {"weight": 0.1, "lag": 0.5},
        {"weight": 0.1, "lag": 2**62},
        {"weight": 0.1, "hold": 2**62},
        {"weight": 1e308},
        {"weight": 0.1, "group": ["a"]},
        {"weight": 0.1, "until": 3},
        {"weight": 0.1, "hold": True},
        {"weight": 0.0},
        {"weight": "0.1"},
        {"weight": 0.1, "take_profit": float("nan")},
        {"weight": 0.1, "trailing_stop": float("inf")},
        {"weight": 0.1, "stop_loss": -0.1},
        {"weight": 0.1, "entry": "now"},
    ],
)
def test_plan_refuses_what_cannot_be_meant(wrong) -> None:
    with pytest.raises(StrategyError, match="TradePlan of AAA"):
        TradePlan("AAA", **wrong)


def test_the_account_of_a_config_that_says_nothing() -> None:
    """A million, no leverage, 1 bp a fill, 3 % a year on shorts, no interest."""
    assert Account() == Account(
        cash=1_000_000,
        max_gross=1,
        max_weight=None,
        max_positions=None,
        fees_bps=1,
        fees_per_share=0,
        fees_min=0,
        slippage_bps=None,
        slippage_by_symbol={},
        slippage_volume_share=None,
        borrow_rate=0.03,
        borrow_by_symbol={},
        cash_rate=0,
        fill="next_open",
        latency=0,
        open_cutoff="09:28",
        close_cutoff="15:50",
    )


@pytest.mark.parametrize("symbol", ["", None, 5])
def test_plan_without_a_name_is_refused(symbol) -> None:
    with pytest.raises(StrategyError, match=r"(?s)symbol=.*the name of a symbol"):
        TradePlan(symbol, weight=0.1)


def test_the_largest_plan_is_as_large_as_is_said() -> None:
    """Up to 1e18, that included, on both sides."""
    assert TradePlan("AAA", notional=1e18).side == 1
    assert TradePlan("AAA", notional=-1e18).side == -1
    with pytest.raises(StrategyError, match="up to 1e18"):
        TradePlan("AAA", notional=float(np.nextafter(1e18, 2e18)))


def test_order_of_yield_of_plans_changes_no_result_between_events() -> None:
    prices = panel({s: [FLAT] * 4 for s in ("AAA", "BBB")})
    moment = at(prices.sessions[1], "06:00")
    plans = [
        DecidedPlan(TradePlan(s, weight=0.8, hold=1), s, moment, moment)
        for s in ("AAA", "BBB")
    ]
    account = FREE.replace(max_gross=1.0)
    one = play(plans, prices, account).trades
    other = play(plans[::-1], prices, account).trades
    pd.testing.assert_frame_equal(one, other)


def test_nothing_to_do_gives_an_empty_table() -> None:
    prices = panel({"AAA": [FLAT] * 3})
    fills = play([], prices)
    assert fills.trades.empty
    assert "exit_reason" in fills.trades.columns
    assert fills.equity.tolist() == [1000.0] * 3
    late = play([want(prices, 2, "17:00", weight=1)], prices)
    assert late.trades["exit_reason"].tolist() == ["after_last_price"]


@pytest.mark.parametrize("seed", [3, 11])
def test_interpreted_kernel_agrees_too(interpreted, seed: int) -> None:
    agrees = test_random_scenarios_agree_with_the_plain_reference
    agrees.hypothesis.inner_test(seed)


def test_interpreted_rules(interpreted) -> None:
    test_plans_are_scaled_to_the_room_and_then_refused()
    test_gross_cap_holds_after_costs()
    test_weight_and_position_caps()
    test_legs_of_a_group_share_a_scale_and_a_fate()
    test_ruin_ends_the_run()
    test_until_leaves_at_the_first_auction_after_the_later_event()
    test_recent_listing_without_a_row_cannot_be_shorted()
    test_default_slippage_doubles_at_opens_of_event_sessions_and_on_stops()
    test_halted_symbol_leaves_at_its_last_price()
