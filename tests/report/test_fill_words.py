"""Of the page of trades: auctions, cuts, and on what level prices stand."""

from __future__ import annotations

import pandas as pd
import pytest

from aftershock.pages.fill_words import cut_words, filled_at, level_words


def cut(*rows):
    """Return trades: symbol, strategy, weight asked, part had, by what."""
    names = ["symbol", "strategy", "weight_asked", "fill_ratio", "cut_by"]
    return pd.DataFrame(rows, columns=names).assign(entry_session="2025-09-11")


WHOLE = ("META", "Fade", 0.25, 1.0, None)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # 0.25 x 0.7065 = 0.1766
        (
            [WHOLE, ("AVGO", "Fade", -0.25, 0.7065, "max_gross")],
            "1 trade was cut to the room that the account had left (by max_gross 1): "
            "AVGO on 2025-09-11, which got a weight of 0.18 in place of 0.25.",
        ),
        # 0.25 x 0.885 = 0.22 is the lesser cut
        (
            [
                ("CRWV", "Fade", -0.25, 0.885, "max_gross"),
                ("AVGO", "Drift", -0.25, 0.7065, "max_gross"),
            ],
            "2 trades were cut to the room that the account had left (by max_gross 1), "
            "the most AVGO of Drift on 2025-09-11, which got a weight of 0.18 in place "
            "of 0.25.",
        ),
        (
            [
                ("CRWV", "Fade", 0.5, 0.4, "max_weight"),
                ("CRWV", "Fade", 0.5, 0.5, "max_weight"),
                ("AVGO", "Fade", 0.25, 0.9, "max_gross"),
            ],
            "3 trades were cut to the room that the account had left (1 by max_gross 1 "
            "and 2 by max_weight 0.2), the most CRWV on 2025-09-11, which got a weight "
            "of 0.2 in place of 0.5.",
        ),
        # all in: commission and slippage are paid out of the room, nothing was cut
        ([("META", "Fade", 1.0, 0.9985, "max_gross")], None),
        ([WHOLE], None),
    ],
)
def test_trades_that_got_less_than_they_asked_for(rows, said) -> None:
    account = {"max_gross": 1.0, "max_weight": 0.2}
    assert cut_words(cut(*rows), account) == ([said] if said else [])


def test_a_run_of_before_knows_no_cuts() -> None:
    older = cut(("AVGO", "Fade", -0.25, 0.5, "max_gross"))
    assert cut_words(older.drop(columns="fill_ratio"), {}) == []
    (line,) = cut_words(older, {})
    assert "(by max_gross)" in line


@pytest.mark.parametrize(
    ("session", "auction", "said"),
    [
        (pd.Timestamp("2025-09-30"), "close", "2025-09-30 close"),
        ("2025-09-30", "open", "2025-09-30 open"),
        ("2025-09-30", float("nan"), "2025-09-30"),
        ("2025-09-30", "", "2025-09-30"),
        (pd.NaT, "", "–"),
    ],
)
def test_the_auction_stands_beside_its_session(session, auction, said) -> None:
    assert filled_at(session, auction) == said


def test_levels_of_simulated_prices_are_called_arbitrary() -> None:
    assert "no quotes" in level_words(pd.DataFrame(), {"simulated": "Sample data"})
    assert level_words(pd.DataFrame(), {}) == ""


@pytest.mark.parametrize(
    ("price", "factor", "basis", "said"),
    [
        # 341 / 0.9949 = 342.75 was paid on that day
        (341.0, 0.9949, "total_return", "adjusted for dividends or splits that came"),
        (100.0, 0.1, "split", "adjusted for splits that came later"),
        # 10 / 0.9999 = 10.001: to the cent the same
        (10.0, 0.9999, "total_return", None),
        (341.0, 1.0, "total_return", None),
        (float("nan"), float("nan"), "total_return", None),
    ],
)
def test_prices_of_another_level_than_that_day_s_are_told(
    price, factor, basis, said
) -> None:
    trades = pd.DataFrame({"entry_price": [price], "entry_adjustment": [factor]})
    told = level_words(trades, {"prices": {"basis": basis}})
    assert (said in told) if said else told == ""
    assert level_words(trades.drop(columns="entry_adjustment"), {}) == ""
