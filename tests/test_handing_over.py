"""Results and prices as other packages take them: quantstats, alphalens, vectorbt."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import aftershock as af
from aftershock.errors import PriceError, StudyError
from aftershock.prices import PricePanel
from aftershock.results import BacktestResult, EventStudyResult

DAYS = pd.bdate_range("2026-06-29", periods=5, name="session")


def close(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, index=DAYS, dtype=float)


def test_daily_returns_of_an_account_by_hand() -> None:
    """100 to 110 is 10 %, 110 to 99 is -10 %; no return on the first session."""
    equity = pd.DataFrame(
        {
            "session": DAYS[:3],
            "Mine": [100.0, 110.0, 99.0],
            "benchmark": [1.0, 1.0, 2.0],
        }
    )
    book = BacktestResult(pd.DataFrame(), equity, pd.DataFrame())
    returns = book.to_quantstats()
    assert returns.name == "Mine"
    assert list(returns.index) == list(DAYS[1:3])
    assert isinstance(returns.index, pd.DatetimeIndex) and returns.index.tz is None
    assert returns.tolist() == pytest.approx([0.1, -0.1])
    assert book.to_quantstats("benchmark").tolist() == pytest.approx([0.0, 1.0])


def test_one_of_several_accounts_is_named() -> None:
    equity = pd.DataFrame({"session": DAYS, "One": 1.0, "Two": 1.0, "benchmark": 1.0})
    book = BacktestResult(pd.DataFrame(), equity, pd.DataFrame())
    with pytest.raises(StudyError, match="which strategy"):
        book.to_quantstats()
    with pytest.raises(StudyError, match="Did you mean 'Two'"):
        book.to_quantstats("Tow")


def study() -> EventStudyResult:
    """Two events of one symbol in one session, and one of another the day after."""
    rows = [("a", "META", DAYS[1], 0.02), ("b", "META", DAYS[1], 0.06),
            ("c", "CRWV", DAYS[2], -0.1), ("d", "META", DAYS[4], 0.5)]  # fmt: skip
    cars = pd.DataFrame(rows, columns=["event_id", "symbol", "event_session", "car"])
    cars = cars.assign(start=0, end=1, scar=cars["car"] * 10)
    pairs = cars[["event_id", "symbol"]].assign(expected=[1, -1, -1, 1])
    return EventStudyResult({"cars": cars, "pairs": pairs})


def panel() -> PricePanel:
    closes = close(META=[10, 11, 12, 13, 14], CRWV=[5, 4, 3, 2, 1])
    return PricePanel(close=closes, open=closes + 0.5, high=closes + 1, low=closes / 2)


def test_a_factor_is_dated_when_it_is_known() -> None:
    """[0, +1] ends a session later; two events of one date and symbol: their mean.

    The last event's window ends after the last price: it has no date.
    """
    factor, prices = study().to_alphalens(panel(), (0, 1))
    assert factor.index.names == ["date", "asset"]
    assert factor.to_dict() == {
        (DAYS[2], "META"): pytest.approx(0.04),
        (DAYS[3], "CRWV"): pytest.approx(-0.1),
    }
    # what is known at a close can be traded at the open after it: 12 + 0.5
    assert prices.loc[DAYS[1], "META"] == 12.5
    assert np.isnan(prices.loc[DAYS[4], "META"])
    signs, closes = study().to_alphalens(panel(), (0, 1), "expected", "close")
    assert signs.tolist() == [0.0, -1.0]
    assert closes.loc[DAYS[1], "META"] == 11


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (((0, 5),), "no window"),
        (((0, 1), "caar"), "no factor"),
        (((0, 1), "car", "open"), "no entry"),
    ],
)
def test_what_cannot_be_handed_over_is_named(words: tuple, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        study().to_alphalens(panel(), *words)


def test_prices_go_to_vectorbt_and_come_back() -> None:
    data = af.prices_to_vectorbt(panel())
    assert list(data.symbols) == ["META", "CRWV"]
    assert data.get("Close").loc["2026-06-30", "META"] == 11
    back = af.prices_from_vectorbt(data)
    for name in ("open", "high", "low", "close", "volume"):
        frames = getattr(back, name), getattr(panel(), name)
        pd.testing.assert_frame_equal(*frames, check_freq=False)


class Downloaded:
    """What a download of vectorbt's holds: frames by symbol, moments with a zone."""

    def __init__(self, **data: pd.DataFrame) -> None:
        self.data = data


def test_midnight_in_new_york_is_its_day_in_any_zone() -> None:
    """04:00 UTC in summer is midnight in New York; 00:00 UTC is a day as written."""
    moments = pd.DatetimeIndex(["2026-06-30 04:00", "2026-07-01 04:00"], tz="UTC")
    bars = pd.DataFrame({"Close": [1.0, 2.0], "Stock Splits": [0.0, 2.0]}, moments)
    made = af.prices_from_vectorbt(Downloaded(META=bars))
    assert list(made.sessions) == list(pd.to_datetime(["2026-06-30", "2026-07-01"]))
    assert made.splits["META"].tolist() == [0.0, 2.0]
    whole = bars.set_axis(pd.DatetimeIndex(["2026-06-30", "2026-07-01"], tz="UTC"))
    assert list(af.prices_from_vectorbt(Downloaded(META=whole)).sessions) == list(
        made.sessions
    )


def test_data_without_closes_is_refused_by_symbol() -> None:
    with pytest.raises(PriceError, match="META: no column Close"):
        af.prices_from_vectorbt(
            Downloaded(META=pd.DataFrame({"Open": [1.0]}, DAYS[:1]))
        )
