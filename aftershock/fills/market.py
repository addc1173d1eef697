"""What the kernel needs to know of prices and costs, as arrays."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from aftershock.fills.account import Account
from aftershock.fills.arrays import BAR, Market, Rules, records
from aftershock.fills.borrow import BorrowRow, borrow_terms
from aftershock.prices import PricePanel

_LEAST_SLIPPAGE, _SIGMA_SHARE = 5e-4, 0.1
_SIGMA_SESSIONS, _SIGMA_MIN = 60, 5
_VOLUME_SESSIONS = 20
_NO_CAP = 1e18  # finite, so that cap / cap arithmetic stays defined


def market_of(
    prices: PricePanel,
    account: Account,
    event_sessions: Iterable[tuple[str, pd.Timestamp]] = (),
    borrow: Iterable[BorrowRow] = (),
    quiet: Market | None = None,
) -> Market:
    """Return prices, slippage and borrow terms of a panel under an account.

    Parameters
    ----------
    prices : PricePanel
        A bar without open, high, low or close marks a position but cannot fill.
    event_sessions : iterable of (symbol, session)
        Where the default slippage doubles at the open.
    borrow : iterable of BorrowRow
    quiet : Market, optional
        The same without event sessions, where it is at hand: luck tries many of them.
    """
    quiet = quiet or _without_events(prices, account, borrow)
    bars = quiet.bars.copy()
    news = _events(prices, event_sessions).T
    bars["at_open"][news] = bars["on_stop"][news]
    return quiet._replace(bars=bars)


def _without_events(
    prices: PricePanel, account: Account, borrow: Iterable[BorrowRow]
) -> Market:
    """Return the market of a time without news."""
    names = ("open", "high", "low", "close")
    ohlc = {name: _array(getattr(prices, name)) for name in names}
    slip, stress = slippage(prices, account)
    rate, shortable = borrow_terms(prices, account, borrow)
    bars = records(
        BAR,
        **ohlc,
        mark=_array(prices.close.ffill()),
        dividend=np.nan_to_num(_array(prices.dividends)) * (prices.basis == "split"),
        slip=slip,
        at_open=np.ones(slip.shape),
        on_stop=np.broadcast_to(stress, slip.shape),
        impact=impact(prices, account),
        rate=rate,
        fillable=np.all([np.isfinite(price) for price in ohlc.values()], axis=0),
        shortable=shortable,
    )
    # by symbol: what a trade meets next lies beside what it met
    return Market(np.ascontiguousarray(bars.T), _days(prices.sessions))


def _array(frame: pd.DataFrame) -> NDArray[np.float64]:
    return np.asarray(frame.to_numpy(np.float64))


def slippage(
    prices: PricePanel, account: Account
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the fraction lost on a fill, T x N, and its factor under stress, (N,).

    By default max(5 bps, 0.1 sigma), sigma the standard deviation (ddof 1) of the up
    to 60 close-to-close returns before the session, where there are at least 5; twice
    that at opens of event sessions and on stops. A given rate replaces all of it.
    """
    sigma = prices.returns().rolling(_SIGMA_SESSIONS, min_periods=_SIGMA_MIN).std()
    usual = (_SIGMA_SHARE * sigma.shift(1)).fillna(0.0).to_numpy(np.float64)
    slip = np.maximum(_LEAST_SLIPPAGE, usual)
    stress = np.full(len(prices.symbols), 2.0)
    for n, symbol in enumerate(prices.symbols):
        given = account.slippage_by_symbol.get(symbol, account.slippage_bps)
        if given is not None:
            slip[:, n], stress[n] = given * 1e-4, 1.0
    return slip, stress


def impact(prices: PricePanel, account: Account) -> NDArray[np.float64]:
    """Return what the root of one share moves the price by, T x N.

    k sigma / sqrt(V): sigma as in `slippage`, V the mean volume of the 20 sessions
    before, so that q shares move the price by k sigma sqrt(q / V); 0 where either is
    not known.

    Notes
    -----
    The square-root law: Toth and others (2011), Physical Review X 1, 021006; k is
    about 1.
    """
    share = account.slippage_volume_share
    if not share:
        return np.zeros(prices.close.shape)
    sigma = prices.returns().rolling(_SIGMA_SESSIONS, min_periods=_SIGMA_MIN).std()
    usual = prices.volume.rolling(_VOLUME_SESSIONS, min_periods=1).mean()
    before = usual.shift(1).to_numpy(np.float64)
    root = np.sqrt(np.where(before > 0, before, np.nan))
    return np.nan_to_num(share * sigma.shift(1).to_numpy(np.float64) / root)


def rules_of(account: Account) -> Rules:
    """Return the numbers of an account that the kernel reads."""
    weight, positions = account.max_weight, account.max_positions
    return Rules(
        float(account.cash),
        float(account.max_gross),
        _NO_CAP if weight is None else float(weight),
        _NO_CAP if positions is None else float(positions),
        float(account.fees_bps),
        float(account.fees_per_share),
        float(account.fees_min),
        float(account.cash_rate),
    )


def _events(
    prices: PricePanel, pairs: Iterable[tuple[str, pd.Timestamp]]
) -> NDArray[np.bool_]:
    marked = np.zeros(prices.close.shape, dtype=bool)
    columns = {symbol: n for n, symbol in enumerate(prices.symbols)}
    for symbol, session in pairs:
        row = int(prices.sessions.searchsorted(session))
        if symbol in columns and row < len(marked) and prices.sessions[row] == session:
            marked[row, columns[symbol]] = True
    return marked


def _days(sessions: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Return the calendar days since the session before; 0 for the first."""
    stamps = sessions.to_numpy("datetime64[D]").astype(np.int64)
    return np.diff(stamps, prepend=stamps[:1]).astype(np.float64)
