"""The same events and prices under other names, on other days, on another scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from aftershock.prices import BARS, FRAMES
from aftershock.strategy.audit.case import Case
from aftershock.strategy.news import NewsItem

SALTS = (3, 7, 11, 13)
WEEKS = (-52, 52, -75, 75)
Disguised = tuple[Case, dict[str, NewsItem]]


def renamed(case: Case, salt: int) -> Disguised:
    """Give every event another id; the order of ids stays."""
    ids = sorted({item.id for item in case.items})
    new = {old: f"{salt}x{n:05d}" for n, old in enumerate(ids)}
    return _mapped(case, lambda item: replace(item, id=new[item.id]))


def reworded(case: Case, salt: int) -> Disguised:
    """Write headlines so that a reader would not mind."""
    ends = {3: "{}.", 7: " {}", 11: "{} -", 13: "{}  "}
    return _mapped(
        case, lambda item: replace(item, headline=ends[salt].format(item.headline))
    )


def _mapped(case: Case, change: Callable[[NewsItem], NewsItem]) -> Disguised:
    items = tuple(change(item) for item in case.items)
    twins = dict(zip(map(case.key, case.items), items, strict=True))
    return replace(case, items=items), twins


def rescaled(case: Case, salt: int) -> Disguised:
    """Split every share by a power of two: returns stay the same to the last bit."""
    powers = np.array([-3, -2, -1, 1, 2, 3])
    rng = np.random.default_rng(salt)
    factor = 2.0 ** rng.choice(powers, len(case.prices.symbols))
    return _priced(case, factor, 1.0 / factor)


def nudged(case: Case, salt: int) -> Disguised:
    """Move each bar by about a hundred-thousandth."""
    rng = np.random.default_rng(salt)
    factor = np.exp(rng.normal(0, 1e-5, case.prices.close.shape))
    return _priced(case, factor, 1.0)


def _priced(case: Case, factor: Any, volume: Any) -> Disguised:
    bars = {name: getattr(case.prices, name) * factor for name in BARS}
    bars["dividends"] = case.prices.dividends * factor
    panel = replace(case.prices, volume=case.prices.volume * volume, **bars)
    return replace(case, prices=panel), {case.key(item): item for item in case.items}


def redated(case: Case, weeks: int) -> Disguised:
    """Move everything by whole weeks; the clock and the day of the week stay."""
    apart = pd.Timedelta(weeks=weeks)

    given = {name: getattr(case.prices, name) for name in FRAMES}
    frames = {n: f.set_axis(f.index + apart) for n, f in given.items()}
    world, twins = _mapped(case, lambda item: item.moved(apart))
    return replace(world, prices=replace(case.prices, **frames)), twins


def altogether(case: Case, salt: int) -> Disguised:
    """Change names, words, levels and days."""
    world = case
    for change, n in (
        (renamed, salt),
        (reworded, salt),
        (rescaled, salt),
        (redated, WEEKS[0]),
    ):
        world, _ = change(world, n)
    return world, dict(zip(map(case.key, case.items), world.items, strict=True))
