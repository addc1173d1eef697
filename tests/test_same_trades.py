"""Settings of a sweep that made the very same trades: found, and said in a line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aftershock.fills import Account
from aftershock.fills.alike import first_alike
from aftershock.replay import Replay
from aftershock.sweep import sweep_replay
from aftershock.tables import same_trades
from tests.test_sweep import EVENTS, PRICES, Signs

REPLAY = Replay.of(EVENTS, PRICES, None, None, "next", ())


def swept(**grid: list[object]) -> pd.DataFrame:
    """Sweep eight events over a grid, a fifth of the account in each trade."""
    account = Account(cash=10_000.0)
    return sweep_replay(REPLAY, Signs(size=0.2), grid, account, alike=True)


def test_a_stop_that_is_never_hit_makes_the_same_trades() -> None:
    """No price halves in three sessions, so a stop of 90 % or 95 % does nothing."""
    table = swept(hold=[2, 3], stop_loss=[0.9, 0.95])
    assert table["same_trades"].tolist() == [1, 1, 3, 3]
    (line,) = same_trades(table)
    assert line == (
        "stop loss made no difference: 0.9 and 0.95 made the same trades, whatever "
        "else was set"
    )


def test_holds_beyond_the_last_price_are_one_setting() -> None:
    """Of 115 sessions neither 200 nor 300 are left: all is sold on the last."""
    table = swept(hold=[4, 200, 300, 4])
    assert table["same_trades"].tolist() == [1, 2, 2, 1]
    n = table["n_trades"][1]
    assert n > 1
    assert same_trades(table) == [f"hold 200 and hold 300 made the same {n} trades"]


def test_the_same_prices_for_other_money_are_other_trades() -> None:
    """Twice the cash buys twice the shares; a fee leaves less in the account."""
    assert swept(cash=[1e4, 2e4])["same_trades"].tolist() == [1, 2]
    assert swept(fees_bps=[0.0, 1.0])["same_trades"].tolist() == [1, 2]


def test_first_alike_counts_from_one() -> None:
    assert first_alike(np.array([7.0, 3.0, 7.0, 3.0, 5.0])).tolist() == [1, 2, 1, 2, 5]


def table_of(same: list[int], n: int = 8, **grid: list[object]) -> pd.DataFrame:
    return pd.DataFrame({**grid, "n_trades": n, "same_trades": same})


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (table_of([1, 2], hold=[5, 6]), []),
        (
            table_of([1, 1], hold=[5, 6]),
            ["hold 5 and hold 6 made the same 8 trades"],
        ),
        (
            table_of([1, 1], 1, stop_loss=[None, 0.05]),
            ["stop loss none and stop loss 0.05 made the same trade"],
        ),
        (
            table_of([1, 1, 3, 4], hold=[1, 1, 3, 3], lag=[0, 2, 0, 2]),
            ["with hold 1, lag 0 and lag 2 made the same 8 trades"],
        ),
        (
            table_of([1, 2, 3, 1], hold=[1, 1, 3, 3], lag=[0, 2, 0, 2]),
            ["hold 1 with lag 0 and hold 3 with lag 2 made the same 8 trades"],
        ),
        (table_of([1, 1], 0, hold=[5, 6]), []),
        (table_of([1], hold=[5]), []),
    ],
)
def test_the_line(table: pd.DataFrame, told: list[str]) -> None:
    assert same_trades(table) == told


def test_of_many_groups_three_are_named() -> None:
    """Twelve settings in five pairs and two alone."""
    same = [1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 12]
    lines = same_trades(table_of(same, hold=list(range(12))))
    assert len(lines) == 4
    assert lines[-1] == (
        "2 more groups of settings made the same trades: column same_trades of table "
        "sweep"
    )
