"""Fills -> the account: vectorbt keeps orders and value, we keep the event's id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from aftershock import performance
from aftershock.calendar import TradingCalendar
from aftershock.errors import StrategyError
from aftershock.events import EventSet
from aftershock.fills.account import Account
from aftershock.fills.borrow import BorrowRow
from aftershock.fills.simulate import Fills
from aftershock.prices import PricePanel
from aftershock.prices.elsewhere import COLUMNS_BY_FRAME
from aftershock.prices.factor import factor_at
from aftershock.replay import Replay
from aftershock.results import BacktestResult, columns
from aftershock.strategy import Strategy
from aftershock.strategy.base import refuse_no_strategy

_CASH = "(cash)"
_LEAST_SIZE = 1e-6
STOPS = ("stop_loss", "trailing_stop")
"""Reasons of an exit that promise a price."""
Strategies = Strategy | Sequence[Strategy] | Mapping[str, Strategy]


def backtest(
    strategies: Strategies,
    events: EventSet | pd.DataFrame,
    prices: PricePanel,
    account: Account | None = None,
    market: str | None = "SPY",
    calendar: TradingCalendar | None = None,
    policy: str = "next",
    borrow: Iterable[BorrowRow] | None = None,
) -> BacktestResult:
    """Trade events with one or more strategies, each in an account of its own.

    Parameters
    ----------
    strategies : Strategy, sequence of them, or mapping of label to Strategy
        Without labels the class name serves, then ``Name_2``.
    events : EventSet or DataFrame
        A frame has event_id, symbol, session; optional role, expected, tag.
    prices : PricePanel
    account : Account, optional
    market : str, optional
        Symbol of abnormal returns and of the benchmark.
    calendar : TradingCalendar, optional
    policy : str
        For events on days without a session.
    borrow : iterable of BorrowRow, optional
        The shipped table when left out.

    Returns
    -------
    BacktestResult
        trades, equity (money by session), metrics, warnings, and the table
        `decisions`: what came of every event.

    Raises
    ------
    StrategyError
        Where a strategy fails; it names strategy, event, session, file and line.
    """
    account, named = account or Account(), labelled(strategies)
    replay = Replay.of(events, prices, calendar, market, policy, borrow)
    fills = {name: replay.play(own, account) for name, own in named.items()}
    told = replay.told(named, account)
    for name, own in named.items():
        told += tuple(replay.doubts(name, own, fills[name].decided, account))
    made = _result(fills, prices, account, replay.market, replay.first, told)
    asked = [
        replay.decisions(own, fills[name].trades).assign(strategy=name)
        for name, own in named.items()
    ]
    return replace(made, more={"decisions": pd.concat(asked, ignore_index=True)})


def labelled(strategies: Strategies) -> dict[str, Strategy]:
    """Return strategies by label: the class name, then ``Name_2``."""
    if isinstance(strategies, Mapping):
        for strategy in strategies.values():
            refuse_no_strategy(strategy)
        return _free(dict(strategies))
    given = list(strategies) if isinstance(strategies, Iterable) else [strategies]
    named: dict[str, Strategy] = {}
    for strategy in given:
        refuse_no_strategy(strategy)
        name = label = type(strategy).__name__
        count = 1
        while label in named:
            count += 1
            label = f"{name}_{count}"
        named[label] = strategy
    return _free(named)


def _free(named: dict[str, Strategy]) -> dict[str, Strategy]:
    """Return the strategies, once no label is a column of another thing."""
    for taken in ("session", "benchmark"):
        if taken in named:
            raise StrategyError(
                f"the label '{taken}' is a column of the table equity",
                where="strategies",
                allowed="labels other than session and benchmark",
                do="choose another label: backtest({'mine': strategy}, ...)",
            )
    return named


def vectorbt_portfolio(fills: Fills, prices: PricePanel, account: Account) -> Any:
    """Return a ``vectorbt.Portfolio`` of the fills, one column per (symbol, slot).

    Trades that overlap on one symbol lie in different slots. What is booked overnight
    (dividends, borrow, interest) goes through a column of cash: orders of 1e-6 shares
    at a price of 1, whose fixed fee, signed, is the money.
    """
    import vectorbt as vbt

    vbt.settings.caching["enabled"] = False
    filled = fills.trades[fills.trades["entry_half"] >= 0]
    filled = filled.sort_values("entry_half", kind="stable")
    slots = _slots(filled)
    names = [*dict.fromkeys(slots), (_CASH, 0)]
    orders = _orders(filled, [names.index(slot) for slot in slots], fills.flow, names)
    marks = prices.close.ffill()
    close = np.column_stack(
        [np.ones(len(marks)) if s == _CASH else marks[s] for s, _ in names]
    )
    wrapper = vbt.ArrayWrapper(
        index=prices.sessions,
        columns=pd.MultiIndex.from_tuples(names, names=["symbol", "slot"]),
        ndim=2,
        freq="1D",
        group_by=np.zeros(len(names), dtype=np.int64),
    )
    return vbt.Portfolio(
        wrapper,
        pd.DataFrame(close, wrapper.index, wrapper.columns),
        orders(vbt),
        np.empty(0, dtype=vbt.portfolio.enums.log_dt),
        np.array([account.cash]),
        cash_sharing=True,
        fillna_close=False,
    )


def prices_to_vectorbt(prices: PricePanel) -> Any:
    """Return a ``vectorbt.Data`` of a panel: Open, High, Low, Close, Volume by symbol.

    Its index is midnight UTC of each session: vectorbt gives every index a zone.
    """
    import vectorbt as vbt

    frames = {
        symbol: pd.DataFrame(
            {
                theirs: getattr(prices, ours)[symbol]
                for ours, theirs in COLUMNS_BY_FRAME.items()
            }
        )
        for symbol in prices.symbols
    }
    return vbt.Data.from_data(frames, download_kwargs={})


def _slots(filled: pd.DataFrame) -> list[tuple[str, int]]:
    """Return for each trade the first slot of its symbol that is free again."""
    ends: dict[tuple[str, int], int] = {}
    slots = []
    halves = (filled["entry_half"].tolist(), filled["exit_half"].tolist())
    for symbol, entry, end in zip(filled["symbol"].tolist(), *halves, strict=True):
        number = 0
        while ends.get((symbol, number), -1) > entry:
            number += 1
        ends[symbol, number] = end
        slots.append((symbol, number))
    return slots


def _orders(
    filled: pd.DataFrame, at: list[int], flow: pd.Series[float], names: list[Any]
) -> Any:
    """Return a maker of order records: entries and exits, then nights in cash."""
    trades: list[dict[Any, Any]] = filled.to_dict("records")
    rows: list[tuple[Any, ...]] = []
    for col, trade in zip(at, trades, strict=True):
        buys = int(trade["side"] != "long")
        later = trade["fees"] - trade["entry_fees"]
        for which, fee, side in (
            ("entry", trade["entry_fees"], buys),
            ("exit", later, 1 - buys),
        ):
            half, price = trade[f"{which}_half"], trade[f"{which}_price"]
            rows.append((col, half // 2, half, trade["size"], price, fee, side))
    rows.sort(key=lambda row: (row[0], row[2]))
    nights = np.flatnonzero(flow.to_numpy())
    booked = flow.to_numpy()
    cash = [(len(names) - 1, t, 2 * t, _LEAST_SIZE, 1.0, -booked[t], 0) for t in nights]

    def make(vbt: Any) -> Any:
        """Write them as records, numbered column by column."""
        every = [*rows, *cash]
        records = np.empty(len(every), dtype=vbt.portfolio.enums.order_dt)
        counts: dict[int, int] = {}
        for k, (col, t, _, size, price, fee, side) in enumerate(every):
            number = counts[col] = counts.get(col, -1) + 1
            records[k] = (number, col, t, size, price, fee, side)
        return records

    return make


def _result(
    fills: dict[str, Fills],
    prices: PricePanel,
    account: Account,
    market: str | None,
    first: int,
    warnings: tuple[str, ...],
) -> BacktestResult:
    equity = pd.DataFrame({"session": prices.sessions[first:]})
    figures: list[tuple[str, str, float]] = []
    for label, played in fills.items():
        value = vectorbt_portfolio(played, prices, account).value()
        path = np.asarray(value, dtype=np.float64).reshape(-1)[first:]
        equity[label] = path
        gross = played.gross.to_numpy()[first:]
        held = performance.sessions_held(played.trades, len(prices.sessions))[first:]
        rows = _figures(played, path, gross, held, account)
        figures += [(label, *row) for row in rows]
    equity["benchmark"] = _benchmark(prices, account, market, first)
    path = equity["benchmark"].to_numpy(np.float64)
    if market is not None and len(path):
        curve = performance.curve_figures(path, account.cash)
        figures += [("benchmark", name, number) for name, number in curve.items()]
    metrics = pd.DataFrame(figures, columns=columns("metrics"))
    traded = _trades(fills, prices)
    return BacktestResult(traded, equity, metrics, warnings, simulated=prices.simulated)


def _figures(
    played: Fills, path: Any, gross: Any, held: Any, account: Account
) -> list[tuple[str, float]]:
    if not len(path):
        return list(performance.trade_figures(played.trades).items())
    figures = performance.curve_figures(path, account.cash)
    figures |= performance.exposure_figures(path, gross, held, account.cash)
    figures["turnover"] = performance.turnover(played.trades, path)
    figures |= performance.trade_figures(played.trades)
    figures["interest"] = float(played.interest.sum())
    return list(figures.items())


def _benchmark(
    prices: PricePanel, account: Account, market: str | None, first: int
) -> Any:
    """Return the market bought with all cash at the first close."""
    if market is None or first >= len(prices.sessions):
        return np.full(len(prices.sessions) - min(first, len(prices.sessions)), np.nan)
    close = prices.close[market].ffill().to_numpy(np.float64)[first:]
    return account.cash * close / close[0]


def _trades(fills: dict[str, Fills], prices: PricePanel) -> pd.DataFrame:
    wanted = columns("trades")
    frames = [played.trades.assign(strategy=label) for label, played in fills.items()]
    if not frames:
        return pd.DataFrame(columns=wanted)
    every = pd.concat(frames, ignore_index=True)
    factor = factor_at(prices, every["entry_session"], every["symbol"])
    return every.assign(exit_gap=_gaps(every, prices), entry_adjustment=factor)[wanted]


def _gaps(trades: pd.DataFrame, prices: PricePanel) -> Any:
    """Return how far beyond a stop its bar opened, as a part of it; else 0 or NaN."""
    stopped = trades[trades["exit_reason"].isin(STOPS)]
    at = prices.sessions.get_indexer(pd.DatetimeIndex(stopped["exit_session"]))
    of = prices.close.columns.get_indexer(pd.Index(stopped["symbol"]))
    opened = prices.open.to_numpy()[at, of]
    side = np.where(stopped["side"] == "short", -1.0, 1.0)
    beyond = side * (1.0 - opened / stopped["exit_level"])
    # a last digit is no gap: an open at the level itself is filled there
    return beyond.where(beyond > 1e-9, 0.0).reindex(trades.index)
