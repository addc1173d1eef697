"""The audit passes what is shipped, and finds every kind of leak that is planted."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest

from aftershock.prices import PricePanel
from aftershock.strategy import (
    Moment,
    NewsItem,
    NewsView,
    Strategy,
    TradePlan,
    known_strategies,
    read_news,
)
from aftershock.strategy.audit import (
    ADDED,
    AHEAD,
    ALONE,
    CHANCE,
    CHANGED,
    FORGOTTEN,
    KEPT,
    ORDER,
    OUTSIDE,
    REMOVED,
    SCRAMBLED,
    SWAPPED,
    TAMPERED,
    Leak,
    audit,
)
from tests.contracts.test_strategies import news_of, shocked
from tests.scenarios import CALENDAR

SHIPPED = known_strategies()
PRICES = shocked()
ITEMS = read_news(news_of(PRICES), CALENDAR)


def leaks(make) -> tuple[Leak, ...]:
    return audit(make, ITEMS, PRICES, CALENDAR, "SPY")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_strategy_passes(name: str) -> None:
    assert leaks(SHIPPED[name]) == ()


def found_above(kind: type) -> object:
    """Return the nearest object of a kind among the callers' variables."""
    frame = sys._getframe(1)
    while frame is not None:
        for name, value in frame.f_locals.items():
            whole = isinstance(value, PricePanel) and len(value.sessions) > 310
            if name == "prices" and kind is PricePanel and whole:
                return value
            if name == "items" and kind is NewsItem:
                return value
        frame = frame.f_back
    raise AssertionError


@dataclass(frozen=True)
class PeeksAtPrices(Strategy):
    """Buys what closes higher five sessions later."""

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        close = found_above(PricePanel).close["AAA"]
        at = close.index.get_loc(news.event.session)
        yield TradePlan("AAA", weight=float(close.iloc[at + 5] / close.iloc[at]))


@dataclass(frozen=True)
class PeeksAtEvents(Strategy):
    """Knows how many events are still to come, and what they are."""

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        later = [i for i in found_above(NewsItem) if i.known > news.decided]
        tags = sum(len(i.tags) for i in later)
        yield TradePlan("AAA", weight=0.1 + 0.1 * tags, hold=1 + len(later))


@dataclass(frozen=True)
class Clairvoyant(Strategy):
    """Buys ahead of good news, whose sign it takes from the record itself."""

    decide: Moment = Moment.sessions_before(2)

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        item = sys._getframe(2).f_locals["item"]
        for line in item.exposures:
            yield TradePlan(line.symbol, weight=0.2 + 0.1 * line.expected)


def test_what_an_event_will_say_is_a_leak() -> None:
    assert AHEAD in {leak.cause for leak in leaks(Clairvoyant)}


@dataclass(frozen=True)
class Remembers(Strategy):
    """Trades more with every event that it was asked about."""

    shared: ClassVar[list[str]] = []
    seen: list[str] = field(default_factory=lambda: Remembers.shared)

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        self.seen.append(news.event.id)
        yield TradePlan("AAA", weight=0.01 * len(self.seen))


@dataclass(frozen=True)
class Rolls(Strategy):
    """Throws dice."""

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        yield TradePlan("AAA", weight=random.uniform(0.1, 0.2))


@dataclass(frozen=True)
class Reads(Strategy):
    """Looks into a file of prices."""

    path: str = ""
    decide: Moment = Moment.publication

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        with Path(self.path).open() as lines:
            yield TradePlan("AAA", weight=0.1 * len(lines.readline()))


def causes(found: tuple[Leak, ...]) -> set[str]:
    return {leak.cause for leak in found}


def plans_of_leaks(found: tuple[Leak, ...]) -> tuple[Leak, ...]:
    """Leave out what was read in this file, or seen when it ran."""
    return tuple(leak for leak in found if leak.field != "file")


def test_later_prices_are_found() -> None:
    found = plans_of_leaks(leaks(PeeksAtPrices))
    assert causes(found) == {SCRAMBLED, SWAPPED, REMOVED}
    # without later prices its weight is no number, and no plan can be made of it
    assert {leak.field for leak in found} == {"weight", "error"}
    assert {leak.event for leak in found} == {"e1", "e2", "e3", "e"}
    assert found[0].strategy == "PeeksAtPrices"


def test_later_events_are_found() -> None:
    found = plans_of_leaks(leaks(PeeksAtEvents))
    # the last event has none after it, until one is added
    assert {leak.event for leak in found} == {"e1", "e2", "e3", "e"}
    assert causes(found) == {FORGOTTEN, CHANGED, ADDED}
    assert {leak.field for leak in found} == {"weight", "hold"}


def test_state_between_events_is_found() -> None:
    """Kept by the class it shows when asked again, by the instance in reverse order."""
    Remembers.shared.clear()
    found = plans_of_leaks(leaks(Remembers))
    assert causes(found) == {KEPT}
    found = plans_of_leaks(leaks(lambda: Remembers(seen=[])))
    assert {ORDER, ALONE} <= causes(found)


def test_dice_are_found() -> None:
    assert CHANCE in causes(leaks(Rolls))


def test_files_are_found(tmp_path: Path) -> None:
    path = tmp_path / "META.csv"
    path.write_text("date,close\n")
    found = leaks(lambda: Reads(str(path)))
    (named,) = [leak for leak in found if str(path) in leak.detail]
    # the first event that was decided on when the file was opened
    assert (named.strategy, named.event, named.cause) == ("Reads", "e1", OUTSIDE)
    assert plans_of_leaks(found) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import yfinance", "imports yfinance"),
        ("from aftershock.store import Store", "imports aftershock.store"),
        ("import pandas as pd; pd.read_parquet", ""),
        ("import pandas as pd; X = lambda: pd.read_parquet('x')", "read_parquet"),
    ],
)
def test_what_a_file_reaches_for_is_found(tmp_path, line: str, said: str) -> None:
    from aftershock.registry import load_file

    path = tmp_path / f"mine_{abs(hash(line))}.py"
    path.write_text(
        f"{line}\n"
        "from dataclasses import dataclass, field\n"
        "from aftershock.strategy import Strategy, TradePlan\n"
        "@dataclass(frozen=True)\n"
        "class Mine(Strategy):\n"
        "    def plan(self, news):\n"
        "        yield TradePlan('AAA', weight=0.1)\n"
    )
    found = leaks(load_file(path, Strategy)["Mine"])
    assert [said in leak.detail for leak in found] == ([True] if said else [])


class Growing(float):
    """A weight that is another one whenever it is asked for."""


@dataclass(frozen=True)
class WeighsLater(Strategy):
    """Leaves the weight to be made up when it is read."""

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        yield TradePlan("AAA", weight=Growing(0.1))


def test_a_value_with_a_will_of_its_own_is_named() -> None:
    found = plans_of_leaks(leaks(WeighsLater))
    assert {(leak.event, leak.field, leak.cause) for leak in found} >= {
        ("e1", "weight", TAMPERED)
    }
