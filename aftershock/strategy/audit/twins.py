"""Worlds in which nothing that moves a market differs, only what things are called.

A rule that is about news takes the same side there. One that changes knows the events
by name, by day or by price. Where it falls back to one and the same answer in every
such world, it holds a table of them; where each world gets an answer of its own, it
draws by name or rounds by price, and there can be a good reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.errors import StrategyError
from aftershock.fills.plan import DecidedPlan
from aftershock.prices import PricePanel
from aftershock.strategy.audit.leak import Leak, Plans
from aftershock.strategy.base import Strategy, decide_one, decision
from aftershock.strategy.moment import Moment
from aftershock.strategy.news import NewsItem

NAMES = "events under other ids"
WORDS = "headlines written a little differently"
LEVELS = "prices on another scale, returns the same"
NUDGED = "prices moved by a hundred-thousandth"
DAYS = "everything on other days"
SALTS = (3, 7, 11, 13)
WEEKS = (-52, 52, -75, 75)
_BARS = ("open", "high", "low", "close")


@dataclass(frozen=True, eq=False)
class Case:
    """What a strategy is asked about."""

    items: tuple[NewsItem, ...]
    prices: PricePanel
    calendar: TradingCalendar
    market: str | None

    def ask(self, strategy: Strategy, item: NewsItem) -> list[DecidedPlan]:
        """Return the plans for one event."""
        return decide_one(
            strategy, item, self.items, self.prices, self.calendar, self.market
        )

    @cached_property
    def _twice(self) -> frozenset[str]:
        counts = Counter(item.id for item in self.items)
        return frozenset(id_ for id_, times in counts.items() if times > 1)

    def key(self, item: NewsItem) -> str:
        """Return an event's id, with its session where an id has several."""
        day = f" {item.session:%Y-%m-%d}" if item.id in self._twice else ""
        return f"{item.id}{day}"

    def moment(self, strategy: Strategy, item: NewsItem) -> pd.Timestamp | None:
        """Return when an event is decided on; None where it is not."""
        moment = Moment.parse(strategy.decide)
        return decision(moment, item, self.prices, self.calendar)[0]


Choice = tuple[tuple[Any, ...], ...] | str
Change = Callable[[Case, int], tuple[Case, dict[str, NewsItem]]]


def recognised(
    name: str,
    case: Case,
    fresh: Callable[[], Strategy],
    asked: Sequence[NewsItem],
    first: dict[str, Plans],
) -> Iterator[Leak]:
    """Yield what of the plans hangs on a name, a day or a level."""
    for cause, change, salts, coarse in (
        (NAMES, _renamed, SALTS, False),
        (WORDS, _reworded, SALTS, False),
        (LEVELS, _rescaled, SALTS, False),
        (NUDGED, _nudged, SALTS, True),
        (DAYS, _redated, WEEKS, False),
    ):
        worlds = lru_cache(maxsize=None)(lambda n, c=change: c(case, n))
        changed: dict[str, tuple[Choice, list[Choice]]] = {}
        for item in asked:
            event = case.key(item)
            mine = _choice(first[event], coarse)
            others = _others(worlds, salts, case, fresh, item, mine, coarse)
            if others:
                changed[event] = mine, others
        held = all(len(set(others)) == 1 for _, others in changed.values())
        sure = held and (cause != DAYS or len(changed) > 1)
        for event, (mine, others) in changed.items():
            field, detail = _difference(mine, others[0])
            yield Leak(name, event, field, cause, detail, grave=sure)


def _others(
    worlds: Callable[[int], tuple[Case, dict[str, NewsItem]]],
    salts: Sequence[int],
    case: Case,
    fresh: Callable[[], Strategy],
    item: NewsItem,
    mine: Choice,
    coarse: bool,
) -> list[Choice]:
    """Return the choices elsewhere; none where the first world already agrees."""
    found: list[Choice] = []
    for salt in salts:
        world, twin = worlds(salt)
        if not _comparable(case, item, world, twin[case.key(item)], fresh()):
            continue
        try:
            choice = _choice(world.ask(fresh(), twin[case.key(item)]), coarse)
        except StrategyError as error:
            choice = error.found.partition("(")[0].replace(twin[case.key(item)].id, "")
        if not found and choice == mine:
            return []
        found.append(choice)
    return found


def _choice(plans: Plans, coarse: bool) -> Choice:
    """Return what is planned, without the names of groups; coarse: no sizes either."""
    groups = list(dict.fromkeys(p.plan.group for p in plans))
    return tuple(
        (
            ("symbol", p.plan.symbol),
            ("weight", p.plan.side if coarse else _near(p.plan.weight)),
            ("notional", None if coarse else _near(p.plan.notional)),
            ("hold", p.plan.hold),
            ("lag", p.plan.lag),
            ("entry", p.plan.entry),
            ("until", p.plan.until),
            ("stop_loss", None if coarse else _near(p.plan.stop_loss)),
            ("take_profit", None if coarse else _near(p.plan.take_profit)),
            ("trailing_stop", None if coarse else _near(p.plan.trailing_stop)),
            ("group", groups.index(p.plan.group)),
        )
        for p in plans
    )


