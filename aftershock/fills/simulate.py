"""Plans -> fills: order the plans, run the kernel, name what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.fills.account import Account
from aftershock.fills.arrays import (
    CLOSED,
    PLAN,
    REASONS,
    Book,
    Plans,
    blank_book,
    records,
)
from aftershock.fills.auctions import Auctions
from aftershock.fills.borrow import BorrowRow
from aftershock.fills.market import market_of, rules_of
from aftershock.fills.plan import DecidedPlan
from aftershock.prices import PricePanel

AFTER_DATA, NO_PRICE, GROUP = "after_last_price", "no_price", "group"


@dataclass(frozen=True, eq=False)
class Fills:
    """What became of a strategy's plans.

    Attributes
    ----------
    trades : DataFrame
        One row per plan, in the order of filling: event_id, symbol, side, group,
        decided, entry_session, entry_price, exit_session, exit_price, exit_reason,
        size, fees, slippage, borrow, pnl, ret; further entry_half and exit_half
        (half-sessions, see `auctions`; -1: none), dividends, entry_fees, and borrowed:
        value x years of the short, so that borrow = rate x borrowed.
    equity, gross, flow, interest : Series by session
        Equity and position value at the close; money booked before the open
        (dividends, borrow and interest); the interest in it.
    """

    trades: pd.DataFrame
    equity: pd.Series[float]
    gross: pd.Series[float]
    flow: pd.Series[float]
    interest: pd.Series[float]


@dataclass(frozen=True)
class _Slot:
    """A plan at its place in the order of filling."""

    decided: DecidedPlan
    entry: int
    group: int
    reason: str = ""


def simulate(
    plans: Sequence[DecidedPlan],
    prices: PricePanel,
    account: Account,
    calendar: TradingCalendar,
    event_sessions: Iterable[tuple[str, pd.Timestamp]] = (),
    borrow: Iterable[BorrowRow] = (),
    start: pd.Timestamp | None = None,
) -> Fills:
    """Play plans against prices.

    Parameters
    ----------
    plans : sequence of DecidedPlan
        In order of yield within an event.
    prices : PricePanel
    account : Account
    calendar : TradingCalendar
    event_sessions : iterable of (symbol, session)
        Where the default slippage doubles at the open.
    borrow : iterable of BorrowRow
    start : pandas.Timestamp, optional
        First session of the account; the first of the panel when left out.
    """
    from aftershock.fills.kernel import run

    auctions = Auctions.of(prices.sessions, calendar, account)
    slots = order(plans, prices, account, auctions)
    playable = [slot for slot in slots if not slot.reason]
    first = 0 if start is None else int(prices.sessions.searchsorted(start))
    first = min([first, *(slot.entry // 2 for slot in playable)])
    book = blank_book(len(playable), len(prices.sessions), account.cash)
    run(
        market_of(prices, account, event_sessions, borrow),
        _arrays(playable, prices, auctions, account),
        book,
        rules_of(account),
        first,
    )
    index = prices.sessions
    series = [book.days[name] for name in ("equity", "gross", "flow", "interest")]
    return Fills(
        _trades(slots, playable, book, index),
        *(pd.Series(values, index=index) for values in series),
    )


def order(
    plans: Sequence[DecidedPlan],
    prices: PricePanel,
    account: Account,
    auctions: Auctions,
) -> list[_Slot]:
    """Return plans by fill moment, published, event id, order of yield.

    Legs of a group take the latest moment and the first place among them; where one
    of them cannot be played, none is.
    """
    legs: dict[tuple[str, str], list[int]] = {}
    for n, decided in enumerate(plans):
        name = decided.plan.group
        key = ("", f"{n}") if name is None else (f"event {decided.event_id}", name)
        legs.setdefault(key, []).append(n)
    groups = []
    for members in legs.values():
        wants = [plans[n] for n in members]
        at = max(_entry(decided, account, auctions) for decided in wants)
        head = wants[0]
        key_of = (at, head.published, head.event_id, members[0])
        groups.append((key_of, wants, _faults(wants, at, prices)))
    groups.sort(key=lambda group: group[0])
    return [
        _Slot(decided, key[0], n, fault)
        for n, (key, wants, faults) in enumerate(groups)
        for decided, fault in zip(wants, faults, strict=True)
    ]


def _entry(decided: DecidedPlan, account: Account, auctions: Auctions) -> int:
    plan = decided.plan
    fill = plan.entry or account.fill
    return auctions.entry(decided.decided, fill, plan.lag, account.delay)


def _faults(wants: Sequence[DecidedPlan], at: int, prices: PricePanel) -> list[str]:
    """Return for each leg why it cannot be played at all; empty where it can."""
    if at >= 2 * len(prices.sessions):
        return [AFTER_DATA] * len(wants)
    faults = [
        "" if decided.plan.symbol in prices.symbols else NO_PRICE for decided in wants
    ]
    return [fault or GROUP for fault in faults] if any(faults) else faults


def _arrays(
    slots: Sequence[_Slot], prices: PricePanel, auctions: Auctions, account: Account
) -> Plans:
    """Return the playable plans as the kernel reads them."""

    def whole(values: Iterable[int | None]) -> Any:
        return np.array([-1 if v is None else v for v in values], dtype=np.int64)

    def real(values: Iterable[float | None]) -> Any:
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)

    plans = [slot.decided.plan for slot in slots]
    columns = {symbol: n for n, symbol in enumerate(prices.symbols)}
    ends = (slot.decided.until for slot in slots)
    return records(
        PLAN,
        symbol=whole(columns[plan.symbol] for plan in plans),
        entry=whole(slot.entry for slot in slots),
        hold=whole(plan.hold for plan in plans),
        until=whole(
            None if end is None else auctions.reachable(end + account.delay)
            for end in ends
        ),
        group=whole(slot.group for slot in slots),
        side=real(plan.side for plan in plans),
        weight=real(plan.weight for plan in plans),
        notional=real(plan.notional for plan in plans),
        stop=real(plan.stop_loss for plan in plans),
        target=real(plan.take_profit for plan in plans),
        trail=real(plan.trailing_stop for plan in plans),
    )


def _trades(
    slots: Sequence[_Slot],
    playable: Sequence[_Slot],
    book: Book,
    sessions: pd.DatetimeIndex,
) -> pd.DataFrame:
    """Return one row per plan, filled or refused."""
    numbers = _numbers(book, playable, sessions)
    place = {id(slot): n for n, slot in enumerate(playable)}
    rows = [place.get(id(slot), -1) for slot in slots]
    reasons = [slot.reason for slot in slots]
    plans = [slot.decided.plan for slot in slots]
    frame = pd.DataFrame(
        {
            "event_id": pd.Series([s.decided.event_id for s in slots], dtype="str"),
            "symbol": pd.Series([plan.symbol for plan in plans], dtype="str"),
            "side": pd.Series(
                ["long" if plan.side > 0 else "short" for plan in plans], dtype="str"
            ),
            "group": pd.Series([plan.group or "" for plan in plans], dtype="str"),
            "decided": _moments([slot.decided.decided for slot in slots]),
        }
    )
    known = numbers.reindex(rows).reset_index(drop=True)
    known["exit_reason"] = known["exit_reason"].where(
        pd.Series([n >= 0 for n in rows], dtype=bool), pd.Series(reasons, dtype="str")
    )
    for name in ("entry_half", "exit_half"):
        known[name] = known[name].fillna(-1).astype(np.int64)
    return pd.concat([frame, known], axis=1)


def _moments(moments: Sequence[pd.Timestamp]) -> pd.Series[Any]:
    stamps = [moment.tz_convert("America/New_York") for moment in moments]
    return pd.Series(pd.DatetimeIndex(stamps, tz="America/New_York").as_unit("us"))


def _numbers(
    book: Book, playable: Sequence[_Slot], sessions: pd.DatetimeIndex
) -> pd.DataFrame:
    """Return what the kernel wrote, NaN and NaT where a plan was refused."""
    made = book.trades
    filled = made["status"] == CLOSED
    entry = np.array([slot.entry for slot in playable], dtype=np.int64)
    side = np.array([slot.decided.plan.side for slot in playable], dtype=np.float64)
    moved = side * made["shares"] * (made["exit_price"] - made["entry_price"])
    pnl = moved - made["fees"] - made["borrow"] + made["dividends"]
    stake = np.where(filled, made["shares"] * made["entry_price"], np.nan)
    reasons = [REASONS[number] for number in made["reason"]]
    frame = pd.DataFrame(
        {
            "entry_session": _labels(sessions, entry, filled),
            "entry_price": made["entry_price"],
            "exit_session": _labels(sessions, made["exit"], filled),
            "exit_price": made["exit_price"],
            "exit_reason": pd.Series(reasons, dtype="str"),
            "size": made["shares"],
            "fees": made["fees"],
            "slippage": made["slippage"],
            "borrow": made["borrow"],
            "pnl": pnl,
            "ret": pnl / stake,
            "dividends": made["dividends"],
            "borrowed": made["borrowed"],
            "entry_fees": made["entry_fees"],
            "entry_half": np.where(filled, entry, -1),
            "exit_half": np.where(filled, made["exit"], -1),
        }
    )
    empty = [c for c in frame.columns if frame[c].dtype == np.float64]
    frame.loc[~filled, empty] = np.nan
    return frame


def _labels(sessions: pd.DatetimeIndex, half: Any, filled: Any) -> pd.Series[Any]:
    if not len(half):
        return pd.Series(pd.DatetimeIndex([], dtype="datetime64[us]"))
    stamps = pd.Series(sessions[np.where(filled, half, 0) // 2])
    return stamps.where(pd.Series(filled), pd.NaT)
