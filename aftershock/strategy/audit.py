"""Whether a strategy's plans depend on what was not known when it decided.

A view is cut before a strategy sees it, so that looking ahead takes a detour: through
the frames of the caller, a module's globals, a file of prices, the network. The audit
asks again while everything later is different; a plan that changes has seen it.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.errors import StrategyError
from aftershock.events.vocabulary import FORESEEN_TAGS
from aftershock.fills.plan import DecidedPlan
from aftershock.prices import PricePanel
from aftershock.strategy.base import Strategy, decide_one, decision
from aftershock.strategy.moment import Moment
from aftershock.strategy.news import NewsItem

SCRAMBLED, REMOVED = "later prices scrambled", "later prices removed"
SWAPPED = "later prices replaced by another symbol's"
FORGOTTEN, CHANGED = "later events removed", "later events changed"
AHEAD = "what the event would say, changed"
ORDER, KEPT = "events asked in reverse", "asked again, the same in all"
CHANCE = "asked again with other random numbers"
OUTSIDE = "outside the view"
_CODE = (".py", ".pyc", ".so")
_CALLS = "open urlopen fetch download load_events _getframe currentframe stack"
_REACHING = frozenset(_CALLS.split())
_MODULES = """
    yfinance requests urllib http socket aiohttp httpx sqlite3 duckdb polars
    pyarrow ctypes gc
"""
_SOURCES = frozenset(_MODULES.split())
_ENGINE = ("aftershock.store", "aftershock.sources", "aftershock.prices")
World = tuple[Sequence[NewsItem], PricePanel]


@dataclass(frozen=True)
class Leak:
    """One dependence on what a strategy cannot have known, or must not keep.

    Attributes
    ----------
    strategy, event : str
        The class, and the id of the event that was decided on ("" for the file).
    field : str
        What of the plan changed: weight, hold, ...; "plans" where their number did,
        "error" where the strategy failed.
    cause : str
        What was different.
    detail : str
        Before and after, or what was read.
    """

    strategy: str
    event: str
    field: str
    cause: str
    detail: str

    def __str__(self) -> str:
        event = f", event {self.event}" if self.event else ""
        return f"{self.strategy}{event}, {self.field}: {self.cause} ({self.detail})"


def audit(
    make: Callable[[], Strategy],
    items: Sequence[NewsItem],
    prices: PricePanel,
    calendar: TradingCalendar,
    market: str | None = None,
    seed: int = 1,
) -> tuple[Leak, ...]:
    """Ask a strategy again and again while what it must not know changes.

    Parameters
    ----------
    make : callable
        Returns a new instance with the same parameters.
    items : sequence of NewsItem
    prices : PricePanel
    calendar : TradingCalendar
    market : str, optional
    seed : int
        Of what is scrambled.

    Returns
    -------
    tuple of Leak
        Empty: no plan changed. That proves nothing about dependences that these
        worlds do not move; it finds those that matter here.
    """
    strategy = make()
    name = type(strategy).__name__
    moment = Moment.parse(strategy.decide)
    asked = [i for i in items if decision(moment, i, prices, calendar)[0]]
    context = (prices, calendar, market)
    with watched() as read, chance(seed):
        first = _in_order(make(), asked, items, *context)
    found = [
        Leak(name, "", "file", OUTSIDE, f"it touched {what}")
        for what in dict.fromkeys(read)
    ]
    found += _static(type(strategy))
    for cause, draws in ((KEPT, seed), (CHANCE, seed + 1)):
        with chance(draws):
            again = _in_order(make(), asked, items, *context)
        if changed := list(_compared(name, first, again, cause)):
            return (*found, *changed)  # every other world would differ too
    backwards = _in_order(make(), asked[::-1], items, *context)
    found += _compared(name, first, backwards, ORDER)
    rng = np.random.default_rng(seed)
    for item in asked:
        at, _ = decision(moment, item, prices, calendar)
        assert at is not None  # only events that are decided on were kept
        for cause, (others, panel) in _worlds(items, at, prices, calendar, rng):
            try:
                plans = decide_one(make(), item, others, panel, calendar, market)
            except StrategyError as error:
                found.append(Leak(name, item.id, "error", cause, error.found))
                continue
            found += _compared(name, {item.id: first[item.id]}, {item.id: plans}, cause)
        if item.known > at:
            told = decide_one(make(), _unsaid(item), items, *context)
            found += _compared(name, {item.id: first[item.id]}, {item.id: told}, AHEAD)
    return tuple(dict.fromkeys(found))


def _in_order(
    strategy: Strategy,
    asked: Sequence[NewsItem],
    items: Sequence[NewsItem],
    prices: PricePanel,
    calendar: TradingCalendar,
    market: str | None,
) -> dict[str, list[DecidedPlan]]:
    """Return the plans of each event, asked one after the other."""
    return {
        item.id: decide_one(strategy, item, items, prices, calendar, market)
        for item in asked
    }


def _worlds(
    items: Sequence[NewsItem],
    at: pd.Timestamp,
    prices: PricePanel,
    calendar: TradingCalendar,
    rng: np.random.Generator,
) -> Iterator[tuple[str, World]]:
    """Yield worlds that agree up to a moment and differ after it."""
    factor = np.exp(rng.normal(0, 0.3, prices.close.shape))
    changes: dict[str, Callable[[Any], Any]] = {
        SCRAMBLED: lambda values: values * factor,
        REMOVED: lambda values: values * np.nan,
        SWAPPED: lambda values: np.roll(values, 1, axis=1),
    }
    for cause, change in changes.items():
        yield cause, (items, prices.changed_after(at, calendar, change))
    yield FORGOTTEN, ([i for i in items if i.known <= at], prices)
    yield CHANGED, ([i if i.known <= at else _turned(i) for i in items], prices)


def _turned(item: NewsItem) -> NewsItem:
    """Return an event with its signs turned and its words gone."""
    lines = tuple(replace(e, expected=-e.expected, role="") for e in item.exposures)
    return replace(item, exposures=lines, tags=(), headline="")


def _unsaid(item: NewsItem) -> NewsItem:
    """Return an event of the same day, firms and kind that says something else."""
    lines = tuple(replace(e, expected=-e.expected) for e in item.exposures)
    tags = tuple(tag for tag in item.tags if tag in FORESEEN_TAGS)
    return replace(item, exposures=lines, tags=tags, headline="")


def _compared(
    name: str,
    before: dict[str, list[DecidedPlan]],
    after: dict[str, list[DecidedPlan]],
    cause: str,
) -> Iterator[Leak]:
    """Yield what of the plans changed; the end by a later event's tag is no choice."""
    for event, plans in before.items():
        others = after[event]
        if len(plans) != len(others):
            text = f"{len(plans)} before, {len(others)} after"
            yield Leak(name, event, "plans", cause, text)
            continue
        for one, other in zip(plans, others, strict=True):
            for field in dataclasses.fields(one.plan):
                pair = (getattr(p.plan, field.name) for p in (one, other))
                old, new = pair
                if old != new:
                    yield Leak(name, event, field.name, cause, f"{old} became {new}")


