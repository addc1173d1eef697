"""Ask a strategy again and again while what it must not know changes."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from aftershock.calendar import TradingCalendar
from aftershock.errors import StrategyError
from aftershock.prices import PricePanel
from aftershock.registry import USER_MODULE, load_file, parameters_of
from aftershock.strategy.audit.case import Case
from aftershock.strategy.audit.leak import (
    AHEAD,
    ALONE,
    CHANCE,
    KEPT,
    ORDER,
    TAMPERED,
    Leak,
    Plans,
    compared,
    odd,
)
from aftershock.strategy.audit.reading import read_files
from aftershock.strategy.audit.tampering import Engine
from aftershock.strategy.audit.twins import recognised
from aftershock.strategy.audit.watching import Watch, tracer_kept, watched
from aftershock.strategy.audit.worlds import later_worlds, unsaid
from aftershock.strategy.base import Strategy
from aftershock.strategy.news import NewsItem

Make = Callable[[], Strategy]


def audit(
    make: Make,
    items: Sequence[NewsItem],
    prices: PricePanel,
    calendar: TradingCalendar,
    market: str | None = None,
    seed: int = 1,
    engine: Engine | None = None,
) -> tuple[Leak, ...]:
    """Return the leaks of a strategy; see `survey`, which also warns.

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
    engine : Engine, optional
        What the engine was before the strategy's file was imported.

    Returns
    -------
    tuple of Leak
        Empty: nothing was found. That proves nothing about dependences that these
        worlds do not move; it finds those that matter here.
    """
    found = survey(make, items, prices, calendar, market, seed, engine)
    return tuple(leak for leak in found if leak.grave)


def survey(
    make: Make,
    items: Sequence[NewsItem],
    prices: PricePanel,
    calendar: TradingCalendar,
    market: str | None = None,
    seed: int = 1,
    engine: Engine | None = None,
) -> tuple[Leak, ...]:
    """Return the leaks of a strategy and, not grave, what deserves a look.

    Parameters are those of `audit`.
    """
    case = Case(tuple(items), prices, calendar, market)
    with tracer_kept():
        return tuple(dict.fromkeys(_Audit(make, case, seed).found(engine)))


class _Audit:
    """One strategy, asked in many ways; the engine is put back after each."""

    def __init__(self, make: Make, case: Case, seed: int) -> None:
        self._make, self._case, self._seed = make, case, seed
        with chance(seed):
            self._cls = type(make())
        self._name = self._cls.__name__

    def found(self, engine: Engine | None) -> Iterator[Leak]:
        """Yield what reading, watching and asking again bring to light."""
        before = engine or Engine()
        items = copy.deepcopy(self._case.items)
        try:
            with chance(self._seed), watched() as watch:
                first = self._watched(watch)
        finally:
            changed = before.restore()
        for (cause, what), event in watch.seen.items():
            yield Leak(self._name, event, "file", cause, what)
        yield from read_files(self._cls)
        changed += ("the events",) * (items != self._case.items)
        for what in changed:
            yield Leak(self._name, "", "file", TAMPERED, what)
        if changed:
            return  # nothing that follows would be about the same world
        for event, plans in first.items():
            yield from odd(self._name, event, plans)
        asked = [i for i in self._case.items if self._case.key(i) in first]
        try:
            yield from self._again(first, asked)
        finally:
            before.restore()

    def _watched(self, watch: Watch) -> dict[str, Plans]:
        """Import the file once more, and ask about every event, being watched."""
        self._fresh()
        strategy = self._make()
        first: dict[str, Plans] = {}
        for item in self._asked(strategy):
            watch.event = self._case.key(item)
            first[watch.event] = self._one(strategy, item)
        return first

    def _again(
        self, first: dict[str, Plans], asked: Sequence[NewsItem]
    ) -> Iterator[Leak]:
        """Yield what differs between ways of asking, then between worlds."""
        for cause, draws in ((KEPT, self._seed), (CHANCE, self._seed + 1)):
            with chance(draws):
                again = self._in_order(self._make(), asked)
            if changed := list(compared(self._name, first, again, cause)):
                yield from changed
                return  # every other world would differ too
        key = self._case.key
        backwards = self._in_order(self._fresh(), asked[::-1])
        moved = list(compared(self._name, first, backwards, ORDER))
        alone = {key(i): self._one(self._fresh(), i) for i in asked}
        moved += compared(self._name, first, alone, ALONE)
        yield from moved
        yield from self._elsewhere(alone, asked)
        if not moved:
            yield from recognised(self._name, self._case, self._fresh, asked, alone)

    def _elsewhere(
        self, first: dict[str, Plans], asked: Sequence[NewsItem]
    ) -> Iterator[Leak]:
        """Yield what changes with what comes after each moment of decision."""
        rng = np.random.default_rng(self._seed)
        case = self._case
        for item in asked:
            at, event = case.moment(self._fresh(), item), case.key(item)
            if at is None:  # its moment is another one now
                yield Leak(self._name, event, "decided", KEPT, "no moment")
                continue
            before = {event: first[event]}
            for cause, (others, panel) in later_worlds(
                case.items, at, case.prices, case.calendar, rng
            ):
                world = dataclasses.replace(case, items=tuple(others), prices=panel)
                try:
                    plans = world.ask(self._fresh(), item)
                except StrategyError as error:
                    yield Leak(self._name, event, "error", cause, error.found)
                    continue
                yield from compared(self._name, before, {event: plans}, cause)
            if item.known > at:
                told = self._one(self._fresh(), unsaid(item))
                yield from compared(self._name, before, {event: told}, AHEAD)

    def _asked(self, strategy: Strategy) -> list[NewsItem]:
        """Return the events that are decided on."""
        return [i for i in self._case.items if self._case.moment(strategy, i)]

    def _in_order(
        self, strategy: Strategy, asked: Sequence[NewsItem]
    ) -> dict[str, Plans]:
        """Return the plans of each event, asked one after the other."""
        return {self._case.key(i): self._one(strategy, i) for i in asked}

    def _one(self, strategy: Strategy, item: NewsItem) -> Plans:
        return self._case.ask(strategy, item)

    def _fresh(self) -> Strategy:
        """Return the strategy from its file, imported anew: nothing is remembered."""
        made = self._make()
        module = sys.modules.get(self._cls.__module__)
        if module is None or not module.__name__.startswith(USER_MODULE):
            return made
        path = inspect.getsourcefile(self._cls)
        if path is None:
            return made
        try:
            classes = load_file(Path(path), Strategy).values()
        finally:
            sys.modules[module.__name__] = module
        cls = next((c for c in classes if c.__name__ == self._name), self._cls)
        made = cls(**{name: getattr(made, name) for name in parameters_of(made)})
        return made


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
