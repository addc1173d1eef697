"""Plans -> fills: order the plans, run the kernel, name what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.fills.account import Account
from aftershock.fills.arrays import (
    CLOSED,
    LIMITS,
    REASONS,
    STOP,
    TARGET,
    TRAIL,
    Book,
    Market,
    Plans,
    blank_book,
)
from aftershock.fills.auctions import Auctions
from aftershock.fills.borrow import BorrowRow
from aftershock.fills.market import market_of, rules_of
from aftershock.fills.plan import DecidedPlan
from aftershock.fills.sheet import Arranged, Sheet
from aftershock.prices import PricePanel

AT_AUCTIONS = ("hold", "until", "end_of_data", "ruined")
"""Reasons of an exit at the price of an open or a close."""


@dataclass(frozen=True, eq=False)
class Fills:
    """What became of a strategy's plans.

    Attributes
    ----------
    trades : DataFrame
        One row per plan, in the order of filling: event_id, symbol, side, group,
        decided, entry_session, entry_price, exit_session, exit_price, exit_reason,
        size, fees, slippage, borrow, pnl, ret; further entry_half and exit_half
        (half-sessions, see `auctions`; -1: none), dividends, entry_fees, borrowed:
        value x years of the short, so that borrow = rate x borrowed, and exit_level:
        the price at which the stop or target stood that ended the trade, else NaN;
        weight_asked (of a refused notional NaN), fill_ratio: the part of it that was
        had, cut_by: max_gross or max_weight where that is less than 1; entry_auction
        and exit_auction: open or close, "" where a bar's inside or no bar ended it.
    equity, gross, flow, interest : Series by session
        Equity and position value at the close; money booked before the open
        (dividends, borrow and interest); the interest in it.
    """

    equity: pd.Series[float]
    gross: pd.Series[float]
    flow: pd.Series[float]
    interest: pd.Series[float]
    _made: tuple[Sheet, Arranged, Book] = field(repr=False)

    @property
    def decided(self) -> tuple[DecidedPlan, ...]:
        """The plans as they were made, in order of yield within an event."""
        return self._made[0].decided

    @cached_property
    def trades(self) -> pd.DataFrame:
        """One row per plan; a frame is made for those who look, luck does not."""
        return _trades(*self._made, pd.DatetimeIndex(self.equity.index))


def simulate(
    plans: Sequence[DecidedPlan],
    prices: PricePanel,
    account: Account,
    calendar: TradingCalendar,
    event_sessions: Iterable[tuple[str, pd.Timestamp]] = (),
    borrow: Iterable[BorrowRow] = (),
    start: pd.Timestamp | None = None,
    quiet: Market | None = None,
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
    quiet : Market, optional
        See `market_of`.
    """
    from aftershock.fills.kernel import run

    auctions = Auctions.of(prices.sessions, calendar, account)
    sheet = Sheet.of(plans, prices, account, auctions)
    arranged = sheet.arranged()
    played = arranged.plans[arranged.playable]
    first = 0 if start is None else int(prices.sessions.searchsorted(start))
    first = min([first, *(played["entry"] // 2)])
    book = blank_book(len(played), len(prices.sessions), account.cash)
    market = market_of(prices, account, event_sessions, borrow, quiet)
    run(market, played, book, rules_of(account), first)
    index = prices.sessions
    series = [book.days[name] for name in ("equity", "gross", "flow", "interest")]
    equity, gross, flow, interest = (pd.Series(v, index=index) for v in series)
    return Fills(equity, gross, flow, interest, (sheet, arranged, book))


def _trades(
    sheet: Sheet, arranged: Arranged, book: Book, sessions: pd.DatetimeIndex
) -> pd.DataFrame:
    """Return one row per plan, filled or refused."""
    playable = arranged.playable
    numbers = _numbers(book, arranged.plans[playable], sessions)
    decided = [sheet.decided[k] for k in arranged.order]
    plans = [one.plan for one in decided]
    frame = pd.DataFrame(
        {
            "event_id": pd.Series([one.event_id for one in decided], dtype="str"),
            "symbol": pd.Series([plan.symbol for plan in plans], dtype="str"),
            "side": pd.Series(
                ["long" if plan.side > 0 else "short" for plan in plans], dtype="str"
            ),
            "group": pd.Series([plan.group or "" for plan in plans], dtype="str"),
            "decided": _moments([one.decided for one in decided]),
        }
    )
    place = np.where(playable, np.cumsum(playable) - 1, -1)
    known = numbers.reindex(place).reset_index(drop=True)
    known["exit_reason"] = known["exit_reason"].where(
        pd.Series(playable), pd.Series(arranged.reasons.astype(str), dtype="str")
    )
    for name in ("entry_half", "exit_half"):
        known[name] = known[name].fillna(-1).astype(np.int64)
    weight = pd.Series(arranged.plans["weight"])
    known["weight_asked"] = weight.fillna(known["weight_asked"])
    known["cut_by"] = known["cut_by"].fillna("")
    return pd.concat([frame, known, _auctions(known)], axis=1)


def _auctions(known: pd.DataFrame) -> pd.DataFrame:
    """Return the auctions of entry and exit, "" where there was none."""
    sold = known["exit_reason"].isin(AT_AUCTIONS)
    halves = {
        "entry_auction": known["entry_half"],
        "exit_auction": known["exit_half"].where(sold, -1),
    }
    told = {
        name: np.select([half < 0, half % 2 == 0], ["", "open"], "close")
        for name, half in halves.items()
    }
    return pd.DataFrame(told, dtype="str")


def _moments(moments: Sequence[pd.Timestamp]) -> pd.Series[Any]:
    stamps = [moment.tz_convert("America/New_York") for moment in moments]
    return pd.Series(pd.DatetimeIndex(stamps, tz="America/New_York").as_unit("us"))


def _numbers(book: Book, played: Plans, sessions: pd.DatetimeIndex) -> pd.DataFrame:
    """Return what the kernel wrote, NaN and NaT where a plan was refused."""
    made = book.trades
    filled = made["status"] == CLOSED
    entry, side = played["entry"], played["side"]
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
            "exit_level": _levels(made, played),
            "weight_asked": made["asked"],
            "fill_ratio": made["share"],
            "cut_by": pd.Series([LIMITS[n] for n in made["limit"]], dtype="str"),
        }
    )
    empty = [c for c in frame.columns if frame[c].dtype == np.float64]
    frame.loc[~filled, empty] = np.nan
    return frame


def _levels(made: Any, played: Plans) -> Any:
    """Return the prices of the stops and targets that ended trades, NaN for others.

    A trailing stop follows the best price before the bar that reached it.
    """
    side, entry = played["side"], made["entry_price"]
    levels = [
        (STOP, entry * (1.0 - side * played["stop"])),
        (TRAIL, made["peak"] * (1.0 - side * played["trail"])),
        (TARGET, entry * (1.0 + side * played["target"])),
    ]
    named = [made["reason"] == reason for reason, _ in levels]
    return np.select(named, [level for _, level in levels], np.nan)


def _labels(sessions: pd.DatetimeIndex, half: Any, filled: Any) -> pd.Series[Any]:
    if not len(half):
        return pd.Series(pd.DatetimeIndex([], dtype="datetime64[us]"))
    stamps = pd.Series(sessions[np.where(filled, half, 0) // 2])
    return stamps.where(pd.Series(filled), pd.NaT)