@contextmanager
def chance(seed: int) -> Iterator[None]:
    """Set the generators that code without a seed draws from; put them back."""
    kept = random.getstate(), np.random.get_state()  # noqa: NPY002
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])  # noqa: NPY002


@contextmanager
def watched() -> Iterator[list[str]]:
    """Note every file that is opened and every connection that is made inside."""
    seen: list[str] = []
    _WATCHERS.append(seen)
    if not _HOOKED:
        _HOOKED.append(True)
        sys.addaudithook(_noted)
    try:
        yield seen
    finally:
        _WATCHERS.remove(seen)


_WATCHERS: list[list[str]] = []
_HOOKED: list[bool] = []


def _noted(event: str, arguments: tuple[Any, ...]) -> None:
    """Take down a file or a connection while somebody watches."""
    if not _WATCHERS:
        return
    if event == "open" and isinstance(arguments[0], str | bytes):
        path = os.fsdecode(arguments[0])
        if not path.endswith(_CODE):
            _WATCHERS[-1].append(path)
    elif event in ("socket.connect", "subprocess.Popen", "os.system"):
        _WATCHERS[-1].append(f"{event} {arguments[-1]}")


def _static(cls: type[Strategy]) -> Iterator[Leak]:
    """Yield what the file imports or calls that reaches outside the view.

    Libraries that open files from compiled code are seen here and not by `watched`.
    """
    path = inspect.getsourcefile(cls)
    if path is None:
        return
    tree = ast.parse(Path(path).read_text(encoding="utf8"))
    for node in ast.walk(tree):
        for what in _reaches(node):
            detail = f"line {node.lineno}: {what}"  # type: ignore[attr-defined]
            yield Leak(cls.__name__, "", "file", OUTSIDE, detail)


def _reaches(node: ast.AST) -> Iterator[str]:
    """Yield what one node names outside the view."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    elif isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in _REACHING or called.startswith("read_"):
            yield f"calls {called}"
        return
    else:
        return
    for name in names:
        if name.split(".")[0] in _SOURCES or name.startswith(_ENGINE):
            yield f"imports {name}"
