"""The contract: a strategy is a frozen dataclass with one method."""

from __future__ import annotations

import dataclasses
import inspect
import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.errors import AftershockError, StrategyError
from aftershock.fills.plan import DecidedPlan, TradePlan
from aftershock.prices import PricePanel
from aftershock.registry import load_folder, shipped
from aftershock.registry.reading import shown
from aftershock.strategy.moment import Moment
from aftershock.strategy.news import NewsItem, closed_before
from aftershock.strategy.view import NewsView


class Strategy(ABC):
    """Trade the news: subclass it as a frozen dataclass and write `plan`.

    The fields are the parameters that a config can name. A field
    ``decide: Moment`` says when the strategy is asked; the default is the close of
    the event session.
    """

    decide = Moment.event_close

    @abstractmethod
    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Return the trades for one event, from what was known and nothing else."""


def refuse_no_strategy(given: object) -> None:
    """Refuse what cannot be asked: a class of which no instance was made, too.

    Raises
    ------
    StrategyError
    """
    if not isinstance(given, Strategy):
        made = f"{given.__name__}()" if isinstance(given, type) else "MyStrategy()"
        raise StrategyError(
            f"{given!r} is no strategy",
            where="strategy",
            allowed=f"an instance, such as {made}",
            do="make one, or give its class name in a config",
        )


def known_strategies(workspace: Path | None = None) -> dict[str, type[Any]]:
    """Return the strategies that a config can name: the workspace's, then ours.

    Raises
    ------
    StrategyError
        When a file of the workspace cannot be imported; the file is named.
    """
    ours = shipped("strategies")
    found = load_folder(ours, Strategy)
    folder = workspace / "strategies" if workspace else None
    if folder and folder.is_dir() and folder.resolve() != ours.resolve():
        found |= load_folder(folder, Strategy)
    return found


def decide(
    strategy: Strategy,
    items: Sequence[NewsItem],
    prices: PricePanel,
    calendar: TradingCalendar,
    market: str | None = None,
) -> list[DecidedPlan]:
    """Ask a strategy about every event, each time with what was known by then.

    Events whose session or moment of decision lies outside the prices are left out.

    Raises
    ------
    StrategyError
        Where the strategy fails, naming it, the event, its session, file and line.
    """
    return [
        plan
        for item in items
        for plan in decide_one(strategy, item, items, prices, calendar, market)
    ]


def decide_one(
    strategy: Strategy,
    item: NewsItem,
    items: Sequence[NewsItem],
    prices: PricePanel,
    calendar: TradingCalendar,
    market: str | None = None,
) -> list[DecidedPlan]:
    """Ask a strategy about one of the events; see `decide`."""
    view = view_of(strategy, item, items, prices, calendar, market)
    if view is None:
        return []
    at = view.decided
    return [
        DecidedPlan(
            plan, item.id, item.published, at, _end(plan, items, at), item.session
        )
        for plan in _ask(strategy, view)
    ]


def view_of(
    strategy: Strategy,
    item: NewsItem,
    items: Sequence[NewsItem],
    prices: PricePanel,
    calendar: TradingCalendar,
    market: str | None = None,
) -> NewsView | None:
    """Return what a strategy is shown of an event; None where it is not asked."""
    # read once: a strategy whose answers differ cannot be told more than it decided on
    moment = Moment.parse(strategy.decide)
    at, _ = decision(moment, item, prices, calendar)
    if at is None:
        return None
    earlier = closed_before(items, item, at)
    # by the time itself, not by what the moment calls itself
    told = item.ahead(at) if moment.ahead or at < item.known else item
    return NewsView.of(told, earlier, at, prices, market, calendar, moment)


def decision(
    moment: Moment, item: NewsItem, prices: PricePanel, calendar: TradingCalendar
) -> tuple[pd.Timestamp | None, str]:
    """Return when an event is decided on, or None and why it is not.

    Reasons: outside_prices and after_last_price; ahead of an event, not_foreseen where
    nobody is known to have known its day by then, or the news may have been out.
    """
    sessions = prices.sessions
    if not len(sessions) or not sessions[0] <= item.session <= sessions[-1]:
        return None, "outside_prices"
    at = moment.at(item.known, item.session, calendar)
    if (moment.ahead or at < item.known) and not item.open_until(at):
        return None, "not_foreseen"
    late = at.tz_localize(None).normalize() > prices.last_session
    return (None, "after_last_price") if late else (at, "")


def _end(
    plan: TradePlan, items: Sequence[NewsItem], at: pd.Timestamp
) -> pd.Timestamp | None:
    """Return when the first later event with the plan's `until` tag was known."""
    later = [i.known for i in items if plan.until in i.tags and i.known > at]
    return min(later, default=None)


def _ask(strategy: Strategy, view: NewsView) -> list[TradePlan]:
    """Return a strategy's plans; its own errors name everything needed to find them."""
    name = type(strategy).__name__
    where = f"{name}, event {view.event.id}, session {view.event.session:%Y-%m-%d}"
    try:
        given: Any = strategy.plan(view) or ()
        plans = list(given) if isinstance(given, Iterable) else [given]
    except Exception as error:
        raise _refused(error, type(strategy), where) from error
    wrong = [plan for plan in plans if not isinstance(plan, TradePlan)]
    if wrong or not isinstance(given, Iterable):
        one = repr(wrong[0]) if wrong else "one TradePlan by itself"
        raise StrategyError(
            f"plan() gave {one}{_written(type(strategy))}",
            where=where,
            allowed="TradePlan objects, one after another",
            do="yield each plan, or return a list of them",
        )
    return [_checked(plan) for plan in plans]


def _written(cls: type[Strategy]) -> str:
    """Return the file and line of a strategy's plan(), where it has any."""
    code = getattr(inspect.unwrap(cls.plan), "__code__", None)
    return f" ({shown(code.co_filename)}:{code.co_firstlineno})" if code else ""


def _refused(error: Exception, cls: type, where: str) -> StrategyError:
    """Return a strategy's own error with the place; what it allowed is kept."""
    do = "mend the strategy or its parameters; --debug shows the traceback"
    told, allowed = f"{type(error).__name__}: {error}", "a plan() that does not fail"
    if isinstance(error, AftershockError):
        told = f"{error.where}: {error.found}" if error.where else error.found
        allowed = error.allowed or allowed
        do = f"{error.do}; {do}" if error.do else do
    return StrategyError(
        f"{told}{_place(error, cls)}", where=where, allowed=allowed, do=do
    )


def _checked(plan: TradePlan) -> TradePlan:
    """Return a plan made anew: what was written over its fields is checked too."""
    return TradePlan(
        **{f.name: getattr(plan, f.name) for f in dataclasses.fields(TradePlan)}
    )


def _place(error: BaseException, cls: type) -> str:
    """Return the file and line of the strategy's own frame nearest to the error."""
    try:
        own = inspect.getsourcefile(cls)
    except TypeError:
        own = None
    frames = traceback.extract_tb(error.__traceback__)
    mine = [frame for frame in frames if frame.filename == own]
    last = (mine or frames)[-1]
    return f" ({shown(last.filename)}:{last.lineno})"


def parameters(strategy: Strategy | type[Strategy]) -> dict[str, Any]:
    """Return the fields of a strategy: their values, or defaults for a class."""
    if not dataclasses.is_dataclass(strategy):
        return {}
    given = not isinstance(strategy, type)
    return {
        field.name: getattr(strategy, field.name) if given else _default(field)
        for field in dataclasses.fields(strategy)
    }


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return "required" if field.default is dataclasses.MISSING else field.default