def _near(value: float | None) -> float | None:
    """Return a number to nine digits: a logarithm of another scale ends differently."""
    return value if value is None else float(f"{value:.9g}")


def _difference(mine: Choice, other: Choice) -> tuple[str, str]:
    """Return the first field that differs, and how."""
    if isinstance(other, str) or isinstance(mine, str):
        return "error", str(other)
    if len(mine) != len(other):
        return "plans", f"{len(mine)} before, {len(other)} after"
    for one, two in zip(mine, other, strict=True):
        for (field, old), (_, new) in zip(one, two, strict=True):
            if old != new:
                return field, f"{old} became {new}"
    return "plans", "other ones in other worlds"


def _comparable(
    case: Case, item: NewsItem, world: Case, twin: NewsItem, strategy: Strategy
) -> bool:
    """Tell whether two views of an event differ in nothing but names.

    On other days a holiday or a half day may fall between.
    """
    if item.session == twin.session:
        return True
    if not world.calendar.is_session(twin.session):
        return False
    seen = []
    for here, it in ((case, item), (world, twin)):
        at = here.moment(strategy, it)
        if at is None:
            return False
        seen.append((at, here.prices.until(at, here.calendar)))
    (at, cut), (then, other) = seen
    apart = twin.session - item.session
    clock = at.tz_localize(None) + apart == then.tz_localize(None)
    return clock and np.array_equal(
        cut.close.notna().to_numpy(), other.close.notna().to_numpy()
    )


def _renamed(case: Case, salt: int) -> tuple[Case, dict[str, NewsItem]]:
    """Give every event another id; the order of ids stays."""
    ids = sorted({item.id for item in case.items})
    new = {old: f"{salt}x{n:05d}" for n, old in enumerate(ids)}
    return _mapped(case, lambda item: replace(item, id=new[item.id]))


def _reworded(case: Case, salt: int) -> tuple[Case, dict[str, NewsItem]]:
    """Write headlines so that a reader would not mind."""
    ends = {3: "{}.", 7: " {}", 11: "{} -", 13: "{}  "}
    return _mapped(
        case, lambda item: replace(item, headline=ends[salt].format(item.headline))
    )


def _mapped(
    case: Case, change: Callable[[NewsItem], NewsItem]
) -> tuple[Case, dict[str, NewsItem]]:
    items = tuple(change(item) for item in case.items)
    twins = dict(zip(map(case.key, case.items), items, strict=True))
    return replace(case, items=items), twins


def _rescaled(case: Case, salt: int) -> tuple[Case, dict[str, NewsItem]]:
    """Split every share by a power of two: returns stay the same to the last bit."""
    powers = np.array([-3, -2, -1, 1, 2, 3])
    rng = np.random.default_rng(salt)
    factor = 2.0 ** rng.choice(powers, len(case.prices.symbols))
    return _priced(case, factor, 1.0 / factor)


def _nudged(case: Case, salt: int) -> tuple[Case, dict[str, NewsItem]]:
    """Move each bar by about a hundred-thousandth."""
    rng = np.random.default_rng(salt)
    factor = np.exp(rng.normal(0, 1e-5, case.prices.close.shape))
    return _priced(case, factor, 1.0)


def _priced(case: Case, factor: Any, volume: Any) -> tuple[Case, dict[str, NewsItem]]:
    bars = {name: getattr(case.prices, name) * factor for name in _BARS}
    bars["dividends"] = case.prices.dividends * factor
    panel = replace(case.prices, volume=case.prices.volume * volume, **bars)
    return replace(case, prices=panel), {case.key(item): item for item in case.items}


def _redated(case: Case, weeks: int) -> tuple[Case, dict[str, NewsItem]]:
    """Move everything by whole weeks; the clock and the day of the week stay."""
    apart = pd.Timedelta(weeks=weeks)

    def moved(moment: pd.Timestamp | None) -> pd.Timestamp | None:
        if moment is None:
            return None
        wall = moment.tz_localize(None) + apart
        return wall.tz_localize(moment.tz, ambiguous=True, nonexistent="shift_forward")

    def later(item: NewsItem) -> NewsItem:
        names = ("published", "known", "session", "earliest", "foreseen")
        given: dict[str, Any] = {n: moved(getattr(item, n)) for n in names}
        return replace(item, **given)

    frames = {
        n: getattr(case.prices, n)
        for n in (*_BARS, "volume", "dividends", "splits", "adjustment")
    }
    frames = {n: f.set_axis(f.index + apart) for n, f in frames.items()}
    world, twins = _mapped(case, later)
    return replace(world, prices=replace(case.prices, **frames)), twins
