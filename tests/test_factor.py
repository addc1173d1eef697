"""What stored prices were multiplied by since their day, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.fills import Account
from aftershock.portfolio import backtest
from aftershock.prices import PricePanel
from aftershock.prices.factor import factor_at
from tests.one_day import OneDay
from tests.scenarios import sessions

INDEX = sessions(6)


def of(value: float, **by_row: float) -> pd.DataFrame:
    """Return a frame of AAA with other values in rows r0, r1..."""
    column = np.full(6, value)
    for row, other in by_row.items():
        column[int(row[1:])] = other
    return pd.DataFrame({"AAA": column, "BBB": value}, INDEX)


def stored() -> PricePanel:
    """Return AAA with a dividend of 2 % on row 2 and 4 new shares for 1 on row 4."""
    flat = of(100.0)
    return PricePanel(
        open=flat, high=flat, low=flat, close=flat,
        splits=of(0.0, r4=4.0), adjustment=of(1.0, r0=0.98, r1=0.98),
    )  # fmt: skip


def test_later_dividends_and_splits_make_the_factor() -> None:
    """0.98 / 4 before both, 1 / 4 between them, 1 from the session of the split on."""
    rows = pd.Series([*INDEX[[1, 2, 3, 4]], INDEX[1], pd.NaT])
    symbols = pd.Series(["AAA"] * 4 + ["BBB", "ZZZ"])
    found = factor_at(stored(), rows, symbols)
    told = [0.245, 0.25, 0.25, 1.0, 1.0, np.nan]
    assert found.tolist() == pytest.approx(told, nan_ok=True)


def test_a_trade_knows_by_how_much_its_entry_was_adjusted() -> None:
    """Entered at the open of row 1 at a stored 100: 100 / 0.245 were paid then."""
    news = {"event_id": ["e"], "symbol": ["AAA"], "session": INDEX[[1]]}
    free = Account(fees_bps=0, slippage_bps=0, borrow_rate=0)
    events = pd.DataFrame(news)
    made = backtest(OneDay(), events, stored(), free, market=None, borrow=()).trades
    assert made["entry_session"].tolist() == [INDEX[1]]
    assert made["entry_adjustment"].tolist() == pytest.approx([0.245])
