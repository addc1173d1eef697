"""Strategies asked for their plans before a run, on the prices that are at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from aftershock.calendar import TradingCalendar
from aftershock.config import RunConfig
from aftershock.config.parts import build_account, build_source, build_strategies
from aftershock.config.problems import raise_together
from aftershock.errors import StrategyError
from aftershock.events import EventSet
from aftershock.fills.plan import DecidedPlan
from aftershock.fills.sheet import refused
from aftershock.replay import Replay
from aftershock.run.refusals import placed
from aftershock.sources.base import Fetched, panel_from
from aftershock.strategy import NewsItem, Strategy
from aftershock.strategy.base import decide_one, parameters

MOST_ASKED = 100
"""Events that each strategy is asked about; of more, so many spread over all."""
UNASKED = (
    "no strategy is asked for its plans before there are prices; only parameters named "
    "like a rule of a plan are checked: check again when prices are stored"
)
NOTHING_YET = "nothing is planned with those prices that are stored so far"


class Rehearsed(NamedTuple):
    """What came of asking strategies.

    Attributes
    ----------
    told : list of str
        Warnings.
    planned : dict
        Of each strategy that could be asked ``{plans, events}``: its plans, and about
        how many events it was asked.
    """

    told: list[str]
    planned: dict[str, dict[str, int]]


def rehearse(
    config: RunConfig, events: EventSet, fetched: Fetched, calendar: TradingCalendar
) -> Rehearsed:
    """Return what a run would tell of its account and strategies, which are asked.

    Without prices nobody can be asked, which is told; then parameters that have the
    name of a rule of a plan are held against that rule. Where some prices are still to
    be fetched, a failure may come from that, and is told rather than raised.

    Raises
    ------
    AftershockError
        For strategies that fail, or plan what cannot be meant: a run would stop there.
    """
    strategies = build_strategies(config)
    if not strategies:
        return Rehearsed([], {})
    if not any(map(len, fetched.bars.values())):
        return Rehearsed([UNASKED, *_misfits(strategies)], {})
    replay = Replay.of(
        events,
        panel_from(fetched, config.prices.adjust, calendar),
        calendar,
        config.study.market,
        config.events.policy,
        (),
    )
    some = replace(replay, items=replay.items[:: _step(len(replay.items))])
    account, failed = build_account(config), []
    awaited = bool(fetched.missing) and build_source(config).remote
    told, planned = list(replay.told(strategies, account)), dict[str, dict[str, int]]()
    for label, strategy in strategies.items():
        try:
            with placed(config, label):
                plans = _plans(replay, some.items, strategy)
        except StrategyError as error:
            failed.append(_placed(error, config, label))
            continue
        planned[label] = {"plans": len(plans), "events": len(some.items)}
        if awaited and not plans:
            told += [f"{label}: {NOTHING_YET}", *_misfits({label: strategy})]
        else:
            later = fetched.missing if awaited else ()
            told += some.doubts(label, strategy, plans, account, later)
    if awaited:
        told = [*(f"{error.where}: {error.found}" for error in failed), *told]
        return Rehearsed(told, planned)
    raise_together(failed)
    return Rehearsed(told, planned)


def _step(count: int) -> int:
    """Return how far apart the events lie that are asked about."""
    return -(-count // MOST_ASKED) or 1


def _plans(
    replay: Replay, some: Sequence[NewsItem], strategy: Strategy
) -> list[DecidedPlan]:
    """Return the plans of a strategy on some of the events."""
    world = (replay.items, replay.prices, replay.calendar, replay.market)
    return [plan for item in some for plan in decide_one(strategy, item, *world)]


def _placed(error: StrategyError, config: RunConfig, label: str) -> StrategyError:
    """Return the failure of a strategy with its place in the config."""
    told = error.where
    if told.startswith(config.shown) or told.startswith("--set "):
        return error  # its line is named already
    place = f"{config.shown}: {label}"
    if told.startswith(f"{label}, "):
        place = config.shown
    where = f"{place}: {told}" if told else place
    return StrategyError(error.found, where=where, allowed=error.allowed, do=error.do)


def _misfits(strategies: Mapping[str, Strategy]) -> Iterator[str]:
    """Yield the parameters named like a rule of a plan that no plan could have.

    Or none of one side, as a short no target of 1000 %: who trades which side is known
    only from plans.
    """
    for label, strategy in strategies.items():
        for name, value in parameters(strategy).items():
            sides = refused(name, value)
            if not sides:
                continue
            said = repr(value)
            if len(sides) == 1:
                said = f"{value:g}, that is {value * 100:g} %"
            allowed = next(iter(sides.values()))
            yield f"{label}: {name} is {said}; a plan takes {allowed}"
