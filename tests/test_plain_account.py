"""Random accounts, caps, costs and linked legs: the engine against plain Python."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftershock.fills import Account, DecidedPlan, TradePlan, simulate
from aftershock.prices import PricePanel
from tests.plain_account import Order, PlainAccount
from tests.plain_market import CLOSE, OPEN
from tests.scenarios import CALENDAR, REACHED, SYMBOLS, random_panel

# the first auction, open or close, that an order of a clock time reaches
FIRST = {
    "06:00": (0, OPEN), "09:29": (0, CLOSE), "12:00": (0, CLOSE),
    "15:55": (1, OPEN), "17:00": (1, OPEN),
}  # fmt: skip


def moment(prices: PricePanel, row: int, clock: str) -> pd.Timestamp:
    day = prices.sessions[row] + pd.Timedelta(f"{clock}:00")
    return day.tz_localize("America/New_York")


def maybe(rng: np.random.Generator, value: float, often: float = 0.5) -> float | None:
    return value if rng.random() < often else None


def random_orders(
    rng: np.random.Generator, prices: PricePanel, count: int
) -> list[tuple[Order, DecidedPlan]]:
    """Return plans, some linked, some ended by a later event."""
    made = []
    for n in range(count):
        row = int(rng.integers(5, len(prices.sessions) - 1))
        clock = str(rng.choice(list(REACHED)))
        linked = rng.random() < 0.25
        until = None
        if rng.random() < 0.3:
            later = int(rng.integers(row, len(prices.sessions)))
            word = str(rng.choice(list(FIRST)))
            until = (later, word)
        for leg in range(2 if linked else 1):
            plan = TradePlan(
                SYMBOLS[(n + leg) % len(SYMBOLS)],
                weight=float(rng.choice([-1, 1]) * rng.uniform(0.05, 0.9)),
                entry=str(rng.choice(["next_open", "next_close"])),  # type: ignore[arg-type]
                lag=int(rng.integers(0, 3)),
                hold=int(rng.integers(1, 9)) if rng.random() < 0.8 else None,
                stop_loss=maybe(rng, 0.04),
                take_profit=maybe(rng, 0.06),
                trailing_stop=maybe(rng, 0.05),
                until="later" if until else None,
                group=f"g{n}" if linked else None,
            )
            decided = moment(prices, row, clock)
            ends = moment(prices, *until) if until else None
            one = DecidedPlan(plan, f"e{n:03d}", decided, decided, ends)
            ahead, auction = REACHED[clock][plan.entry == "next_close"]
            when = CLOSE if auction == "close" else OPEN
            place = (row + ahead + plan.lag, when)
            end = None
            if until:
                end = (until[0] + FIRST[until[1]][0], FIRST[until[1]][1])
            made.append((Order(plan, f"e{n:03d}-{leg}", place, 0, end), one))
    return _ranked(made)


def _ranked(made: list[tuple[Order, DecidedPlan]]) -> list[tuple[Order, DecidedPlan]]:
    """Number orders by (published, event, yield); legs share the latest place."""
    by_place = sorted(
        range(len(made)), key=lambda k: (made[k][1].published, made[k][1].event_id, k)
    )
    for rank, k in enumerate(by_place):
        made[k][0].rank = rank
    groups: dict[str, list[Order]] = {}
    for order, _ in made:
        groups.setdefault(order.plan.group or order.key, []).append(order)
    for legs in groups.values():
        latest, first = max(o.place for o in legs), min(o.rank for o in legs)
        for order in legs:
            order.place, order.rank = latest, first
    return made


def random_account(rng: np.random.Generator) -> Account:
    return Account(
        cash=1e5,
        max_gross=float(rng.choice([0.5, 1.0, 2.0, 5.0])),
        max_weight=maybe(rng, float(rng.uniform(0.2, 1.0))),
        max_positions=int(rng.integers(1, 6)) if rng.random() < 0.4 else None,
        fees_bps=float(rng.uniform(0, 20)),
        fees_per_share=float(rng.choice([0.0, 0.01])),
        fees_min=float(rng.choice([0.0, 5.0])),
        slippage_bps=maybe(rng, float(rng.uniform(0, 30))),
        slippage_by_symbol={"BBB": 12.0} if rng.random() < 0.3 else {},
        slippage_volume_share=maybe(rng, 0.8, 0.3),
        borrow_by_symbol=dict.fromkeys(SYMBOLS, 0.4),
        cash_rate=float(rng.choice([0.0, 0.05])),
    )


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6))
def test_every_fill_and_every_day_of_200_random_accounts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    prices = random_panel(rng)
    account = random_account(rng)
    made = random_orders(rng, prices, int(rng.integers(1, 14)))
    news = [(s, prices.sessions[r]) for s in SYMBOLS for r in rng.integers(0, 60, 6)]
    marked = {(s, int(prices.sessions.get_loc(day))) for s, day in news}
    plain = PlainAccount(prices, account, 0.4, marked)
    plain.run([order for order, _ in made])
    fills = simulate([one for _, one in made], prices, account, CALENDAR, news)
    apart = np.abs(fills.equity.to_numpy() - np.array(plain.equity)).max()
    assert apart <= 1e-9 * account.cash
    keys = {id(one.plan): order.key for order, one in made}
    mine = {t.order.key: t for t in plain.trades}
    assert len(mine) == len(made) == len(fills.trades)
    rows = fills.trades.assign(key=[keys[id(p)] for p in _plans(fills, made)])
    for row in rows.to_dict("records"):
        trade = mine[row["key"]]
        assert row["exit_reason"] == trade.reason
        if trade.left is None:
            assert row["entry_half"] == row["exit_half"] == -1
            continue
        assert row["entry_half"] == 2 * trade.order.place[0] + trade.order.place[1]
        assert row["exit_half"] == 2 * trade.left[0] + trade.left[1]
        assert row["entry_auction"] == ("open", "close")[trade.order.place[1]]
        assert (row["cut_by"] == "") == (trade.share == 1.0)
        assert row["size"] == pytest.approx(trade.shares, rel=1e-9)
        told = {
            "weight_asked": trade.order.plan.weight,
            "fill_ratio": trade.share,
            "entry_price": trade.paid,
            "exit_price": trade.got,
            "fees": trade.fees,
            "slippage": trade.slippage,
            "borrow": trade.borrow,
            "dividends": trade.dividends,
            "pnl": trade.pnl,
        }
        for name, value in told.items():
            assert row[name] == pytest.approx(value, rel=1e-9, abs=1e-6), name


def _plans(fills, made) -> list[TradePlan]:
    """Return the plan of each row: the fills keep event, symbol and group."""
    found = []
    for row in fills.trades.to_dict("records"):
        (plan,) = [
            one.plan for _, one in made
            if one.event_id == row["event_id"] and one.plan.symbol == row["symbol"]
        ]  # fmt: skip
        found.append(plan)
    return found


def test_the_plain_account_by_hand() -> None:
    """100 shares at 100 with 1 % slippage: 101 paid, 99 got, 2 lost of each."""
    index = random_panel(np.random.default_rng(0)).sessions[:4]
    flat = pd.DataFrame(100.0, index, ["AAA"])
    prices = PricePanel(open=flat, high=flat, low=flat, close=flat)
    account = Account(cash=10_100.0, slippage_bps=100, fees_bps=0, max_gross=2)
    plain = PlainAccount(prices, account, 0.0)
    plan = TradePlan("AAA", notional=10_100.0, hold=2)
    plain.run([Order(plan, "e", (1, OPEN), 0)])
    (trade,) = plain.trades
    assert (trade.shares, trade.paid, trade.got) == (100.0, 101.0, 99.0)
    assert trade.pnl == pytest.approx(-200.0)
    assert trade.slippage == pytest.approx(200.0)
    assert plain.equity == pytest.approx([10_100, 10_000, 10_000, 9_900])
    assert math.isfinite(trade.pnl)
