"""Each trade by itself against hand calculations, compiled and as plain Python.

The bars of AAA, from Thursday 2 January 2025 on; every event is known before the open
of the second, which is a Friday: three nights lie before the third, one before the
fourth and the fifth, two before the last (9 January was no session).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import pandas as pd
import pytest

import aftershock as af
from aftershock.strategy import Moment, Strategy, TradePlan
from tests.scenarios import panel

BARS = [
    (100.0, 100.0, 100.0, 100.0),
    (100.0, 101.0, 99.0, 100.0),
    (100.0, 104.0, 98.0, 102.0),
    (103.0, 110.0, 101.0, 108.0),
    (108.0, 109.0, 95.0, 96.0),
    (97.0, 98.0, 96.0, 97.0),
]
NONE = (float("nan"),) * 4
FREE = af.Account(cash=1_000.0, fees_bps=0, slippage_bps=0, borrow_rate=0, max_gross=9)


@dataclass(frozen=True)
class Asked(Strategy):
    """One plan for each exposure; linked, all live and die together."""

    side: int = 1
    linked: bool = False
    entry: str = "next_open"
    hold: int | None = None
    decide: Moment = Moment.publication

    def plan(self, news):
        for line in news.exposures:
            rules = {"group": "legs"} if self.linked else {}
            yield TradePlan(
                line.symbol,
                weight=0.1 * self.side,
                entry=self.entry,
                hold=self.hold,
                **rules,
            )


def swept(strategy, grid, account=FREE, *, bars=None, row=1, curve=False):
    """Return one row per setting, of an event that all symbols share."""
    prices = panel(bars or {"AAA": BARS})
    events = pd.DataFrame(
        {
            "event_id": "e",
            "symbol": list(prices.symbols),
            "session": prices.sessions[row],
            "expected": 1,
        }
    )
    free = {"market": None, "borrow": ()}
    return af.sweep(strategy, events, prices, grid, account, curve=curve, **free)


def earned(strategy, grid, account=FREE, **more):
    """Return the mean return of a trade under every setting."""
    return swept(strategy, grid, account, **more)["mean_trade"].tolist()


@pytest.fixture(params=["compiled", "plain Python"])
def either(request):
    """Run what follows compiled, then as plain Python."""
    if request.param != "compiled":
        request.getfixturevalue("interpreted")


def test_holding_leaves_at_the_open_and_without_end_at_the_last_close(either) -> None:
    """Bought at 100: opens of 100, 103 and 108 one, two, three sessions on; last 97."""
    found = earned(Asked(), {"hold": [1, 2, 3, None]})
    assert found == pytest.approx([0.0, 0.03, 0.08, -0.03])


def test_what_was_bought_at_the_close_leaves_at_a_close(either) -> None:
    """Closes of 102 and 108 against 100."""
    found = earned(Asked(entry="next_close"), {"hold": [1, 2]})
    assert found == pytest.approx([0.02, 0.08])


def test_prices_that_are_touched_end_a_trade(either) -> None:
    """A stop of 1 % stands at 99, the low of the first day; 98 is that of the second,
    96 lies within the fifth. A target of 109 lies within the fourth, 112 in none. The
    trailing stop of 10 % hangs under the high of 110: 99, met on the fifth.
    """
    assert earned(Asked(), {"stop_loss": [0.01, 0.02, 0.04]}) == pytest.approx(
        [-0.01, -0.02, -0.04]
    )
    assert earned(Asked(), {"take_profit": [0.09, 0.12]}) == pytest.approx(
        [0.09, -0.03]
    )
    assert earned(Asked(), {"trailing_stop": [0.10]}) == pytest.approx([-0.01])


def test_the_bar_whose_close_was_bought_stops_nothing(either) -> None:
    """96 paid at the close of a bar that had been at 95, below the stop of 95.04; the
    next one stays above, and ends at 97.
    """
    found = earned(Asked(entry="next_close"), {"stop_loss": [0.01]}, row=4)
    assert found == pytest.approx([1 / 96])


def test_a_short_pays_for_each_night(either) -> None:
    """36.5 % a year of the last close: 3 nights at 100, 1 at 102, bought back at 103.

    0.001 x 3 x 100 = 0.3 until the third session, 0.001 x 102 = 0.102 until the fourth,
    where 3 of price are lost. The account's own rate is a whole 0: AAA keeps its
    fraction all the same.
    """
    account = FREE.replace(borrow_by_symbol={"AAA": 0.365})
    found = earned(Asked(side=-1), {"hold": [1, 2]}, account)
    assert found == pytest.approx([-0.003, -0.03 - 0.003 - 0.00102])


def test_costs_are_paid_at_both_ends(either) -> None:
    """10 bps of 100 and of 103 on a price of 100: 3 - 0.1 - 0.103 of 100."""
    account = FREE.replace(fees_bps=10)
    assert earned(Asked(), {"hold": [2]}, account) == pytest.approx([0.02797])


def test_a_symbol_without_bars_leaves_at_its_last_price(either) -> None:
    """Gone from the fourth session on: sold at the third one's close of 102."""
    bars = {"AAA": [*BARS[:3], NONE, NONE, NONE]}
    assert earned(Asked(), {"hold": [4]}, bars=bars) == pytest.approx([0.02])


def test_one_leg_that_cannot_fill_takes_its_group_along(either) -> None:
    """BBB has no bar at the entry. Linked nothing is traded; by itself AAA is."""
    bars = {"AAA": BARS, "BBB": [BARS[0], NONE, *BARS[2:]]}
    alone = swept(Asked(), {"hold": [3]}, bars=bars)
    assert alone["n_trades"].tolist() == [1]
    assert alone["mean_trade"].tolist() == pytest.approx([0.08])
    together = swept(Asked(linked=True), {"hold": [3]}, bars=bars)
    assert together["n_trades"].tolist() == [0]
    assert together.drop(columns=["hold", "n_trades"]).isna().all(axis=None)


def test_linked_legs_that_can_fill_are_both_played(either) -> None:
    """AAA earns 8 %; BBB, at half of every price, the same."""
    bars = {"AAA": BARS, "BBB": [tuple(p / 2 for p in bar) for bar in BARS]}
    found = swept(Asked(linked=True), {"hold": [3]}, bars=bars)
    assert found["n_trades"].tolist() == [2]
    assert found["mean_trade"].tolist() == pytest.approx([0.08])
    assert found["std_trade"].tolist() == pytest.approx([0.0], abs=1e-12)


def test_the_account_of_a_sweep_begins_with_its_first_event(either) -> None:
    """A tenth of 1,000 bought at 100 and sold at 103 two sessions on: 1,003."""
    found = swept(Asked(), {"hold": [2]}, curve=True)
    assert found["total_return"].tolist() == pytest.approx([0.003])
    assert found["n_trades"].tolist() == [1]


def test_alone_module_is_the_one_that_a_sweep_plays() -> None:
    """The plain Python above would be vain if a sweep had bound the compiled one."""
    sweep = import_module("aftershock.sweep")
    assert not {"barred", "play_block"} & vars(sweep).keys()
