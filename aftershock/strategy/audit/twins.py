"""Worlds in which nothing that moves a market differs, only what things are called.

A rule that is about news takes the same side there. One that changes knows the events
by name, by day or by price. Where it falls back to one and the same answer in every
such world, it holds a table of them; where each world gets an answer of its own, it
draws by name or rounds by price, and there can be a good reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from aftershock.errors import StrategyError
from aftershock.strategy.audit.case import Case
from aftershock.strategy.audit.disguises import (
    SALTS,
    WEEKS,
    Disguised,
    altogether,
    nudged,
    redated,
    renamed,
    rescaled,
    reworded,
)
from aftershock.strategy.audit.leak import Leak, Plans
from aftershock.strategy.base import Strategy
from aftershock.strategy.news import NewsItem

NAMES = "events under other ids"
WORDS = "headlines written a little differently"
LEVELS = "prices on another scale, returns the same"
NUDGED = "prices moved by a hundred-thousandth"
DAYS = "everything on other days"


Choice = tuple[tuple[Any, ...], ...] | str


def recognised(
    name: str,
    case: Case,
    fresh: Callable[[], Strategy],
    asked: Sequence[NewsItem],
    first: dict[str, Plans],
) -> Iterator[Leak]:
    """Yield what of the plans hangs on a name, a day or a level."""
    moved = _moved(case, fresh, asked, first)
    for cause, change, salts, coarse in (
        (NAMES, renamed, SALTS, False),
        (WORDS, reworded, SALTS, False),
        (LEVELS, rescaled, SALTS, False),
        (NUDGED, nudged, SALTS, True),
        (DAYS, redated, WEEKS, False),
    ):
        worlds = lru_cache(maxsize=None)(lambda n, c=change: c(case, n))
        changed: dict[str, tuple[Choice, list[Choice]]] = {}
        for item in asked if coarse else moved:
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


def _moved(
    case: Case,
    fresh: Callable[[], Strategy],
    asked: Sequence[NewsItem],
    first: dict[str, Plans],
) -> list[NewsItem]:
    """Return the events that are worth a closer look.

    Where plans stay when names, words, levels and days are changed all at once, each of
    these need not be asked about alone.
    """
    worlds = lru_cache(maxsize=None)(lambda n: altogether(case, n))
    return [
        item
        for item in asked
        if not _comparable(case, item, *_twin(case, item, worlds(SALTS[0])), fresh())
        or _others(
            worlds,
            SALTS[:1],
            case,
            fresh,
            item,
            _choice(first[case.key(item)], False),
            False,
        )
    ]


def _twin(case: Case, item: NewsItem, world: Disguised) -> tuple[Case, NewsItem]:
    return world[0], world[1][case.key(item)]


def _others(
    worlds: Callable[[int], Disguised],
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
